import type { Decision } from "./decide";

/** What runs did with approved deletions, as the last one left it. */
export interface Done {
  /** Digest to GitHub's answer, of deletions that GitHub refused. */
  readonly refused: Readonly<Record<string, string>>;
  /** Deleted versions by digest. What the package has of them was restored since. */
  readonly ledger: Readonly<Record<string, unknown>>;
}

/** Returns the digests that the next `pulumi up` deletes: an approval deletes a version once, and not again what was restored since. */
export function approvedDigests({ going }: Decision, { refused, ledger }: Done): string[] {
  return going.digests().filter((digest) => refused[digest] === undefined && ledger[digest] === undefined);
}

/** Returns the digests that a standing approval covers, that a run deleted under it, and that somebody restored since. */
export function restoredSince({ going }: Decision, { ledger }: Pick<Done, "ledger">): string[] {
  return going.digests().filter((digest) => ledger[digest] !== undefined);
}
