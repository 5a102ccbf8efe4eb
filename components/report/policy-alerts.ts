import type { Policy } from "../rules/policy";
import type { Alert } from "./paragraph";

/** The settings of a rule that do not narrow what it matches. */
const notNarrowing = new Set(["name", "action", "scope", "age", "mostRecent"]);

/** Warns of delete rules without any condition where `limits` bounds no share either: nothing but keep rules holds an image. */
export function boundlessRuleAlerts({ rules, limits }: Policy): Alert[] {
  if (limits.percent < 100) return [];
  const boundless = rules.filter((rule) => rule.action === "delete" && Object.keys(rule).every((key) => notNarrowing.has(key)));
  return boundless.map(({ name }) => ({
    kind: "warning",
    text: `rule ${name} has no condition, and limits.percent is 100: a plan may delete every image that no other rule keeps`,
  }));
}
