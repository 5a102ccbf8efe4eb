import { isDeepStrictEqual } from "node:util";
import type { Policy, Rule } from "../rules/policy";

/** A difference between two policies of a package that may change its plan. */
export type PolicyChange =
  | { readonly kind: "rule-added" | "rule-removed"; readonly rule: string }
  /** `reads`: the conditions that differ, as they are now; `undefined` where one was taken out. */
  | { readonly kind: "rule-changed"; readonly rule: string; readonly reads: Readonly<Record<string, unknown>> }
  | { readonly kind: "setting-changed"; readonly setting: PlanSetting };

/** The settings beside the rules that decide what a plan holds. */
export const planSettings = ["protect", "unreadable", "minimumAge", "grace", "inUse"] as const;
export type PlanSetting = (typeof planSettings)[number];

/** Compares the policy of the last run with that of today. */
export function policyChanges(before: Policy, now: Policy): PolicyChange[] {
  const [older, newer] = [byName(before), byName(now)];
  return [
    ...[...newer].flatMap(([rule, reads]) => changesOf(rule, older.get(rule), reads)),
    ...[...older.keys()].filter((rule) => !newer.has(rule)).map((rule) => ({ kind: "rule-removed" as const, rule })),
    ...planSettings
      .filter((setting) => !isDeepStrictEqual(before[setting], now[setting]))
      .map((setting) => ({ kind: "setting-changed" as const, setting })),
  ];
}

function byName({ rules }: Policy): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [rule.name, rule]));
}

function changesOf(rule: string, before: Rule | undefined, now: Rule): PolicyChange[] {
  if (before === undefined) return [{ kind: "rule-added", rule }];
  const older: Readonly<Record<string, unknown>> = before;
  const newer: Readonly<Record<string, unknown>> = now;
  const keys = Object.keys({ ...older, ...newer }).filter((key) => !isDeepStrictEqual(older[key], newer[key]));
  if (keys.length === 0) return [];
  return [{ kind: "rule-changed", rule, reads: Object.fromEntries(keys.map((key) => [key, newer[key]])) }];
}
