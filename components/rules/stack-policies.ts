import { z } from "zod";
import { describeIssues } from "./parse-policy";
import { Limits, Policy, type PolicyInput } from "./policy";
import { Rules } from "./rule";

const SetName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of lower-case letters, digits and dashes");
const Use = z.array(SetName).describe("Names of rule sets whose rules come before its own.");

export const RuleSets = z.record(SetName, Rules).describe("Rules with a name that several packages share.");

/** What every policy of the stack has unless it says otherwise; rule sets and protection are always added. */
export const Defaults = z.strictObject({
  use: Use.optional(),
  protect: Policy.shape.protect.optional(),
  limits: Limits.optional(),
  minimumAge: Policy.shape.minimumAge.optional(),
  grace: Policy.shape.grace,
  approval: Policy.shape.approval.optional(),
});
type DefaultsInput = z.input<typeof Defaults>;

/** A policy as the stack's config has it: with rule sets by name, and no rules of its own if those are enough. */
export const PolicyEntry = z.strictObject({
  ...Policy.shape,
  rules: Rules.optional().describe(Policy.shape.rules.description ?? ""),
  use: Use.optional(),
});
type PolicyEntryInput = z.input<typeof PolicyEntry>;

/** The config namespace `ghcr-retention`, as far as it is about policies. */
export const StackPolicies = z.strictObject({
  policies: z.array(PolicyEntry).default([]),
  ruleSets: RuleSets.default({}),
  defaults: Defaults.default({}),
});

/** One policy of the stack, whole, with its place in the config. */
export interface ConfiguredPolicy {
  readonly policy: PolicyInput;
  readonly configPath: string;
  /** Where it is weaker than the stack's defaults: never in silence. */
  readonly weaker: readonly string[];
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Puts defaults, rule sets and each policy together. Throws one {@link ConfigError} that names every path and its fix. Pure. */
export function readStackPolicies(written: { policies?: unknown; ruleSets?: unknown; defaults?: unknown }): ConfiguredPolicy[] {
  const parsed = StackPolicies.safeParse(Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)));
  if (!parsed.success) throw new ConfigError(`the stack's config is not valid:\n${describeIssues(parsed.error, "ghcr-retention:")}`);
  const {
    policies = [],
    ruleSets = {},
    defaults = {},
  } = written as { policies?: PolicyEntryInput[]; ruleSets?: RuleSetsInput; defaults?: DefaultsInput };
  const problems: string[] = [];
  const seen = new Set<string>();
  const configured = policies.map((entry, place) => {
    const path = `policies[${place}]`;
    const { use = [], rules: own = [], protect = [], ...rest } = entry;
    const names = [...new Set([...(defaults.use ?? []), ...use])];
    for (const name of names.filter((name) => !Object.hasOwn(ruleSets, name))) {
      problems.push(
        `  ghcr-retention:${path}.use: no rule set is named "${name}"; there are: ${Object.keys(ruleSets).join(", ") || "none"}`,
      );
    }
    const shared = names.flatMap((name) =>
      (Object.hasOwn(ruleSets, name) ? (ruleSets[name] ?? []) : []).map((rule) => ({ rule, set: name })),
    );
    for (const { name } of own) {
      const taken = shared.find(({ rule }) => rule.name === name);
      if (taken)
        problems.push(
          `  ghcr-retention:${path}.rules: "${name}" is a rule of the set "${taken.set}"; a package may add rules, not replace them: choose another name`,
        );
    }
    const limits = defaults.limits || rest.limits ? { limits: { ...defaults.limits, ...rest.limits } } : {};
    const policy: PolicyInput = {
      ...withoutUse(defaults),
      ...rest,
      ...limits,
      rules: [...shared.map(({ rule }) => rule), ...own],
      protect: [...(defaults.protect ?? []), ...protect],
    };
    const whole = Policy.safeParse(policy);
    if (!whole.success) problems.push(describeIssues(whole.error, `ghcr-retention:${path} (with its rule sets and defaults) `));
    const name = `${entry.owner.toLowerCase()}/${entry.package}`;
    if (seen.has(name)) problems.push(`  ghcr-retention:${path}: expected one policy for each package; ${name} has one already`);
    seen.add(name);
    return { policy, configPath: `ghcr-retention:${path}`, weaker: weakerThan(defaults, { ...entry, ...limits }) };
  });
  if (problems.length > 0) throw new ConfigError(`the stack's config is not valid:\n${problems.join("\n")}`);
  return configured;
}

type RuleSetsInput = z.input<typeof RuleSets>;

function withoutUse({ use: _use, ...rest }: DefaultsInput): Omit<DefaultsInput, "use"> {
  return rest;
}

function weakerThan(writtenDefaults: DefaultsInput, entry: PolicyEntryInput): string[] {
  const defaults = Defaults.parse(writtenDefaults);
  const { limits, minimumAge, grace, approval } = PolicyEntry.parse(entry);
  const said = (key: keyof PolicyEntryInput) => entry[key] !== undefined;
  return [
    ...(said("limits") && defaults.limits && (limits.deletions > defaults.limits.deletions || limits.percent > defaults.limits.percent)
      ? ["limits"]
      : []),
    ...(said("minimumAge") && minimumAge < (defaults.minimumAge ?? 0) ? ["minimumAge"] : []),
    ...(said("grace") && (grace ?? 0) < (defaults.grace ?? 0) ? ["grace"] : []),
    ...(said("approval") && approval === "automatic" && defaults.approval === "required" ? ["approval"] : []),
  ];
}
