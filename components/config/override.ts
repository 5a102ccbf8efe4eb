import { Duration } from "../rules/duration";
import { type InUse, isWeaker, Limits, Policy, type PolicyInput } from "../rules/policy";
import type { OverrideInput } from "./organization-schema";
import { isName, patternTest } from "./selection";

/** The organisation's policy that applies to each of its packages. */
export type SharedPolicy = Omit<PolicyInput, "package">;

/** Describes each override that would weaken the organisation's policy, one line with its path each. */
export function weakenings(shared: SharedPolicy, overrides: Readonly<Record<string, OverrideInput>>, path: string): string[] {
  const defaults = Policy.parse({ ...shared, package: "any" });
  const taken = new Set(defaults.rules.map(({ name }) => name));
  return Object.entries(overrides).flatMap(([key, override]) => {
    const location = `  ${path}.overrides["${key}"]`;
    const { limits, minimumAge, grace, inUse, approval } = override;
    const rules = (override.rules ?? []).flatMap(({ action, name }, index) => [
      ...(action === "keep" ? [] : [`${location}.rules[${index}].action: expected "keep": a package may keep more, not delete more`]),
      ...(taken.has(name) ? [`${location}.rules[${index}].name: "${name}" is a rule of the organisation: choose another name`] : []),
    ]);
    const weaker = (setting: string, why: string) => `${location}.${setting}: weaker than the organisation's: ${why}`;
    return [
      ...rules,
      ...(["deletions", "percent"] as const).flatMap((limit) =>
        (limits?.[limit] ?? 0) > defaults.limits[limit] ? [weaker(`limits.${limit}`, `expected at most ${defaults.limits[limit]}`)] : [],
      ),
      ...(minimumAge !== undefined && lengthOf(minimumAge) < defaults.minimumAge
        ? [weaker("minimumAge", `expected at least ${shared.minimumAge ?? "1d"}`)]
        : []),
      ...(grace !== undefined && lengthOf(grace) < (defaults.grace ?? 0) ? [weaker("grace", `expected at least ${shared.grace}`)] : []),
      ...(inUse !== undefined && isWeaker(inUse, defaults.inUse) ? [weaker("inUse.github", 'expected "required"')] : []),
      ...(approval === "automatic" && defaults.approval === "required" ? [weaker("approval", 'expected "required"')] : []),
    ];
  });
}

/** Merges all matching overrides into the organisation's policy of one package. Of several bounds, the strictest applies. */
export function policyOfPackage(shared: SharedPolicy, overrides: Readonly<Record<string, OverrideInput>>, name: string): PolicyInput {
  const matching = Object.entries(overrides).filter(([key]) => fits(key, name));
  const own = matching.map(([, override]) => override);
  const [named] = matching.filter(([key]) => isName(key)).map(([, override]) => override);
  const limits = [shared.limits, ...own.map((override) => override.limits)];
  const lowest = (limit: "deletions" | "percent") => minOf(limits.map((each) => each?.[limit]));
  const { approve: _approve, ...rest } = shared;
  return withoutUndefined({
    ...rest,
    package: name,
    rules: [...shared.rules, ...own.flatMap(({ rules = [] }) => rules)],
    protect: [...(shared.protect ?? []), ...own.flatMap(({ protect = [] }) => protect)],
    limits: limits.some((each) => each !== undefined)
      ? withoutUndefined({ deletions: lowest("deletions"), percent: lowest("percent") })
      : undefined,
    minimumAge: maxDuration([shared.minimumAge, ...own.map(({ minimumAge }) => minimumAge)]),
    grace: maxDuration([shared.grace, ...own.map(({ grace }) => grace)]),
    inUse: strictestInUse([shared.inUse, ...own.map(({ inUse }) => inUse)]),
    approval: own.some(({ approval }) => approval === "required") ? "required" : shared.approval,
    onVoid: strictestOnVoid(own) ?? shared.onVoid,
    approve: named?.approve,
    restore: named?.restore,
    unreadable: named?.unreadable,
  });
}

/** Where a package's limits are written, within the organisation's policy: an empty text stands for the policy itself. */
export interface LimitsPlace {
  readonly place: string;
  readonly limits: Readonly<Partial<Limits>>;
}

/** Returns every place that bounds the package, the organisation's policy first: whoever raises a limit may have to do so in several. */
export function limitsPlaces(shared: SharedPolicy, overrides: Readonly<Record<string, OverrideInput>>, name: string): LimitsPlace[] {
  const own = Object.entries(overrides).filter(([key, { limits }]) => fits(key, name) && limits !== undefined);
  return [
    { place: "", limits: Limits.parse(shared.limits ?? {}) },
    ...own.map(([key, { limits }]) => ({ place: `overrides["${key}"].`, limits: limits as Partial<Limits> })),
  ];
}

function fits(key: string, name: string): boolean {
  return isName(key) ? key === name : patternTest([key])(name);
}

/** Returns the keys that match no package, because of a typing error or because the package is gone. */
export function uselessOverrides(overrides: Readonly<Record<string, OverrideInput>>, names: readonly string[]): string[] {
  return Object.keys(overrides).filter((key) => !names.some((name) => fits(key, name)));
}

function lengthOf(duration: string): number {
  return Duration.parse(duration);
}

function maxDuration(durations: readonly (string | undefined)[]): string | undefined {
  const defined = durations.filter((duration) => duration !== undefined);
  return defined.sort((a, b) => lengthOf(b) - lengthOf(a))[0];
}

function strictestInUse(all: readonly (InUse | undefined)[]): InUse | undefined {
  return all.reduce((strictest, one) => (isWeaker(strictest, one) ? one : strictest), undefined);
}

function strictestOnVoid(overrides: readonly OverrideInput[]): OverrideInput["onVoid"] {
  const all = overrides.flatMap(({ onVoid }) => onVoid ?? []);
  return all.includes("fail") ? "fail" : all[0];
}

function minOf(numbers: readonly (number | undefined)[]): number | undefined {
  const defined = numbers.filter((number) => number !== undefined);
  return defined.length === 0 ? undefined : Math.min(...defined);
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Value;
}
