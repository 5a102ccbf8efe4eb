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
  /** Whether to ask the registry as well. */
  readonly verifyLive: boolean;
  /** The hosts that may be sent the token. */
  readonly registryHosts: readonly string[];
}

const defaults: Config = { verifyLive: false, registryHosts: ["ghcr.io"] };

/** What a rule or a plan does wrong, a text for each. */
export function untaggedChildrenAtRisk({ rules, planned, evidence, notUnderstood }: RetentionPolicy): string[] {
  const byShape = rules.filter(takesUntaggedVersions).map(({ name }) => (typeof name === "string" ? name : "?"));
  const matched = new Map<string, NeededMatch[]>();
  for (const match of evidence?.matched ?? []) matched.set(match.rule, [...(matched.get(match.rule) ?? []), match]);
  const named = [...new Set([...byShape, ...matched.keys()])];
  return [
    ...named.map((name) => aboutRule(name, byShape.includes(name), matched.get(name) ?? [])),
    ...aboutPlan(planned, evidence),
    ...aboutForm(notUnderstood),
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

/** Judged apart from the plan's own conclusions: whatever needs a version that goes must go as well, and not later than it. */
function aboutPlan(planned: Planned | undefined, evidence: Evidence | undefined): string[] {
  if (planned === undefined || evidence === undefined) return [];
  const going = new Map(planned.deletions.map((digest) => [shortDigest(digest), digest]));
  const waiting = new Map((planned.pending?.deletions ?? []).map((digest) => [shortDigest(digest), digest]));
  const left = Object.entries(evidence.keepers).flatMap(([keeper, parts]) => {
    if (going.has(keeper)) return [];
    const torn = waiting.has(keeper) ? parts.filter((part) => going.has(part)) : parts;
    const state = waiting.has(keeper) ? "only waits for approval" : "stays";
    return torn.map((part) => `${going.get(part) ?? waiting.get(part) ?? part}, needed by ${keeper}, which ${state}`);
  });
  if (left.length === 0) return [];
  return [
    `the plan deletes what an image that stays needs:\n${indented(left)}\n` +
      "Take the approval back and preview again. If this comes back, report it: no plan may look like this.",
  ];
}

function aboutForm(notUnderstood: readonly string[]): string[] {
  if (notUnderstood.length === 0) return [];
  return [
    `this pack does not understand what it should judge:\n${indented(notUnderstood.map(printable))}\n` +
      "Use the versions of ghcr-retention and of this pack that belong together.",
  ];
}

/** Refuses rules and plans that tear a part out of an image which stays. */
export const noUntaggedChildren: ResourceValidationPolicy = {
  name: "no-untagged-children",
  displayName: "No untagged children of images",
  description: "Retention must not delete an untagged version that an image needs.",
  enforcementLevel: "mandatory",
  severity: "critical",
  framework: safetyContract("S1"),
  tags: ["ghcr", "containers", "retention", "availability"],
  remediationSteps:
    "Leave out `scope: versions`: the rule then takes whole images, and what an image that stays needs is never matched. " +
    "Where the violation is about the plan, take the approval back and run the preview again.",
  configSchema: {
    properties: {
      verifyLive: {
        type: "boolean",
        default: defaults.verifyLive,
        description: "Ask the registry itself what the tags that stay need, and compare. Needs GITHUB_TOKEN with read:packages.",
      },
      registryHosts: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [...defaults.registryHosts],
        description: "The hosts that `verifyLive` may send the token to.",
      },
    },
  },
  async validateResource(args, reportViolation) {
    if (!isRetentionPolicy(args.type)) return args.notApplicable("Only retention policies are judged.");
    const policy = readRetentionPolicy(args.props);
    for (const violation of untaggedChildrenAtRisk(policy)) reportViolation(violation);
    const config = { ...defaults, ...args.getConfig<Partial<Config>>() };
    if (config.verifyLive && policy.planned !== undefined) {
      for (const violation of await verifyLive(args, policy.planned, config.registryHosts)) reportViolation(violation);
    }
    if (policy.cause !== undefined) throw policy.cause;
  },
};
