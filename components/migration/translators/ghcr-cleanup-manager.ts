import type { Step } from "../../../cleaners/cleaner";
import { deletionsOfCleanupManager } from "../deletions/cleanup-manager";
import type { CleanupSettings } from "../step/cleanup-settings";
import { parseOldAge } from "../step/old-age";
import { expression, globs, joinPatterns, noPatterns, type OldPatterns } from "../step/old-patterns";
import { StepInputs } from "../step/step-inputs";
import type { HarmlessStep, Translation } from "../step/translation";
import { cleanupRules } from "./cleanup-rules";

const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  "db-path": "manifests are kept in a cache: `ghcr-retention:cacheDir`",
  "upload-artifacts": "the pull request shows the preview, and the stack's state records what was deleted",
  "scan-after-cleanup": "every `pulumi up` that deletes checks each image that stays, and restores what one lacks",
  "db-artifact-retention-days": "there is no artifact",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
  "log-level": "the preview and the update say what they do",
};
const brokenInputs = ["delete-ghost-images", "delete-partial-images", "delete-orphaned-images"] as const;

/** https://github.com/ghcr-manager/ghcr-cleanup-manager/blob/main/src/cli/_planner-options.ts */
export function translateCleanupManager(step: Step): Translation | HarmlessStep {
  const inputs = new StepInputs(step);
  const command = inputs.text("command");
  if (command === "scan") return { step, because: "`command: scan` deletes nothing" };
  const owner = inputs.target("owner");
  const named = inputs.target("package");
  const settings = settingsOf(inputs);
  const notes = inputs.notes(withoutEquivalent);
  const [first, ...more] = brokenInputs.filter((name) => inputs.isTrue(name));
  const others = [...more, ...(inputs.has("delete-tags") ? ["delete-tags"] : [])];
  if (first !== undefined && others.length > 0) {
    notes.push(`${others.map((name) => `\`${name}\``).join(", ")} did nothing beside \`${first}\`, so there is no rule for it`);
  }
  if (settings.olderThan?.isRough) notes.push("`older-than`: months and years have no fixed length here, so the longest was taken");
  const { rules, protect } = cleanupRules(settings);
  if (rules.length === 0 && inputs.open.length === 0) return { step, because: "it selects nothing, and ends with an error" };
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: [named] }),
    rules,
    protect,
    open: inputs.open,
    notes: [...notes, ...inputs.unknownInputs()],
    losses: [
      "where one tag goes, an untagged index that shares a platform with it goes as well, though nothing selects it",
      "where GitHub refuses to delete an index (over 5,000 downloads), its platforms are already gone",
      "it deletes without a limit, and keeps no record to restore from",
    ],
    oldDeletions: deletionsOfCleanupManager(settings),
  };
}

function settingsOf(inputs: StepInputs): CleanupSettings {
  const isRegex = inputs.isTrue("use-regex");
  const [ghost, partial, orphaned] = brokenInputs.map((name) => inputs.isTrue(name));
  const written = patternsOf(inputs, "delete-tags", isRegex);
  const deleteTags = ghost || partial || orphaned ? undefined : written;
  const olderThan = inputs.text("older-than");
  const age = olderThan === undefined ? undefined : parseOldAge(olderThan);
  if (olderThan !== undefined && age === undefined) inputs.ask("older-than", "expected an age such as `30 days`");
  const keepTagged = inputs.count("keep-n-tagged");
  const keepUntagged = inputs.count("keep-n-untagged");
  return {
    ...(deleteTags === undefined ? {} : { deleteTags }),
    exclude: patternsOf(inputs, "exclude-tags", isRegex) ?? noPatterns,
    ...(age === undefined ? {} : { olderThan: age }),
    ...(keepTagged === undefined ? {} : { keepTagged }),
    ...(keepUntagged === undefined ? {} : { keepUntagged }),
    deleteUntagged: inputs.isTrue("delete-untagged"),
    ...(ghost ? { broken: "ghost" as const } : partial ? { broken: "partial" as const } : {}),
    orphaned: orphaned === true && !ghost && !partial,
    basis: "created",
    countsExcluded: true,
  };
}

function patternsOf(inputs: StepInputs, name: string, isRegex: boolean): OldPatterns | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const selectors = lines.filter((line) => line !== "");
  const patterns = isRegex ? joinPatterns(selectors.map(expression)) : globs(selectors);
  for (const problem of patterns.problems) inputs.ask(name, problem);
  return patterns;
}
