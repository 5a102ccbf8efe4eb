import type { IdleRule, NeverMatches, RuleWarning } from "../plan/rule-warnings";
import type { Exposed, Misspelling, UnmatchedKeep } from "../plan/unmatched-keeps";
import { firstOf } from "./plurals";

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

/** Writes which rules have nothing to do today, and why. They may have tomorrow, so this is no warning. */
export function idleRulesText(idle: readonly (IdleRule | UnmatchedKeep)[]): string {
  return `nothing to do today for ${idle.length === 1 ? "rule" : "rules"} ${idle.map((one) => `${one.rule} (${whyIdle(one)})`).join(", ")}`;
}

function whyIdle(idle: IdleRule | UnmatchedKeep): string {
  if ("matched" in idle) {
    const { matched, by } = idle;
    return `${by.join(", ")} ${by.length === 1 ? "keeps" : "keep"} ${matched === 1 ? "the only image" : `all ${matched} images`} that it matches`;
  }
  return `nothing in this package matches it${idle.meant === undefined ? "" : `; where it says \`${idle.meant.pattern}\`, is \`${idle.meant.near}\` meant?`}`;
}

const maxTags = 5;

/** Writes that a pattern matches nothing, and what may be meant. */
export function misspeltText({ pattern, near }: Misspelling): string {
  return `its pattern \`${pattern}\` matches nothing in this package. Is \`${near}\` meant?`;
}

/** Writes that a pattern of a keep rule matches nothing, and what goes that a similar one would match. */
export function exposedText({ rule, pattern, near, by, tags }: Exposed): string {
  return (
    `rule ${rule}: its pattern \`${pattern}\` matches nothing in this package, and ${by.join(", ")} would delete ` +
    `${firstOf(tags, maxTags)}. Is \`${near}\` meant?`
  );
}
