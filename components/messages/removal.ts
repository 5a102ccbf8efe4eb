import { shortDigest } from "../plan/node-names";
import { count } from "./plurals";

/** A version that a removed policy deleted and that GitHub can still restore. */
export interface Restorable {
  /** GitHub's version id, by which its API restores it. */
  readonly id: string;
  readonly digest: string;
  readonly tags: readonly string[];
  /** The plan that deleted it. */
  readonly plan: string;
  /** When it was deleted, epoch milliseconds of GitHub's clock; absent where the record's time is not understood. */
  readonly at?: number;
  /** The last day on which GitHub restores it. */
  readonly until: string;
}

/** More than that is no list that a person reads. */
const maxLines = 20;

/** Writes what a policy that leaves its stack leaves behind: its ledger, which is `undefined` if it cannot be read, goes with it. */
export function removalText(label: string, restorable: readonly Restorable[] | undefined): string {
  const head = `${label}: its policy leaves the stack; nothing is deleted in the registry`;
  if (restorable === undefined)
    return `${head}. Its ledger cannot be read, so GitHub's page of the package alone lists what can still be restored.`;
  if (restorable.length === 0) return `${head}, and nothing is left to restore.`;
  const sorted = [...restorable].sort((a, b) => Number(b.tags.length > 0) - Number(a.tags.length > 0) || order(a.until, b.until));
  const lines = sorted.slice(0, maxLines).map(({ id, digest, tags, plan, until }) => {
    return `  until ${until}: ${tags.length > 0 ? tags.join(", ") : "untagged"}, version ${id} (${shortDigest(digest)}), deleted by plan ${plan}`;
  });
  const more = sorted.length - lines.length;
  const last = sorted
    .map(({ until }) => until)
    .sort()
    .at(-1);
  return [
    `${head}. ${count(restorable.length, "version")} that it deleted can still be restored, and the ledger that says so leaves the stack as well:`,
    ...lines,
    ...(more > 0 ? [`  … and ${more} more, the last of them until ${last}`] : []),
    `\`npx ghcr-retention restore --package ${label} --tag …\` (or --digest, --since) brings ${restorable.length === 1 ? "it" : "them"} back, as does \`restore\` under a new policy.`,
  ].join("\n");
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
