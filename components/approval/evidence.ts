import { isDangling, type Node } from "../graph/graph";
import { nameOf, shortDigest } from "../plan/node-names";
import type { Decision } from "./decide";

/** An untagged version that a rule matched and an image needs. */
export interface NeededMatch {
  readonly rule: string;
  readonly digest: string;
  /** Its label in the image: `linux/arm64`. */
  readonly as: string;
  /** The tags that need it, or the shortened digest of the untagged image that does. */
  readonly neededBy: readonly string[];
}

/** Facts from which a policy pack decides for itself, independent of the plan's conclusions. */
export interface Evidence {
  readonly matched?: readonly NeededMatch[];
  /**
   * Maps each version that lists a planned one, or is its subject, to the planned versions under it, all shortened: `sha256:` and
   * twelve digits, separated by spaces. Each of the keepers must be planned itself.
   */
  readonly keepers?: Readonly<Record<string, string>>;
}

const examplesPerRule = 8;
const examplesPerImage = 2;

/** Returns the facts about what this run plans, approved or waiting; `undefined` where there are none. `hide` takes secrets out of names. */
export function evidenceOf(decision: Decision, hide: (name: string) => string = (name) => name): Evidence | undefined {
  const matched = neededMatches(decision).map((match) => ({ ...match, neededBy: match.neededBy.map(hide) }));
  const isPlanned = decision.going.size > 0 || decision.pending !== undefined;
  const evidence = { ...(matched.length > 0 ? { matched } : {}), ...(isPlanned ? { keepers: keepersOf(decision) } : {}) };
  return Object.keys(evidence).length > 0 ? evidence : undefined;
}

interface NeededVersion {
  readonly node: number;
  readonly rules: readonly string[];
  readonly as: string;
  readonly keeper: number;
}

/** Returns examples for each rule: of few images, platforms before attestations, tagged images that a rule keeps first. */
function neededMatches({ plan }: Decision): NeededMatch[] {
  const { nodes } = plan.deletions.graph;
  // A dangling referrer is matched only by a rule that asks for it; an index that lists it is reason enough to withhold it.
  const untagged = plan.withheld.flatMap(({ node, rules, because }): NeededVersion[] => {
    const matched = nodes[node] as Node;
    if (because.kind !== "needed" || matched.userTags.length > 0 || isDangling(matched)) return [];
    return [{ node, rules, as: because.chain[0] ?? "", keeper: because.keeper }];
  });
  const rank = ({ keeper, as }: NeededVersion) => {
    const isKept = plan.verdicts.get(keeper)?.action === "keep" ? 0 : 1;
    const isTagged = (nodes[keeper]?.userTags.length ?? 0) > 0 ? 0 : 1;
    return isTagged * 4 + isKept * 2 + (as.includes("/") && !as.startsWith("attestation") ? 0 : 1);
  };
  const sorted = untagged.map((one) => ({ one, rank: rank(one) })).sort((x, y) => x.rank - y.rank);
  const shown = new Map<string, number[]>();
  return sorted.flatMap(({ one: { node, rules, keeper, as } }) =>
    rules.flatMap((rule) => {
      const images = shown.get(rule) ?? [];
      shown.set(rule, images);
      if (images.length >= examplesPerRule || images.filter((image) => image === keeper).length >= examplesPerImage) return [];
      images.push(keeper);
      const { userTags } = nodes[keeper] as Node;
      const neededBy = userTags.length > 0 ? userTags : [nameOf(nodes[keeper] as Node)];
      return [{ rule, digest: (nodes[node] as Node).version.digest, as, neededBy }];
    }),
  );
}

function keepersOf({ plan, going, pending }: Decision): Record<string, string> {
  const { nodes, keptBy, byDigest } = plan.deletions.graph;
  const under = new Map<string, string[]>();
  for (const digest of [...going.digests(), ...Object.keys(pending?.deletions ?? {})].sort()) {
    for (const node of keptBy[byDigest.get(digest) ?? -1] ?? []) {
      const keeper = shortDigest((nodes[node] as Node).version.digest);
      const digests = under.get(keeper) ?? [];
      under.set(keeper, digests);
      digests.push(shortDigest(digest));
    }
  }
  return Object.fromEntries([...under].map(([keeper, digests]) => [keeper, digests.join(" ")]).sort());
}
