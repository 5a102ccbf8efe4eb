import type { CheckedInputs, StoredOutputs } from "./stored";

/** Returns the approved versions that are not deleted yet; none where the program could not observe the package (S3). */
export function remainder(olds: Pick<StoredOutputs, "ledger" | "refused">, news: Pick<CheckedInputs, "deletions" | "unseen">): string[] {
  if (news.unseen) return [];
  return Object.keys(news.deletions).filter((digest) => olds.ledger[digest] === undefined && olds.refused[digest] === undefined);
}
