import { z } from "zod";
import { ConfigError } from "../model/errors";
import { issueText } from "../rules/issue-text";
import { describeIssues } from "../rules/parse-policy";
import { isWeaker, Limits, Policy, type PolicyInput } from "../rules/policy";
import { Rules } from "../rules/rule";

export const SetName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of lower-case letters, digits and dashes");
const Use = z.array(SetName).describe("Names of rule sets. Their rules come before the policy's own.");

export const RuleSets = z.record(SetName, Rules).describe("Named lists of rules that policies share through `use`.");

/** The settings of every policy of the stack that does not override them. Rule sets and protection are always added. */
export const Defaults = z.strictObject({
  use: Use.optional(),
  protect: Policy.shape.protect.optional(),
  limits: Limits.optional(),
  minimumAge: Policy.shape.minimumAge.optional(),
  grace: Policy.shape.grace,
  inUse: Policy.shape.inUse,
  approval: Policy.shape.approval.optional(),
  onVoid: Policy.shape.onVoid.optional(),
});
type DefaultsInput = z.input<typeof Defaults>;

/** A policy as written in the stack's config. It may name rule sets, and needs no rules of its own if it does. */
export const PolicyEntry = z.strictObject({
  ...Policy.shape,
  rules: Rules.optional().describe(Policy.shape.rules.description ?? ""),
  use: Use.optional(),
});

/** A policy of the stack, merged with rule sets and defaults, and its path in the config. */
export interface ConfiguredPolicy {
  readonly policy: PolicyInput;
  readonly configPath: string;
  /** The settings that are weaker than the stack's defaults; the preview warns about them. */
  readonly weaker: readonly string[];
}

/** Merges defaults and rule sets into each policy. Throws one {@link ConfigError} that names every path and its fix. Pure. */
export function readStackPolicies(written: { policies?: unknown; ruleSets?: unknown; defaults?: unknown }): ConfiguredPolicy[] {
  const problems: string[] = [];
  const shared = readShared(written, problems);
  const entries = written.policies === undefined ? [] : (checked(z.array(z.unknown()), written.policies, "policies", problems) ?? []);
  const configured = entries.flatMap((entry, index) => configure(entry, `policies[${index}]`, shared, problems));
  const packages = new Set<string>();
  for (const { policy, configPath } of configured) {
    const name = `${policy.owner.toLowerCase()}/${policy.package}`;
    if (packages.has(name)) problems.push(`  ${configPath}: expected one policy for each package; ${name} has one already`);
    packages.add(name);
  }
  if (problems.length > 0) throw new ConfigError(`the stack's config is not valid:\n${problems.join("\n")}`);
  return configured;
}

/** The settings that all policies of a stack share. */
export interface Shared {
  readonly ruleSets: z.input<typeof RuleSets>;
  readonly defaults: DefaultsInput;
}

export function readShared({ ruleSets, defaults }: { ruleSets?: unknown; defaults?: unknown }, problems: string[]): Shared {
  return {
    ruleSets: ruleSets === undefined ? {} : (checked(RuleSets, ruleSets, "ruleSets", problems) ?? {}),
    defaults: defaults === undefined ? {} : (checked(Defaults, defaults, "defaults", problems) ?? {}),
  };
}

/** Returns the value as written if the schema accepts it. Otherwise adds its problems and returns `undefined`. */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  written: unknown,
  path: string,
  problems: string[],
): z.input<Schema> | undefined {
  const parsed = schema.safeParse(written, { error: issueText });
  if (parsed.success) return written as z.input<Schema>;
  problems.push(describeIssues(parsed.error, `ghcr-retention:${path}.`));
  return undefined;
}

/** Merges defaults and rule sets into one policy. Adds the problems of an invalid one and returns an empty list. */
export function configure(written: unknown, path: string, { ruleSets, defaults }: Shared, problems: string[]): ConfiguredPolicy[] {
  const entry = checked(PolicyEntry, written, path, problems);
  if (entry === undefined) return [];
  const { use: _use, ...rest } = entry;
  const sets = [...new Set([...(defaults.use ?? []), ...(entry.use ?? [])])];
  const available = Object.keys(ruleSets).join(", ") || "none";
  for (const name of sets.filter((name) => !Object.hasOwn(ruleSets, name))) {
    problems.push(`  ghcr-retention:${path}.use: no rule set is named "${name}"; there are: ${available}`);
  }
  const common = sets.flatMap((set) => (Object.hasOwn(ruleSets, set) ? (ruleSets[set] ?? []) : []).map((rule) => ({ rule, set })));
  for (const { name } of entry.rules ?? []) {
    const taken = common.find(({ rule }) => rule.name === name);
    if (taken === undefined) continue;
    problems.push(
      `  ghcr-retention:${path}.rules: "${name}" is a rule of the set "${taken.set}"; a package may add rules, not replace them: choose another name`,
    );
  }
  const { use: _shared, ...defaultSettings } = defaults;
  const policy: PolicyInput = {
    ...defaultSettings,
    ...rest,
    ...(defaults.limits || entry.limits ? { limits: { ...defaults.limits, ...entry.limits } } : {}),
    rules: [...common.map(({ rule }) => rule), ...(entry.rules ?? [])],
    protect: [...(defaults.protect ?? []), ...(entry.protect ?? [])],
  };
  if (checked(Policy, policy, path, problems) === undefined) return [];
  return [{ policy, configPath: `ghcr-retention:${path}`, weaker: weakerThan(defaults, policy) }];
}

/** Names the settings in which a merged policy is weaker than the defaults. */
function weakerThan(defaults: DefaultsInput, written: PolicyInput): string[] {
  const policy = Policy.parse(written);
  const { use: _use, ...defaultSettings } = defaults;
  const required = Policy.parse({ ...written, ...defaultSettings });
  return [
    ...(defaults.limits && (policy.limits.deletions > required.limits.deletions || policy.limits.percent > required.limits.percent)
      ? ["limits"]
      : []),
    ...(defaults.minimumAge && policy.minimumAge < required.minimumAge ? ["minimumAge"] : []),
    ...(defaults.grace && (policy.grace ?? 0) < (required.grace ?? 0) ? ["grace"] : []),
    ...(isWeaker(policy.inUse, required.inUse) ? ["inUse"] : []),
    ...(defaults.approval === "required" && policy.approval === "automatic" ? ["approval"] : []),
  ];
}
