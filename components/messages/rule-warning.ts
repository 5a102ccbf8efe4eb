import type { IdleRule, NeverMatches, RuleWarning } from "../plan/rule-warnings";

const never: Readonly<Record<NeverMatches, string>> = {
  "too-young": "nothing younger than `minimumAge` is touched",
  ages: "nothing is older than `olderThan` and newer than `newerThan`",
  "untagged-by-version": "an untagged image has no version to be the most recent by",
  semver: "no version is in the range of `semver`",
  "impossible-tags": "no tag can match `tags`, which ask for a character that no tag holds, or for text before `^` or after `$`",
  "excluded-tags": "what `tags` asks for, `!` or `notTags` takes away",
  "excluded-all-tags": "`notTags` takes every tag away",
};

/** Writes why a rule can never have an effect. */
export function ruleWarningText(warning: RuleWarning): string {
  switch (warning.kind) {
    case "never-matches":
      return `rule ${warning.rule} can never ${warning.action} anything: ${never[warning.why]}`;
    case "overruled":
      return `rule ${warning.rule} contradicts rule ${warning.by}, which keeps all that it would delete`;
    case "redundant":
      return `rule ${warning.rule} has no say: ${warning.by} matches all that it matches`;
  }
}

/** Writes why a rule has nothing to do today. It may have tomorrow, so this is no warning. */
export function idleRuleText({ rule, matched, by }: IdleRule): string {
  return `note: rule ${rule} has nothing to do today: all ${matched} that it matches are kept by ${by.join(", ")}`;
}
