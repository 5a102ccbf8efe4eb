import { z } from "zod";
import { Digest, ShortDigest } from "./digest";

/** An untagged version that a rule matched and an image needs. */
export const NeededMatch = z.object({
  rule: z.string().min(1),
  digest: Digest,
  /** What it is for the image: `linux/arm64`. */
  as: z.string(),
  /** The tags that need it, or the shortened digest of the untagged image that does. */
  neededBy: z.array(z.string().min(1)).min(1),
});
export type NeededMatch = z.output<typeof NeededMatch>;

const ShortDigests = z
  .string()
  .transform((line) => line.split(" "))
  .pipe(z.array(ShortDigest).min(1));

/** The facts under a plan, for judging it without its own conclusions. What later versions add is left alone. */
export const Evidence = z.object({
  matched: z.array(NeededMatch).default([]),
  /** What lists a planned version or is its subject, to the planned versions under it. */
  keepers: z.record(ShortDigest, ShortDigests).default({}),
});
export type Evidence = z.output<typeof Evidence>;
