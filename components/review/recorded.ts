import { z } from "zod";
import type { Done } from "../approval/done";
import { StoredOutputs, StoredRecord } from "../lifecycle/state/stored";
import type { TagMap } from "./planned-images";

/** The checked inputs of a policy, as an engine prints, stores or previews them. */
export const ReviewedInputs = StoredRecord.extend({
  owner: z.string().max(100),
  package: z.string().max(300),
  approve: z.string().optional(),
  // A secret hides it, and only the line that undoes a plan wants it.
  restore: z.array(z.unknown()).optional().catch(undefined),
});
export type ReviewedInputs = z.output<typeof ReviewedInputs>;

/** What the inputs of every run hold, so that a record without it is of another version. */
export const RunRecord = z.object({ deletions: z.record(z.string(), z.unknown()), plans: z.record(z.string(), z.unknown()) });

/** The outputs of the last run. */
export const LastOutputs = StoredOutputs.pick({ ledger: true, refused: true });
export type LastOutputs = z.output<typeof LastOutputs>;

export function doneBy(last: LastOutputs | undefined): Done {
  return last ?? { refused: {}, ledger: {} };
}

/** Returns the tags that inputs record of planned and deleted versions; none where they are not understood. */
export function tagsOnRecord(inputs: unknown): TagMap[] {
  const record = StoredRecord.safeParse(inputs).data;
  if (record === undefined) return [];
  return [...(record.pending ? [record.pending.tags] : []), ...Object.values(record.deleted).map(({ tags }) => tags)];
}
