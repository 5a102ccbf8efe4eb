import type { Step } from "../../../cleaners/cleaner";
import { fitsNoTag } from "../../rules/impossible-pattern";
import { deletionsOfCleanupAction } from "../deletions/cleanup-action";
import type { CleanupSettings } from "../step/cleanup-settings";
import { parseOldAge } from "../step/old-age";
import { expression, expressionsBetweenCommas, globs, noPatterns, type OldPatterns } from "../step/old-patterns";
import { StepInputs, toolkitFlag } from "../step/step-inputs";
import type { HarmlessStep, Translation } from "../step/translation";
import { askUnknownInputs, type ElsewhereInput, withMeant } from "../step/unknown-inputs";
import { isBefore, versionOfAction } from "./action-version";
import { cleanupEffect, cleanupRules } from "./cleanup-rules";

const action = "dataaxiom/ghcr-cleanup-action";
const withoutEquivalent = {
  token: "the token comes from `GITHUB_TOKEN` or `pulumi config set --secret ghcr-retention:token`",
  repository: "the old step only logged it",
  validate: "every `pulumi up` that deletes checks each image that stays, and restores what one lacks",
  "dry-run": "`pulumi preview` shows the plan, and nothing goes without an approval",
  "log-level": "the preview and the update say what they do",
  "registry-url": "`pulumi config set ghcr-retention:registryUrl`",
  "github-api-url": "`pulumi config set ghcr-retention:githubApiUrl`",
};

/** The first release with an input, where it is not v1.0.0; from the `action.yml` of each. */
const since: Readonly<Record<string, string>> = {
  "keep-n-tagged": "1.0.1",
  "keep-n-untagged": "1.0.1",
  "exclude-tags": "1.0.1",
  "dry-run": "1.0.1",
  validate: "1.0.3",
  repository: "1.0.4",
  package: "1.0.4",
  "log-level": "1.0.5",
  "delete-tags": "1.0.6",
  "delete-untagged": "1.0.6",
  "delete-ghost-images": "1.0.8",
  "delete-partial-images": "1.0.8",
  "older-than": "1.0.8",
  packages: "1.0.11",
  "expand-packages": "1.0.11",
  "use-regex": "1.0.11",
  "delete-orphaned-images": "1.0.13",
  "registry-url": "1.0.16",
  "github-api-url": "1.0.16",
};
/** The first release without an input. */
const until: Readonly<Record<string, string>> = { "number-untagged": "1.0.1", name: "1.0.5" };
const elsewhere: Readonly<Record<string, ElsewhereInput>> = {
  ...Object.fromEntries(Object.entries(since).map(([name, version]) => [name, { versions: `since v${version}` }])),
  "number-untagged": { versions: "v1.0.0", instead: "keep-n-untagged" },
  name: { versions: "before v1.0.5", instead: "package" },
};

/** https://github.com/dataaxiom/ghcr-cleanup-action/blob/main/src/config.ts */
export function translateCleanupAction(step: Step): Translation | HarmlessStep {
  const version = versionOfAction(step);
  const inputs = new StepInputs(step, (name) => {
    if (version === undefined) return true;
    return !isBefore(version, since[name] ?? "0") && (until[name] === undefined || isBefore(version, until[name]));
  });
  const owner = inputs.target("owner");
  const named = inputs.packages("package", "packages", "name");
  const isRegex = inputs.isOn("use-regex", toolkitFlag);
  const settings = settingsOf(inputs, isRegex);
  const notes = inputs.notes(withoutEquivalent);
  inputs.text("expand-packages");
  if (!inputs.isUnknown("dry-run")) inputs.isOn("dry-run", toolkitFlag);
  refuseContradictions(inputs);
  if (inputs.isOn("delete-ghost-images", toolkitFlag) && settings.broken === "partial") {
    notes.push("`delete-ghost-images` did nothing beside `delete-partial-images`: `broken: true` in the rule below would take both");
  }
  if (settings.olderThan?.isRough) notes.push("`older-than`: months and years have no fixed length here, so the longest was taken");
  const meant = askUnknownInputs(inputs, action, elsewhere);
  const { rules, protect } = cleanupRules(settings);
  if (rules.length === 0 && inputs.open.length === 0) return { step, because: "it selects nothing" };
  return {
    step,
    ...(owner === undefined ? {} : { owner }),
    ...(named === undefined ? {} : { packages: packagesOf(named, isRegex) }),
    ...inputs.placeholder,
    rules: withMeant(rules, meant),
    protect,
    open: inputs.open,
    ...(inputs.isCountable && !inputs.fails ? { effect: cleanupEffect(settings) } : {}),
    notes: [...notes, ...meant.notes],
    losses: [
      "while it runs, an image that is being pushed can lose its platforms",
      "it lists the package once, deletes without a limit, and keeps no record to restore from",
    ],
    ...inputs.counted(deletionsOfCleanupAction(settings), "dry-run"),
  };
}

function refuseContradictions(inputs: StepInputs): void {
  for (const [one, other] of [
    ["package", "packages"],
    ["tags", "delete-tags"],
    ["keep-n-untagged", "delete-untagged"],
  ] as const) {
    if (inputs.has(one) && inputs.has(other)) inputs.refuse(one, `\`${one}\` and \`${other}\` cannot be used together`);
  }
}

function settingsOf(inputs: StepInputs, isRegex: boolean): CleanupSettings {
  const tagsInput = inputs.has("tags") ? "tags" : "delete-tags";
  const deleteTags = patternsOf(inputs, tagsInput, isRegex);
  const exclude = patternsOf(inputs, "exclude-tags", isRegex);
  const meantToExclude = isRegex && exclude !== undefined ? betweenCommas(inputs) : undefined;
  const olderThan = inputs.text("older-than");
  const age = olderThan === undefined ? undefined : parseOldAge(olderThan);
  if (olderThan !== undefined && age === undefined) inputs.refuse("older-than", "expected an age such as `30 days`");
  const keepTagged = inputs.count("keep-n-tagged");
  const untaggedInput = inputs.has("keep-n-untagged") ? "keep-n-untagged" : "number-untagged";
  const keepUntagged = inputs.count(untaggedInput);
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
  const deleteUntagged = inputs.has("delete-untagged") ? inputs.isOn("delete-untagged", toolkitFlag) : !isAnythingElseSet;
  const ghost = inputs.isOn("delete-ghost-images", toolkitFlag);
  const partial = inputs.isOn("delete-partial-images", toolkitFlag);
  return {
    ...(deleteTags === undefined ? {} : { deleteTags }),
    exclude: exclude === undefined || meantToExclude !== undefined ? noPatterns : exclude,
    ...(age === undefined ? {} : { olderThan: age }),
    ...(keepTagged === undefined ? {} : { keepTagged }),
    ...(keepUntagged === undefined ? {} : { keepUntagged }),
    deleteUntagged,
    ...(partial ? { broken: "partial" as const } : ghost ? { broken: "ghost" as const } : {}),
    orphaned: inputs.isOn("delete-orphaned-images", toolkitFlag),
    basis: "updated",
    countsExcluded: false,
    missing: {
      ...(deleteTags === undefined && inputs.has(tagsInput) ? { deleteTags: tagsInput } : {}),
      ...(exclude === undefined && inputs.has("exclude-tags") ? { exclude: "exclude-tags" } : {}),
      ...(age === undefined && inputs.has("older-than") ? { olderThan: "older-than" } : {}),
      ...(keepTagged === undefined && inputs.has("keep-n-tagged") ? { keepTagged: "keep-n-tagged" } : {}),
      ...(keepUntagged === undefined && inputs.has(untaggedInput) ? { keepUntagged: untaggedInput } : {}),
    },
    meantToExclude: meantToExclude ?? noPatterns,
  };
}

/** The patterns of an input; `undefined` when it is absent, or cannot be expressed. */
function patternsOf(inputs: StepInputs, name: string, isRegex: boolean): OldPatterns | undefined {
  const text = inputs.text(name);
  if (text === undefined) return undefined;
  const patterns = isRegex ? expression(text) : globs(text.split(","));
  for (const problem of patterns.problems) inputs.ask(name, problem);
  if (isRegex && patterns.problems.length === 0 && fitsNoTag(text)) {
    const commas = text.includes(",") ? "with `use-regex` this is one expression, commas included, and no list; " : "";
    inputs.doubt(name, "misread", `${commas}it fits no tag, so nothing is ${name === "exclude-tags" ? "excluded" : "selected"}`);
  }
  return patterns.problems.length > 0 ? undefined : patterns;
}

/** What an expression that fits no tag would exclude as a list; `undefined` for any other. */
function betweenCommas(inputs: StepInputs): OldPatterns | undefined {
  const text = inputs.text("exclude-tags") ?? "";
  if (!fitsNoTag(text)) return undefined;
  const list = expressionsBetweenCommas(text);
  return list.problems.length > 0 ? noPatterns : list;
}

function packagesOf(text: string, isRegex: boolean): string[] {
  if (isRegex && !/^[\w./, -]+$/.test(text)) return [`/${text}/`];
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
