import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfCleanupAction } from "../deletions/cleanup-action";
import type { CleanupSettings } from "../step/cleanup-settings";
import { parseOldAge } from "../step/old-age";
import { expression, globs, noPatterns, type OldPatterns } from "../step/old-patterns";
import { StepInputs } from "../step/step-inputs";
import type { HarmlessStep, Translation } from "../step/translation";
import { cleanupRules } from "./cleanup-rules";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  repository: "the old step only logged it",
  validate: "every `pulumi up` that deletes checks each image that stays, and restores what one lacks",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
  "log-level": "the preview and the update say what they do",
  "registry-url": "`pulumi config set ghcr-retention:registryUrl`",
  "github-api-url": "`pulumi config set ghcr-retention:githubApiUrl`",
};

/** https://github.com/dataaxiom/ghcr-cleanup-action/blob/main/src/config.ts; `name` and `number-untagged` are those of v1.0.0. */
export function translateCleanupAction(step: Step): Translation | HarmlessStep {
  const inputs = new StepInputs(step);
  const owner = inputs.target("owner");
  const named = ["package", "packages", "name"].map((name) => inputs.target(name)).find((text) => text !== undefined);
  const isRegex = inputs.isTrue("use-regex");
  const settings = settingsOf(inputs, isRegex);
  const notes = inputs.notes(withoutEquivalent);
  inputs.text("expand-packages");
  if (inputs.isTrue("delete-ghost-images") && settings.broken === "partial") {
    notes.push("`delete-ghost-images` did nothing beside `delete-partial-images`: `broken: true` in the rule below would take both");
  }
  if (settings.olderThan?.isRough) notes.push("`older-than`: months and years have no fixed length here, so the longest was taken");
  const { rules, protect } = cleanupRules(settings);
  if (rules.length === 0 && inputs.open.length === 0) return { step, because: "it selects nothing" };
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: packagesOf(named, isRegex) }),
    rules,
    protect,
    open: inputs.open,
    notes: [...notes, ...inputs.unknownInputs()],
    losses: [
      "while it runs, an image that is being pushed can lose its platforms",
      "it lists the package once, deletes without a limit, and keeps no record to restore from",
    ],
    oldDeletions: deletionsOfCleanupAction(settings),
  };
}

function settingsOf(inputs: StepInputs, isRegex: boolean): CleanupSettings {
  const deleteTags = patternsOf(inputs, inputs.has("tags") ? "tags" : "delete-tags", isRegex);
  const exclude = patternsOf(inputs, "exclude-tags", isRegex) ?? noPatterns;
  const olderThan = inputs.text("older-than");
  const age = olderThan === undefined ? undefined : parseOldAge(olderThan);
  if (olderThan !== undefined && age === undefined) inputs.ask("older-than", "expected an age such as `30 days`");
  const keepTagged = inputs.count("keep-n-tagged");
  const keepUntagged = inputs.count(inputs.has("keep-n-untagged") ? "keep-n-untagged" : "number-untagged");
  const isAnythingElseSet = [
    "tags",
    "delete-tags",
    "delete-ghost-images",
    "delete-partial-images",
    "delete-orphaned-images",
    "keep-n-untagged",
    "number-untagged",
    "keep-n-tagged",
  ].some((name) => inputs.has(name));
  const deleteUntagged = inputs.has("delete-untagged") ? inputs.isTrue("delete-untagged") : !isAnythingElseSet;
  const ghost = inputs.isTrue("delete-ghost-images");
  const partial = inputs.isTrue("delete-partial-images");
  return {
    ...(deleteTags === undefined ? {} : { deleteTags }),
    exclude,
    ...(age === undefined ? {} : { olderThan: age }),
    ...(keepTagged === undefined ? {} : { keepTagged }),
    ...(keepUntagged === undefined ? {} : { keepUntagged }),
    deleteUntagged,
    ...(partial ? { broken: "partial" as const } : ghost ? { broken: "ghost" as const } : {}),
    orphaned: inputs.isTrue("delete-orphaned-images"),
    basis: "updated",
    countsExcluded: false,
  };
}

function patternsOf(inputs: StepInputs, name: string, isRegex: boolean): OldPatterns | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  const patterns = isRegex ? expression(text) : globs(text.split(","));
  for (const problem of patterns.problems) inputs.ask(name, problem);
  return patterns;
}

function packagesOf(text: string, isRegex: boolean): string[] {
  if (isRegex && !/^[\w./, -]+$/.test(text)) return [`/${text}/`];
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
