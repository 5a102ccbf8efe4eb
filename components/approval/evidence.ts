import type { Node } from "../graph/graph";
import { nameOf, shortDigest } from "../plan/node-names";
import type { Withheld } from "../plan/withheld";
import type { Decision } from "./decide";

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

const examplesPerRule = 8;
const examplesPerImage = 2;

/** The facts about what is planned in this run, approved or waiting; `undefined` where there is nothing to say. */
export function evidenceOf(decision: Decision): Evidence | undefined {
  const matched = neededMatches(decision);
  const isPlanned = decision.going.size > 0 || decision.pending !== undefined;
  const evidence = { ...(matched.length > 0 ? { matched } : {}), ...(isPlanned ? { keepers: keepersOf(decision) } : {}) };
  return Object.keys(evidence).length > 0 ? evidence : undefined;
}

/** For each rule examples of some images, platforms rather than attestations, tagged images that a rule keeps first. */
function neededMatches({ plan }: Decision): NeededMatch[] {
  const { nodes } = plan.deletions.graph;
  // What lost its subject is matched only by a rule that asks for it, and an index that lists it is reason enough to withhold it.
  const isDangling = ({ role, subjects }: Node) => role === "referrer" && subjects.length === 0;
  const untagged = plan.withheld.filter(({ node, neededBy }) => {
    const matched = nodes[node] as Node;
    return neededBy !== undefined && matched.userTags.length === 0 && !isDangling(matched);
  });
  const rank = ({ neededBy = -1, as = "" }: Withheld) => {
    const isKept = plan.verdicts.get(neededBy)?.action === "keep" ? 0 : 1;
    const isTagged = (nodes[neededBy]?.userTags.length ?? 0) > 0 ? 0 : 1;
    return isTagged * 4 + isKept * 2 + (as.includes("/") && !as.startsWith("attestation") ? 0 : 1);
  };
  const sorted = untagged.map((one) => ({ one, rank: rank(one) })).sort((a, b) => a.rank - b.rank);
  const shown = new Map<string, number[]>();
  return sorted.flatMap(({ one: { node, rules, neededBy = -1, as = "" } }) =>
    rules.flatMap((rule) => {
      const images = shown.get(rule) ?? [];
      shown.set(rule, images);
      if (images.length >= examplesPerRule || images.filter((image) => image === neededBy).length >= examplesPerImage) return [];
      images.push(neededBy);
      const keeper = nodes[neededBy] as Node;
      const names = keeper.userTags.length > 0 ? keeper.userTags : [nameOf(keeper)];
      return [{ rule, digest: (nodes[node] as Node).version.digest, as, neededBy: names }];
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
