import { z } from "zod";
import { Digest, ShortDigest } from "./digest";

/** An untagged version that a rule matched and an image needs. */
export const NeededMatch = z.object({
  rule: z.string().min(1),
  digest: Digest,
  /** Its part in the image: `linux/arm64`. */
  as: z.string(),
  /** The tags that need it, or the shortened digest of the untagged image that does. */
  neededBy: z.array(z.string().min(1)).min(1),
});
export type NeededMatch = z.output<typeof NeededMatch>;

const ShortDigests = z
  .string()
  .transform((line) => line.split(" "))
  .pipe(z.array(ShortDigest).min(1));

/** The facts behind a plan, which allow a check without the plan's own conclusions. Properties of later versions are ignored. */
export const Evidence = z.object({
  matched: z.array(NeededMatch).default([]),
  /** Maps each version that lists planned versions, or is their subject, to those. */
  keepers: z.record(ShortDigest, ShortDigests).default({}),
});
export type Evidence = z.output<typeof Evidence>;
