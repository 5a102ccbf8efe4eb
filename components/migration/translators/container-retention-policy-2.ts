import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfContainerRetentionPolicy2, type RetentionSettings2 } from "../deletions/container-retention";
import { globs, isExactTag } from "../step/old-patterns";
import { type FlagForms, StepInputs } from "../step/step-inputs";
import { gaps, type TranslatedRule, type Translation } from "../step/translation";
import { askUnknownInputs, type ElsewhereInput, withMeant } from "../step/unknown-inputs";
import { type ActionVersion, isBefore, versionOfAction } from "./action-version";
import { action, cutOff, inputsOfVersion3, lossesOf } from "./container-retention-common";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  "token-type": "any token that may read packages can preview",
  "account-type": "GitHub is asked whether the owner is an organisation",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
};

/** The first release with an input, where it is not v1.0.0; from the `action.yml` of each. */
const since: Readonly<Record<string, string>> = {
  "untagged-only": "1.1.0",
  "skip-tags": "1.1.0",
  "keep-at-least": "1.2.0",
  "filter-tags": "1.3.0",
  "filter-include-untagged": "1.3.0",
  "dry-run": "2.1.0",
  "token-type": "2.2.0",
};
const elsewhere: Readonly<Record<string, ElsewhereInput>> = {
  ...Object.fromEntries(Object.entries(since).map(([name, version]) => [name, { versions: `since v${version}` }])),
  ...inputsOfVersion3,
};
/** What pydantic reads as a boolean, in any case. */
const flag: FlagForms = { on: /^(true|t|yes|y|on|1)$/i, off: /^(false|f|no|n|off|0)$/i, invalid: "cannot-start" };
const newest: ActionVersion = [2, undefined, undefined];

interface Settings extends RetentionSettings2 {
  /** The inputs whose value is missing here. */
  readonly missing: ReadonlySet<string>;
}

/** Translates versions 1 and 2: https://github.com/snok/container-retention-policy/blob/v2.2.1/main.py */
export function translateContainerRetentionPolicy2(step: Step): Translation {
  const version = versionOfAction(step) ?? newest;
  const inputs = new StepInputs(step, (name) => !isBefore(version, since[name] ?? "0"));
  const owner = inputs.target("org-name");
  const type = inputs.text("account-type");
  if (type !== undefined && type !== "org" && type !== "personal") inputs.refuse("account-type", "expected org or personal");
  if (type === "org" && !inputs.has("org-name")) inputs.refuse("org-name", "it is required for an organisation");
  const names = inputs.packages("image-names");
  const settings = settingsOf(inputs, version);
  const notes = inputs.notes(withoutEquivalent);
  if (settings.olderThan?.isRough) notes.push("`cut-off`: months and years have no fixed length here, so the longest was taken");
  if (settings.keeps === "whatever-the-filter" && settings.keepAtLeast > 0 && settings.filter.tags.length > 0) {
    notes.push(
      "`filter-tags` beside `keep-at-least` did nothing: the old step took everything but the newest, whatever its tags. The rules below take what the filter names",
    );
  }
  if (settings.untaggedOnly && settings.filter.tags.length > 0 && settings.keepAtLeast === 0) {
    inputs.doubt("filter-tags", "misread", "an untagged version has no tag that fits, so beside `untagged-only` nothing is deleted");
  }
  const meant = askUnknownInputs(inputs, action, elsewhere);
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(names === undefined ? {} : { packages: commaList(names) }),
    ...inputs.placeholder,
    rules: withMeant(rulesOf(settings), meant),
    protect: [...settings.skip.tags.filter(isExactTag), ...settings.skip.digests],
    open: inputs.open,
    ...(inputs.isCountable && !inputs.fails ? { effect: effectOf(settings) } : {}),
    notes: [...notes, ...meant.notes],
    losses: lossesOf(false),
    ...inputs.counted(deletionsOfContainerRetentionPolicy2(settings), isBefore(version, since["dry-run"] ?? "0") ? undefined : "dry-run"),
  };
}

function settingsOf(inputs: StepInputs, version: ActionVersion): Settings {
  const skip = globs(commaList(inputs.text("skip-tags") ?? ""));
  const filter = globs(commaList(inputs.text("filter-tags") ?? ""));
  for (const problem of skip.problems) inputs.ask("skip-tags", problem);
  for (const problem of filter.problems) inputs.ask("filter-tags", problem);
  const olderThan = cutOff(inputs, problemOfCutOff);
  if (!inputs.has("cut-off")) inputs.refuse("cut-off", "it is required");
  const keepAtLeast = inputs.count("keep-at-least");
  const timestamp = inputs.text("timestamp-to-use") ?? "updated_at";
  if (!["updated_at", "created_at"].includes(timestamp)) inputs.refuse("timestamp-to-use", "expected updated_at or created_at");
  return {
    skip,
    filter,
    untaggedOnly: inputs.isOn("untagged-only", flag, true),
    includesUntagged: inputs.has("filter-include-untagged") ? inputs.isOn("filter-include-untagged", flag) : true,
    ...(olderThan === undefined ? {} : { olderThan }),
    keepAtLeast: keepAtLeast ?? 0,
    keeps: version[0] < 2 ? "newest" : isBefore(version, "2.1.3") ? "newest-selected" : "whatever-the-filter",
    basis: timestamp === "created_at" ? "created" : "updated",
    missing: new Set([
      ...(inputs.isUnknown("skip-tags") || skip.problems.length > 0 ? ["skip-tags"] : []),
      ...(inputs.isUnknown("filter-tags") || filter.problems.length > 0 ? ["filter-tags"] : []),
      ...(inputs.has("cut-off") && olderThan === undefined ? ["cut-off"] : []),
      ...(inputs.has("keep-at-least") && keepAtLeast === undefined ? ["keep-at-least"] : []),
    ]),
  };
}

/** The action reads dates with dateparser, and refuses those without a timezone. */
function problemOfCutOff(text: string): string | undefined {
  return /(?:\b(?:utc|gmt|z|[a-z]{1,4}t)|[+-]\d\d:?\d\d|\dZ)\s*$/i.test(text)
    ? undefined
    : "before version 3 the action expects a time with its timezone, such as `2 weeks ago UTC`";
}

function effectOf({ skip, filter, untaggedOnly, includesUntagged, olderThan, keepAtLeast, keeps }: Settings): string {
  const isFiltered = filter.tags.length > 0 && !(keeps === "whatever-the-filter" && keepAtLeast > 0);
  if (untaggedOnly && isFiltered) return "it deletes nothing";
  const what = untaggedOnly
    ? "all untagged versions"
    : isFiltered
      ? `all versions with the tags ${filter.tags.join(", ")}`
      : "all versions";
  const tagged = !untaggedOnly && !isFiltered && !includesUntagged ? " that have tags" : "";
  const but = keepAtLeast > 0 ? ` but the newest ${keepAtLeast}` : "";
  const except = skip.tags.length > 0 ? `, except ${skip.tags.join(", ")}` : "";
  return `it deletes ${what}${tagged}${but} older than ${olderThan?.duration ?? "nothing"}${except}`;
}

function rulesOf(settings: Settings): TranslatedRule[] {
  const { skip, filter, untaggedOnly, includesUntagged, olderThan, keepAtLeast, keeps, basis, missing } = settings;
  const age = olderThan === undefined ? {} : { olderThan: olderThan.duration };
  const rules: TranslatedRule[] = [];
  const patterns = skip.tags.filter((pattern) => !isExactTag(pattern));
  if (patterns.length > 0) rules.push({ rule: { name: "keep-skipped", action: "keep", tags: patterns }, because: "`skip-tags`" });
  if (missing.has("skip-tags")) {
    rules.push({ rule: { name: "keep-skipped", action: "keep" }, because: "`skip-tags`", gaps: [{ field: "tags", input: "skip-tags" }] });
  }
  const ignoresFilter = keeps === "whatever-the-filter" && keepAtLeast > 0;
  const takesUntagged = untaggedOnly || (includesUntagged && !missing.has("filter-tags") && (filter.tags.length === 0 || ignoresFilter));
  if (keepAtLeast > 0 || missing.has("keep-at-least")) {
    rules.push({
      rule: {
        name: "keep-newest",
        action: "keep",
        ...(untaggedOnly ? {} : { tags: ["*"] }),
        ...(untaggedOnly || includesUntagged ? { untagged: true as const } : {}),
        ...(keepAtLeast > 0 ? { mostRecent: keepAtLeast } : {}),
      },
      because: "`keep-at-least`, counted in images; the old step counted versions, of which an image has several",
      ...gaps(missing, { "keep-at-least": "mostRecent" }),
    });
  }
  if (!untaggedOnly) {
    const tags = filter.tags.length > 0 ? [...filter.tags] : ["*"];
    rules.push({
      rule: {
        name: "drop-tagged",
        action: "delete",
        ...(missing.has("filter-tags") ? {} : { tags }),
        ...age,
        ...(basis === "updated" && olderThan !== undefined ? { age: basis } : {}),
      },
      because: "`cut-off` and `filter-tags`; an image goes when each of its tags may go, where one was enough before",
      ...gaps(missing, { "filter-tags": "tags", "cut-off": "olderThan" }),
    });
  }
  if (takesUntagged) {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...age },
      because: `${untaggedOnly ? "`untagged-only`" : "`filter-include-untagged`"}; images that nothing needs, never parts of one`,
      ...gaps(missing, { "cut-off": "olderThan" }),
    });
  }
  return rules;
}

function commaList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim().replace(/^["']|["']$/g, ""))
    .filter((item) => item !== "");
}
