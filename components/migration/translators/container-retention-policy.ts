import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfContainerRetentionPolicy, type RetentionSettings } from "../deletions/container-retention";
import { globs, type OldPatterns } from "../step/old-patterns";
import { type FlagForms, StepInputs } from "../step/step-inputs";
import { gaps, type TranslatedRule, type Translation } from "../step/translation";
import { askUnknownInputs, withMeant } from "../step/unknown-inputs";
import { versionOfAction } from "./action-version";
import { action, cutOff, inputsOfVersion2, lossesOf } from "./container-retention-common";
import { translateContainerRetentionPolicy2 } from "./container-retention-policy-2";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
  "rust-log": "the preview and the update say what they do",
};
const flag: FlagForms = { on: /^true$/, off: /^false$/, invalid: "cannot-start" };

interface Settings extends RetentionSettings {
  readonly skipped: OldPatterns;
  /** The inputs whose value is missing here. */
  readonly missing: ReadonlySet<string>;
}

/** Translates any version. Version 3 renamed most inputs, so they show the version of a commit that has none beside it. */
export function translateContainerRetentionPolicy(step: Step): Translation {
  const [major] = versionOfAction(step) ?? [];
  const isOld = major === undefined ? ["account-type", "org-name", "keep-at-least"].some((name) => step.options.has(name)) : major < 3;
  return isOld ? translateContainerRetentionPolicy2(step) : translateVersion3(step);
}

/** https://github.com/snok/container-retention-policy/blob/main/src/core/select_package_versions.rs */
function translateVersion3(step: Step): Translation {
  const inputs = new StepInputs(step);
  const account = inputs.target("account");
  if (!inputs.has("account")) inputs.refuse("account", "it is required");
  const names = inputs.packages("image-names");
  const settings = settingsOf(inputs, step);
  const notes = inputs.notes(withoutEquivalent);
  if (!inputs.isUnknown("dry-run")) inputs.isOn("dry-run", flag);
  if (settings.olderThan?.isRough) notes.push("`cut-off`: months and years have no fixed length here, so the longest was taken");
  if (settings.basis === "created" && settings.selection !== "tagged") {
    notes.push(
      "`timestamp-to-use: created_at`: here an untagged image is as old as its last change, so that it does not go right after it lost its tag",
    );
  }
  const meant = askUnknownInputs(inputs, action, inputsOfVersion2);
  return {
    step,
    // `user` stands for the owner of the token.
    ...(account === undefined || account === "user" ? {} : { owner: account }),
    ...(names === undefined ? {} : { packages: listOf(names) }),
    ...inputs.placeholder,
    rules: withMeant(rulesOf(settings), meant),
    protect: settings.skipped.digests,
    open: inputs.open,
    ...(inputs.isCountable && !inputs.fails ? { effect: effectOf(settings) } : {}),
    notes: [...notes, ...meant.notes],
    losses: lossesOf(settings.guardsChildren),
    ...inputs.counted(deletionsOfContainerRetentionPolicy(settings), "dry-run"),
  };
}

function settingsOf(inputs: StepInputs, step: Step): Settings {
  const tags = listOf(inputs.text("image-tags") ?? "");
  const wanted = globs(tags.filter((pattern) => !pattern.startsWith("!")));
  const unwanted = globs(tags.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1)));
  const problems = [...wanted.problems, ...unwanted.problems];
  for (const problem of problems) inputs.ask("image-tags", problem);
  const skipped = globs(listOf(inputs.text("skip-shas") ?? ""));
  if (skipped.tags.length > 0) inputs.refuse("skip-shas", "expected digests");
  const selection = inputs.text("tag-selection") ?? "both";
  if (!["both", "tagged", "untagged"].includes(selection)) inputs.refuse("tag-selection", "expected both, tagged or untagged");
  const timestamp = inputs.text("timestamp-to-use") ?? "updated_at";
  if (!["updated_at", "created_at"].includes(timestamp)) inputs.refuse("timestamp-to-use", "expected updated_at or created_at");
  const [major, minor] = versionOfAction(step) ?? [3, 1];
  const olderThan = cutOff(inputs, problemOfCutOff);
  if (!inputs.has("cut-off")) inputs.refuse("cut-off", "it is required");
  const keepTagged = inputs.count("keep-n-most-recent");
  return {
    wanted,
    unwanted,
    skipped,
    selection: selection === "tagged" || selection === "untagged" ? selection : "both",
    ...(olderThan === undefined ? {} : { olderThan }),
    keepTagged: keepTagged ?? 0,
    basis: timestamp === "created_at" ? "created" : "updated",
    guardsChildren: major > 3 || (minor ?? 1) >= 1,
    missing: new Set([
      ...(inputs.isUnknown("image-tags") || problems.length > 0 ? ["image-tags"] : []),
      ...(inputs.has("cut-off") && olderThan === undefined ? ["cut-off"] : []),
      ...(inputs.has("keep-n-most-recent") && keepTagged === undefined ? ["keep-n-most-recent"] : []),
      ...(inputs.isUnknown("tag-selection") ? ["tag-selection"] : []),
    ]),
  };
}

/** https://docs.rs/humantime: `2 weeks ago UTC`, as before version 3, is no duration. */
function problemOfCutOff(text: string): string | undefined {
  return /\bago\b|^(?:an?|one|two|three|four|five|six|seven|eight|nine|ten)\b/i.test(text)
    ? "since version 3 the action expects a duration such as `2w` or `30 days`"
    : undefined;
}

function effectOf({ wanted, unwanted, selection, olderThan, keepTagged }: Settings): string {
  const tags = wanted.tags.length === 0 ? "" : ` with the tags ${wanted.tags.join(", ")}`;
  const except = unwanted.tags.length === 0 ? "" : ` except ${unwanted.tags.join(", ")}`;
  const what = [
    ...(selection === "untagged" ? [] : [`all tagged versions${tags}${except}${keepTagged > 0 ? ` but the newest ${keepTagged}` : ""}`]),
    ...(selection === "tagged" ? [] : ["all untagged versions"]),
  ];
  return `it deletes ${what.join(" and ")} older than ${olderThan?.duration ?? "nothing"}`;
}

function rulesOf(settings: Settings): TranslatedRule[] {
  const { wanted, unwanted, selection, olderThan, keepTagged, basis, missing } = settings;
  const age = olderThan === undefined ? {} : { olderThan: olderThan.duration };
  const tagged = {
    ...(missing.has("image-tags") ? {} : { tags: wanted.tags.length > 0 ? [...wanted.tags] : ["*"] }),
    ...(unwanted.tags.length > 0 ? { notTags: [...unwanted.tags] } : {}),
    ...age,
    ...(basis === "updated" && olderThan !== undefined ? { age: basis } : {}),
  } as const;
  const rules: TranslatedRule[] = [];
  if (selection !== "untagged") {
    if (keepTagged > 0 || missing.has("keep-n-most-recent")) {
      const count = keepTagged > 0 ? { mostRecent: basis === "updated" ? { count: keepTagged, by: basis } : keepTagged } : {};
      rules.push({
        rule: { name: "keep-newest-tagged", action: "keep", ...tagged, ...count },
        because: "`keep-n-most-recent`: counted among the images that are old enough, as in the old step; signatures are not counted here",
        ...gaps(missing, { "image-tags": "tags", "cut-off": "olderThan", "keep-n-most-recent": "mostRecent" }),
      });
    }
    // While the selection is unknown, untagged versions alone may be meant.
    if (!missing.has("tag-selection")) {
      rules.push({
        rule: { name: "drop-tagged", action: "delete", ...tagged },
        because: "`image-tags` and `cut-off`; an image goes when each of its tags may go",
        ...gaps(missing, { "image-tags": "tags", "cut-off": "olderThan" }),
      });
    }
  }
  if (selection !== "tagged" && !missing.has("tag-selection")) {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...age },
      because: `\`tag-selection: ${selection}\`; images that nothing needs, never parts of one`,
      ...gaps(missing, { "cut-off": "olderThan" }),
    });
  }
  return rules;
}

function listOf(text: string): string[] {
  return text
    .replace(/^["']+|["']+$/g, "")
    .split(/[\s,]+/)
    .filter((item) => item !== "");
}
