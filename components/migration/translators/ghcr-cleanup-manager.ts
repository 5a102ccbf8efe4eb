import type { Step } from "../../../cleaners/cleaner";
import { fitsNoTag } from "../../rules/impossible-pattern";
import { deletionsOfCleanupManager } from "../deletions/cleanup-manager";
import type { CleanupSettings } from "../step/cleanup-settings";
import { parseOldAge } from "../step/old-age";
import { expression, globs, joinPatterns, noPatterns, type OldPatterns } from "../step/old-patterns";
import { type FlagForms, StepInputs } from "../step/step-inputs";
import type { HarmlessStep, Translation } from "../step/translation";
import { askUnknownInputs, withMeant } from "../step/unknown-inputs";
import { cleanupEffect, cleanupRules } from "./cleanup-rules";

const action = "ghcr-manager/ghcr-cleanup-manager";
/** https://github.com/ghcr-manager/ghcr-cleanup-manager/blob/main/tools/action/prepare-cleanup-args.mjs */
const flag: FlagForms = { on: /^true$/, off: /^false$/, invalid: "off" };

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
  if (command !== "cleanup" && !inputs.isUnknown("command")) inputs.refuse("command", "expected `scan` or `cleanup`");
  const owner = inputs.target("owner");
  const named = inputs.packages("package");
  const settings = settingsOf(inputs);
  const notes = inputs.notes(withoutEquivalent);
  const [first, ...more] = brokenInputs.filter((name) => inputs.isOn(name, flag));
  const others = [...more, ...(inputs.has("delete-tags") ? ["delete-tags"] : [])];
  if (first !== undefined && others.length > 0) {
    notes.push(`${others.map((name) => `\`${name}\``).join(", ")} did nothing beside \`${first}\`, so there is no rule for it`);
  }
  if (settings.olderThan?.isRough) notes.push("`older-than`: months and years have no fixed length here, so the longest was taken");
  refuseContradictions(inputs, settings);
  const meant = askUnknownInputs(inputs, action, {});
  const { rules, protect } = cleanupRules(settings);
  if (rules.length === 0 && inputs.open.length === 0) return { step, because: "it selects nothing, and ends with an error" };
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: [named] }),
    ...inputs.placeholder,
    rules: withMeant(rules, meant),
    protect,
    open: inputs.open,
    ...(inputs.isCountable && !inputs.fails ? { effect: cleanupEffect(settings) } : {}),
    notes: [...notes, ...meant.notes],
    losses: [
      "where one tag goes, an untagged index that shares a platform with it goes as well, though nothing selects it",
      "where GitHub refuses to delete an index (over 5,000 downloads), its platforms are already gone",
      "it deletes without a limit, and keeps no record to restore from",
    ],
    ...inputs.counted(deletionsOfCleanupManager(settings), "dry-run"),
  };
}

function refuseContradictions(inputs: StepInputs, settings: CleanupSettings): void {
  if (settings.deleteUntagged && inputs.has("keep-n-untagged")) {
    inputs.refuse("keep-n-untagged", "`keep-n-untagged` and `delete-untagged` cannot be used together");
  }
  const isTagged = settings.broken !== undefined || settings.orphaned || inputs.has("delete-tags") || inputs.has("keep-n-tagged");
  if (!isTagged && inputs.has("exclude-tags") && (settings.deleteUntagged || inputs.has("keep-n-untagged"))) {
    inputs.refuse("exclude-tags", "`exclude-tags` needs an input that selects tagged images beside it");
  }
}

function settingsOf(inputs: StepInputs): CleanupSettings {
  const isRegex = inputs.isOn("use-regex", flag);
  const [ghost, partial, orphaned] = brokenInputs.map((name) => inputs.isOn(name, flag));
  const written = patternsOf(inputs, "delete-tags", isRegex);
  const isBroken = ghost || partial || orphaned;
  const deleteTags = isBroken ? undefined : written;
  const exclude = patternsOf(inputs, "exclude-tags", isRegex);
  const olderThan = inputs.text("older-than");
  const age = olderThan === undefined ? undefined : parseOldAge(olderThan);
  if (olderThan !== undefined && age === undefined) inputs.refuse("older-than", "expected an age such as `30 days`");
  const keepTagged = inputs.count("keep-n-tagged");
  const keepUntagged = inputs.count("keep-n-untagged");
  return {
    ...(deleteTags === undefined ? {} : { deleteTags }),
    exclude: exclude ?? noPatterns,
    ...(age === undefined ? {} : { olderThan: age }),
    ...(keepTagged === undefined ? {} : { keepTagged }),
    ...(keepUntagged === undefined ? {} : { keepUntagged }),
    deleteUntagged: inputs.isOn("delete-untagged", flag),
    ...(ghost ? { broken: "ghost" as const } : partial ? { broken: "partial" as const } : {}),
    orphaned: orphaned === true && !ghost && !partial,
    basis: "created",
    countsExcluded: true,
    missing: {
      ...(written === undefined && !isBroken && inputs.has("delete-tags") ? { deleteTags: "delete-tags" } : {}),
      ...(exclude === undefined && inputs.has("exclude-tags") ? { exclude: "exclude-tags" } : {}),
      ...(age === undefined && inputs.has("older-than") ? { olderThan: "older-than" } : {}),
      ...(keepTagged === undefined && inputs.has("keep-n-tagged") ? { keepTagged: "keep-n-tagged" } : {}),
      ...(keepUntagged === undefined && inputs.has("keep-n-untagged") ? { keepUntagged: "keep-n-untagged" } : {}),
    },
    meantToExclude: noPatterns,
  };
}

function patternsOf(inputs: StepInputs, name: string, isRegex: boolean): OldPatterns | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const selectors = lines.filter((line) => line !== "");
  const patterns = isRegex ? joinPatterns(selectors.map(expression)) : globs(selectors);
  for (const problem of patterns.problems) inputs.ask(name, problem);
  if (isRegex && patterns.problems.length === 0 && selectors.some(fitsNoTag)) {
    const what = name === "exclude-tags" ? "excluded" : "selected";
    inputs.doubt(name, "misread", `an expression of it fits no tag, so nothing is ${what} by it; write one expression a line`);
  }
  return patterns.problems.length > 0 ? undefined : patterns;
}
