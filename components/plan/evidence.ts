import type { Node } from "../graph/graph.js";
import type { Decision } from "./decision.js";
import { nameOf, shortDigest } from "./names.js";

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
  /** Planned digest, shortened, to everything that lists it or is its subject, shortened: all of it must be planned, too. */
  readonly keptBy?: Readonly<Record<string, readonly string[]>>;
}

const examplesPerRule = 5;

/** The facts about what is planned in this run: approved, or waiting for approval. `undefined` where there is nothing to say. */
export function evidenceOf(decision: Decision): Evidence | undefined {
  const matched = neededMatches(decision);
  const keptBy = keepers(decision);
  const evidence = { ...(matched.length > 0 ? { matched } : {}), ...(Object.keys(keptBy).length > 0 ? { keptBy } : {}) };
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

function keepers({ plan, going, pending }: Decision): Record<string, string[]> {
  const { nodes, keptBy, byDigest } = plan.deletions.graph;
  const planned = [...going.digests(), ...Object.keys(pending?.deletions ?? {})].sort();
  return Object.fromEntries(
    planned.flatMap((digest) => {
      const above = (keptBy[byDigest.get(digest) ?? -1] ?? []).map((node) => shortDigest((nodes[node] as Node).version.digest));
      return above.length > 0 ? [[shortDigest(digest), above.sort()]] : [];
    }),
  );
}
