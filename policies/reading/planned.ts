import { z } from "zod";
import { Digest } from "./digest";

const Digests = z.record(Digest, z.unknown()).transform((reasons) => Object.keys(reasons));

/** The digests that a retention policy has deleted or plans to delete. */
export const Planned = z.object({
  /** Deleted already, or approved. */
  deletions: Digests.default([]),
  /** Waiting for approval. */
  pending: z.object({ deletions: Digests }).optional(),
});
export type Planned = z.output<typeof Planned>;
