import type { CheckedInputs, StoredOutputs } from "./stored";

/** What is approved and not carried out yet; nothing where the program could not look (S3). */
export function remainder(olds: Pick<StoredOutputs, "ledger" | "refused">, news: Pick<CheckedInputs, "deletions" | "unseen">): string[] {
  if (news.unseen) return [];
  return Object.keys(news.deletions).filter((digest) => olds.ledger[digest] === undefined && olds.refused[digest] === undefined);
}
