import type { ResourceValidationPolicy } from "@pulumi/policy";
import { safetyContract } from "./framework";
import { verifyLive } from "./live/verify-live";
import { shortDigest } from "./reading/digest";
import type { Evidence, NeededMatch } from "./reading/evidence";
import type { Planned } from "./reading/planned";
import { isRetentionPolicy, type RetentionPolicy, readRetentionPolicy } from "./reading/retention-policy";
import { indented, printable } from "./reading/text";
import { takesUntaggedVersions } from "./reading/written-rule";

interface Config {
  /** Whether to check against the registry as well. */
  readonly verifyLive: boolean;
  /** The hosts that may receive the token. */
  readonly registryHosts: readonly string[];
}

const defaults: Config = { verifyLive: false, registryHosts: ["ghcr.io"] };

/** Describes each violation of the rules and the plan. */
export function untaggedChildrenAtRisk({ rules, planned, evidence, unparsed }: RetentionPolicy): string[] {
  const byShape = rules.filter(takesUntaggedVersions).map(({ name }) => (typeof name === "string" ? name : "?"));
  const matched = new Map<string, NeededMatch[]>();
  for (const match of evidence?.matched ?? []) matched.set(match.rule, [...(matched.get(match.rule) ?? []), match]);
  const named = [...new Set([...byShape, ...matched.keys()])];
  return [
    ...named.map((name) => aboutRule(name, byShape.includes(name), matched.get(name) ?? [])),
    ...aboutPlan(planned, evidence),
    ...aboutForm(unparsed),
  ];
}

function aboutRule(name: string, byShape: boolean, matched: readonly NeededMatch[]): string {
  const rule = `rule "${printable(name)}"`;
  const examples = indented(matched.map(example));
  if (!byShape) return `${rule} matches untagged versions that images need:\n${examples}\nNarrow it until it matches none of them.`;
  return [
    `${rule} has \`scope: versions\` and takes untagged versions: every platform of a multi-platform image is one.`,
    ...(matched.length > 0 ? [`So it matches what images need:\n${examples}`] : []),
    "A rule like it took `prod` down in December 2023. Write `scope: images`, or leave `scope` out: then it takes whole images only.",
  ].join("\n");
}

function example({ digest, as, neededBy }: NeededMatch): string {
  return `${digest}${as === "" ? "" : ` (${printable(as)})`}, needed by ${printable(neededBy.join(", "))}`;
}

/** Checks the plan independently of its own conclusions: whatever needs a deleted version must be deleted as well, and not later. */
function aboutPlan(planned: Planned | undefined, evidence: Evidence | undefined): string[] {
  if (planned === undefined || evidence === undefined) return [];
  const going = new Map(planned.deletions.map((digest) => [shortDigest(digest), digest]));
  const waiting = new Map((planned.pending?.deletions ?? []).map((digest) => [shortDigest(digest), digest]));
  const needed = Object.entries(evidence.keepers).flatMap(([keeper, parts]) => {
    if (going.has(keeper)) return [];
    const torn = waiting.has(keeper) ? parts.filter((part) => going.has(part)) : parts;
    const state = waiting.has(keeper) ? "only waits for approval" : "stays";
    return torn.map((part) => `${going.get(part) ?? waiting.get(part) ?? part}, needed by ${keeper}, which ${state}`);
  });
  if (needed.length === 0) return [];
  return [
    `the plan deletes what an image that stays needs:\n${indented(needed)}\n` +
      "Withdraw the approval and preview again. If this happens again, report it: it is a bug in ghcr-retention.",
  ];
}

function aboutForm(unparsed: readonly string[]): string[] {
  if (unparsed.length === 0) return [];
  return [
    `this pack does not understand these inputs:\n${indented(unparsed.map(printable))}\n` +
      "Use the same version of ghcr-retention and of this pack.",
  ];
}

/** Refuses rules and plans that delete a part of an image that stays. */
export const noUntaggedChildren: ResourceValidationPolicy = {
  name: "no-untagged-children",
  displayName: "No untagged children of images",
  description: "Retention must not delete an untagged version that an image needs.",
  enforcementLevel: "mandatory",
  severity: "critical",
  framework: safetyContract("S1"),
  tags: ["ghcr", "containers", "retention", "availability"],
  remediationSteps:
    "Leave out `scope: versions`: the rule then selects whole images, and never the parts of an image that stays. " +
    "If the violation is about the plan, withdraw the approval and preview again.",
  configSchema: {
    properties: {
      verifyLive: {
        type: "boolean",
        default: defaults.verifyLive,
        description: "Read from the registry what the remaining tags need, and compare. Needs GITHUB_TOKEN with read:packages.",
      },
      registryHosts: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [...defaults.registryHosts],
        description: "The hosts that may receive the token of `verifyLive`.",
      },
    },
  },
  async validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are checked.");
    const policy = readRetentionPolicy(args.props);
    for (const violation of untaggedChildrenAtRisk(policy)) reportViolation(violation);
    const config = { ...defaults, ...args.getConfig<Partial<Config>>() };
    if (config.verifyLive && policy.planned !== undefined) {
      for (const violation of await verifyLive(args, policy.planned, config.registryHosts)) reportViolation(violation);
    }
    if (policy.cause !== undefined) throw policy.cause;
  },
};
