import { z } from "zod";
import { Digest } from "./digest";

const Digests = z.record(Digest, z.unknown()).transform((reasons) => Object.keys(reasons));

/** Deleted images by plan id: each image as the first sixteen hex digits of its digests, separated by commas. */
const DeletedImages = z.record(z.string(), z.looseObject({ images: z.string() }));

/** The digests that a retention policy has deleted or plans to delete. */
export const Planned = z
  .object({
    /** Deleted already, or approved. */
    deletions: Digests.default([]),
    /** Waiting for approval. */
    pending: z.object({ deletions: Digests }).optional(),
    deleted: DeletedImages.default({}),
  })
  .transform(({ deletions, deleted, ...rest }) => {
    // Whoever deleted these, the policy did not: they are in the ledger only so that they can be restored.
    const found = new Set(Object.entries(deleted).flatMap(([id, { images }]) => (id.endsWith("-found") ? images.split(/[ ,]/) : [])));
    return { ...rest, deletions: deletions.filter((digest) => !found.has(digest.slice(digest.indexOf(":") + 1).slice(0, 16))) };
  });
export type Planned = z.output<typeof Planned>;
