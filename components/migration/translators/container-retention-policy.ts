import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfContainerRetentionPolicy, type RetentionSettings } from "../deletions/container-retention";
import { globs, type OldPatterns } from "../step/old-patterns";
import { StepInputs } from "../step/step-inputs";
import type { TranslatedRule, Translation } from "../step/translation";
import { versionOfAction } from "./action-version";
import { cutOff, lossesOf } from "./container-retention-common";
import { translateContainerRetentionPolicy2 } from "./container-retention-policy-2";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
  "rust-log": "the preview and the update say what they do",
};

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
  const names = inputs.target("image-names");
  const settings = settingsOf(inputs, step);
  const notes = inputs.notes(withoutEquivalent);
  if (settings.olderThan?.isRough) notes.push("`cut-off`: months and years have no fixed length here, so the longest was taken");
  if (settings.basis === "created" && settings.selection !== "tagged") {
    notes.push(
      "`timestamp-to-use: created_at`: here an untagged image is as old as its last change, so that it does not go right after it lost its tag",
    );
  }
  return {
    step,
    // `user` stands for the owner of the token.
    ...(account === undefined || account === "user" ? {} : { owner: account }),
    ...(names === undefined ? {} : { packages: listOf(names) }),
    rules: rulesOf(settings),
    protect: settings.skipped.digests,
    open: inputs.open,
    notes: [...notes, ...inputs.unknownInputs()],
    losses: lossesOf(settings.guardsChildren),
    oldDeletions: deletionsOfContainerRetentionPolicy(settings),
  };
}

function settingsOf(inputs: StepInputs, step: Step): RetentionSettings & { readonly skipped: OldPatterns } {
  const tags = listOf(inputs.text("image-tags") ?? "");
  const wanted = globs(tags.filter((pattern) => !pattern.startsWith("!")));
  const unwanted = globs(tags.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1)));
  for (const problem of [...wanted.problems, ...unwanted.problems]) inputs.ask("image-tags", problem);
  const skipped = globs(listOf(inputs.text("skip-shas") ?? ""));
  if (skipped.tags.length > 0) inputs.ask("skip-shas", "expected digests");
  const selection = inputs.text("tag-selection")?.toLowerCase() ?? "both";
  if (!["both", "tagged", "untagged"].includes(selection)) inputs.ask("tag-selection", "expected both, tagged or untagged");
  const [major, minor] = versionOfAction(step) ?? [3, 1];
  const olderThan = cutOff(inputs);
  return {
    wanted,
    unwanted,
    skipped,
    selection: selection === "tagged" || selection === "untagged" ? selection : "both",
    ...(olderThan === undefined ? {} : { olderThan }),
    keepTagged: inputs.count("keep-n-most-recent") ?? 0,
    basis: inputs.text("timestamp-to-use") === "created_at" ? "created" : "updated",
    guardsChildren: major > 3 || (minor ?? 1) >= 1,
  };
}

function rulesOf(settings: RetentionSettings & { readonly skipped: OldPatterns }): TranslatedRule[] {
  const { wanted, unwanted, selection, olderThan, keepTagged, basis } = settings;
  const age = olderThan === undefined ? {} : { olderThan: olderThan.duration };
  const tagged = {
    tags: wanted.tags.length > 0 ? [...wanted.tags] : ["*"],
    ...(unwanted.tags.length > 0 ? { notTags: [...unwanted.tags] } : {}),
    ...age,
    ...(basis === "updated" && olderThan !== undefined ? { age: basis } : {}),
  } as const;
  const rules: TranslatedRule[] = [];
  if (selection !== "untagged") {
    if (keepTagged > 0) {
      rules.push({
        rule: {
          name: "keep-newest-tagged",
          action: "keep",
          ...tagged,
          mostRecent: basis === "updated" ? { count: keepTagged, by: basis } : keepTagged,
        },
        because: "`keep-n-most-recent`: counted among the images that are old enough, as in the old step; signatures are not counted here",
      });
    }
    rules.push({
      rule: { name: "drop-tagged", action: "delete", ...tagged },
      because: "`image-tags` and `cut-off`; an image goes when each of its tags may go",
    });
  }
  if (selection !== "tagged") {
    rules.push({
      rule: { name: "drop-untagged", action: "delete", untagged: true, ...age },
      because: `\`tag-selection: ${selection}\`; images that nothing needs, never parts of one`,
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
