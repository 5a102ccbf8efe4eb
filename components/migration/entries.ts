import { isDeepStrictEqual } from "node:util";
import { cleaners } from "../../cleaners/actions";
import { holdsExpression, type Step } from "../../cleaners/cleaner";
import { patternTest } from "../config/selection";
import { type CommentedEntry, type CommentedRule, labelOf } from "../config-file/commented-entry";
import { renderRule } from "../config-file/render-entry";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import type { PackageName } from "../model/inventory";
import { describeOpenInput } from "./describe";
import type { InFile } from "./read-workflow";
import { isSecret } from "./step/step-inputs";
import { isOnlySuggested, type OldDeletions, type TranslatedRule, type Translation } from "./step/translation";
import { type PackageAnswers, type PackageProblem, questionKey, questionsOf, type StepPackages, stepPackages } from "./step-packages";

/** A policy to write, and the versions that the old steps would delete in its packages. */
export interface MigratedEntry {
  readonly entry: CommentedEntry;
  readonly steps: readonly InFile<Translation>[];
  /** Absent when it cannot be computed for one of the steps. */
  readonly oldDeletions?: OldDeletions;
}

/** A step whose owner or package is not known. */
export interface UnansweredStep {
  readonly step: Step;
  readonly path: string;
  readonly problem: PackageProblem;
}

export interface Migration {
  readonly entries: readonly MigratedEntry[];
  readonly unanswered: readonly UnansweredStep[];
  /** Answers to questions that no step asks. */
  readonly needless: readonly string[];
}

/** Returns the policies that replace the steps: one for each package or list of package patterns. Pure. */
export function entriesOf(translations: readonly InFile<Translation>[], answers: PackageAnswers, defaults: StackDefaults): Migration {
  const asked = [...new Set(translations.flatMap(questionsOf))];
  const keys = new Set(asked.map(questionKey));
  const questions = asked.filter((written) => !answers.byWritten?.has(questionKey(written)));
  const groups = new Map<string, { target: StepPackages; members: InFile<Translation>[] }>();
  const unanswered: UnansweredStep[] = [];
  for (const translation of translations) {
    const targets = stepPackages(translation, answers, questions);
    if ("kind" in targets) {
      unanswered.push({ step: translation.step, path: translation.path, problem: targets });
      continue;
    }
    for (const target of targets) {
      const key = labelOf(target).toLowerCase();
      const group = groups.get(key) ?? { target, members: [] };
      group.members.push(translation);
      groups.set(key, group);
    }
  }
  return {
    entries: [...groups.values()].map(({ target, members }) => entryOf(target, members, defaults)),
    unanswered,
    needless: [...(answers.byWritten?.keys() ?? [])].filter((key) => !keys.has(key)),
  };
}

/** Excludes from the patterns each package that has its own policy, here or already in the stack: a package has one policy. Pure. */
export function withoutOverlaps(migrated: readonly MigratedEntry[], configured: readonly PackageName[]): MigratedEntry[] {
  const own = migrated.flatMap(({ entry: { owner, packages } }) => (typeof packages === "string" ? [{ owner, name: packages }] : []));
  return migrated.map((one) => {
    const { owner, packages } = one.entry;
    if (typeof packages === "string") return one;
    const matches = patternTest(packages);
    const others = [...configured, ...own].filter((other) => other.owner.toLowerCase() === owner.toLowerCase() && matches(other.name));
    const without = [...new Set(others.map(({ name }) => `!${name}`))];
    return without.length === 0 ? one : { ...one, entry: { ...one.entry, packages: [...packages, ...without] } };
  });
}

function entryOf(target: StepPackages, members: readonly InFile<Translation>[], defaults: StackDefaults): MigratedEntry {
  const rules = merge(members).map(({ rule, comment }) => ({ rule: { ...rule, name: freeName(rule.name, defaults) }, comment }));
  const paths = [...new Set(members.map(({ path }) => path))];
  const steps = [...new Set(members.map((member) => aboutStep(member, paths.length > 1).join("\n")))];
  const entry: CommentedEntry = {
    ...target,
    comment: [`From ${paths.join(", ")}.`, ...steps.flatMap((step) => step.split("\n")), ...(steps.length > 1 ? [oneForSeveralSteps] : [])],
    protect: [...new Set(members.flatMap(({ protect }) => protect))],
    rules: rules.length > 0 ? rules : [keepEverything],
    unfinished: [...new Set(members.flatMap(unfinishedOf))],
    limits: defaults.limits,
    grace: defaults.grace,
    ...(defaults.approval === undefined ? {} : { approval: defaults.approval }),
  };
  if (members.some(({ oldDeletions }) => oldDeletions === undefined)) return { entry, steps: members };
  return {
    entry,
    steps: members,
    oldDeletions: (graph) => new Set(members.flatMap(({ oldDeletions }) => [...(oldDeletions?.(graph) ?? [])])),
  };
}

const oneForSeveralSteps =
  "Several steps become one policy here: what a keep rule or `protect` of one keeps stays, whatever the others say.";

const keepEverything: CommentedRule = {
  rule: { name: "keep-until-filled-in", action: "keep" },
  comment: ["Nothing is deleted until the rules above are completed. Remove this one then."],
};

/** Merges the rules that hold: none that deletes while a value of its step is open, and none with a gap. */
function merge(members: readonly InFile<Translation>[]): CommentedRule[] {
  const merged: CommentedRule[] = [];
  for (const { rules, open, step } of members) {
    for (const { rule, because } of rules.filter((one) => !isOnlySuggested(one, open))) {
      const { name, ...conditions } = rule;
      const isDuplicate = merged.some(({ rule: { name: _, ...other } }) => isDeepStrictEqual(other, conditions));
      if (!isDuplicate) merged.push({ rule: { ...rule, name: unusedName(name, step.line, merged) }, comment: [because] });
    }
  }
  return merged;
}

function unusedName(name: string, line: number, merged: readonly CommentedRule[]): string {
  const isTaken = (candidate: string) => merged.some(({ rule }) => rule.name === candidate);
  if (!isTaken(name)) return name;
  let free = `${name}-of-line-${line}`;
  for (let index = 2; isTaken(free); index++) free = `${name}-of-line-${line}-${index}`;
  return free;
}

function unfinishedOf({ open, rules }: Translation): string[] {
  if (open.length === 0) return [];
  const incomplete = rules.filter((one) => isOnlySuggested(one, open));
  return [
    "Fill these in before anything of this step is deleted:",
    ...open.map((one) => `  ${describeOpenInput(one)}`),
    ...(incomplete.length > 0 ? ["Complete these rules with them:", ...incomplete.map((one) => `  - ${renderIncomplete(one)}`)] : []),
  ];
}

/** Renders a rule whose missing values are marked, such as `mostRecent: <keep-n-tagged>`. */
function renderIncomplete({ rule, gaps = [] }: TranslatedRule): string {
  const missing = new Map<string, string>(gaps.map(({ field, input }) => [field, input]));
  const present = Object.fromEntries(Object.entries(rule).filter(([key]) => !missing.has(key)));
  return renderRule({ name: rule.name, action: rule.action, ...present }, missing);
}

/** What the step does as it is written, where that is not what its rules do. */
export function asWritten({ open, effect }: Translation): string | undefined {
  if (open.length === 0) return undefined;
  return open.some(({ reason }) => reason === "cannot-start") ? "it fails, and deletes nothing" : effect;
}

function aboutStep(translation: InFile<Translation>, showsPath: boolean): string[] {
  const { step, path, notes, losses, open } = translation;
  const danger = cleaners.get(step.action)?.(step);
  const version = step.ref === "" ? "" : `@${step.ref}`;
  const effect = asWritten(translation);
  return [
    `${step.action}${version}, ${showsPath ? `${path}, ` : ""}line ${step.line}${open.length > 0 ? ": some values are to be filled in, see below" : ""}.`,
    ...(effect === undefined ? [] : [`As the old step is written, ${effect}.`]),
    ...readFromExpressions(step),
    ...(notes.length > 0 ? ["Inputs without an equivalent, or with a different one:", ...notes.map((note) => `  ${note}.`)] : []),
    "How the old step can break images, and these rules cannot:",
    ...(danger === undefined ? [] : [`  ${danger.why} (${danger.source}).`]),
    ...losses.map((loss) => `  ${loss}.`),
  ];
}

/** Says which values the expressions have that were read from the workflow itself. */
function readFromExpressions({ options }: Step): string[] {
  const found = [...options].flatMap(([name, { written = "", text, line }]) =>
    holdsExpression(written) && !isSecret(name) ? [`  \`${name}: ${written}\` (line ${line}) is \`${text}\`.`] : [],
  );
  return found.length === 0 ? [] : ["Values that the workflow itself gives:", ...found];
}
