import type { Node } from "../graph/graph";
import type { Decision } from "./decision";
import { nameOf, shortDigest } from "./names";

/** An untagged version that a rule matched and an image needs. */
export interface NeededMatch {
  readonly rule: string;
  readonly digest: string;
  /** What it is for the image: `linux/arm64`. */
  readonly as: string;
  /** The tags that need it, or the shortened digest of the untagged image that does. */
  readonly neededBy: readonly string[];
}

/** What a policy pack needs to judge for itself, apart from the plan's own conclusions. */
export interface Evidence {
  readonly matched?: readonly NeededMatch[];
  /**
   * What lists a planned version or is its subject, to the planned versions under it, all shortened: `sha256:` and
   * twelve digits, separated by spaces. Each of the keepers must be planned itself.
   */
  readonly keepers?: Readonly<Record<string, string>>;
}

const examplesPerRule = 5;

/** The facts about what is planned in this run: approved, or waiting for approval. `undefined` where there is nothing to say. */
export function evidenceOf(decision: Decision): Evidence | undefined {
  const matched = neededMatches(decision);
  const keepers = keepersOf(decision);
  const evidence = { ...(matched.length > 0 ? { matched } : {}), ...(Object.keys(keepers).length > 0 ? { keepers } : {}) };
  return Object.keys(evidence).length > 0 ? evidence : undefined;
}

function neededMatches({ plan }: Decision): NeededMatch[] {
  const { nodes } = plan.deletions.graph;
  const perRule = new Map<string, number>();
  return plan.withheld.flatMap(({ node, rules, neededBy, as }) => {
    const { version, userTags } = nodes[node] as Node;
    if (neededBy === undefined || userTags.length > 0) return [];
    const keeper = nodes[neededBy] as Node;
    return rules.flatMap((rule) => {
      const count = (perRule.get(rule) ?? 0) + 1;
      perRule.set(rule, count);
      if (count > examplesPerRule) return [];
      return [{ rule, digest: version.digest, as: as ?? "", neededBy: keeper.userTags.length > 0 ? keeper.userTags : [nameOf(keeper)] }];
    });
  });
}

function keepersOf({ plan, going, pending }: Decision): Record<string, string> {
  const { nodes, keptBy, byDigest } = plan.deletions.graph;
  const under = new Map<string, string[]>();
  for (const digest of [...going.digests(), ...Object.keys(pending?.deletions ?? {})].sort()) {
    for (const node of keptBy[byDigest.get(digest) ?? -1] ?? []) {
      const keeper = shortDigest((nodes[node] as Node).version.digest);
      under.set(keeper, [...(under.get(keeper) ?? []), shortDigest(digest)]);
    }
  }
  return Object.fromEntries([...under].map(([keeper, digests]) => [keeper, digests.join(" ")]).sort());
}
