import { isDeepStrictEqual } from "node:util";
import { cleaners } from "../../cleaners/actions";
import { patternTest } from "../config/selection";
import { type CommentedEntry, type CommentedRule, labelOf } from "../config-file/commented-entry";
import { renderRule } from "../config-file/render-entry";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import type { PackageName } from "../model/inventory";
import type { OldDeletions, Translation } from "./step/translation";
import { type PackageOptions, type StepPackages, stepPackages } from "./step-packages";

/** A policy to write, and the versions that the old steps would delete in its packages. */
export interface MigratedEntry {
  readonly entry: CommentedEntry;
  /** Absent when it cannot be computed for one of the steps. */
  readonly oldDeletions?: OldDeletions;
}

/** Returns the policies that replace the steps of a workflow: one for each package or list of package patterns. Pure. */
export function entriesOf(
  translations: readonly Translation[],
  given: PackageOptions,
  path: string,
  defaults: StackDefaults,
): MigratedEntry[] {
  const groups = new Map<string, { target: StepPackages; members: Translation[] }>();
  for (const translation of translations) {
    for (const target of stepPackages(translation, given, path)) {
      const key = labelOf(target).toLowerCase();
      const group = groups.get(key) ?? { target, members: [] };
      group.members.push(translation);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ target, members }) => entryOf(target, members, path, defaults));
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

function entryOf(target: StepPackages, members: readonly Translation[], path: string, defaults: StackDefaults): MigratedEntry {
  const rules = merge(members).map(({ rule, comment }) => ({ rule: { ...rule, name: freeName(rule.name, defaults) }, comment }));
  const unfinished = members.flatMap(unfinishedOf);
  const entry: CommentedEntry = {
    ...target,
    comment: [`From ${path}.`, ...members.flatMap(aboutStep), ...(members.length > 1 ? [oneForSeveralSteps] : [])],
    protect: [...new Set(members.flatMap(({ protect }) => protect))],
    rules: rules.length > 0 ? rules : [keepEverything],
    unfinished,
    limits: defaults.limits,
    grace: defaults.grace,
    ...(defaults.approval === undefined ? {} : { approval: defaults.approval }),
  };
  if (!members.every(({ oldDeletions, open }) => oldDeletions !== undefined && open.length === 0)) return { entry };
  return { entry, oldDeletions: (graph) => new Set(members.flatMap(({ oldDeletions }) => [...(oldDeletions?.(graph) ?? [])])) };
}

const oneForSeveralSteps =
  "Several steps become one policy here: what a keep rule or `protect` of one keeps stays, whatever the others say.";

const keepEverything: CommentedRule = {
  rule: { name: "keep-until-filled-in", action: "keep" },
  comment: ["Nothing is deleted until the rules below are completed. Remove this one then."],
};

function merge(members: readonly Translation[]): CommentedRule[] {
  const merged: CommentedRule[] = [];
  for (const { rules, open, step } of members) {
    for (const { rule, because } of rules) {
      // While a value is open, a rule may be wider than intended.
      if (rule.action === "delete" && open.length > 0) continue;
      const { name, ...conditions } = rule;
      const isDuplicate = merged.some(({ rule: { name: _, ...other } }) => isDeepStrictEqual(other, conditions));
      if (isDuplicate) continue;
      const taken = merged.filter((other) => other.rule.name === name || other.rule.name.startsWith(`${name}-of-line-`)).length;
      merged.push({ rule: taken === 0 ? rule : { ...rule, name: `${name}-of-line-${step.line}` }, comment: [because] });
    }
  }
  return merged;
}

function unfinishedOf({ open, rules }: Translation): string[] {
  if (open.length === 0) return [];
  const deleting = rules.filter(({ rule }) => rule.action === "delete");
  return [
    "Fill these in before anything of this step is deleted:",
    ...open.map((line) => `  ${line}`),
    ...(deleting.length > 0 ? ["Complete these rules with them:", ...deleting.map(({ rule }) => `  - ${renderRule(rule)}`)] : []),
  ];
}

function aboutStep({ step, notes, losses, open }: Translation): string[] {
  const danger = cleaners.get(step.action)?.(step);
  const version = step.ref === "" ? "" : `@${step.ref}`;
  return [
    `${step.action}${version}, line ${step.line}${open.length > 0 ? ": some values are to be filled in, see below" : ""}.`,
    ...(notes.length > 0 ? ["Inputs without an equivalent, or with a different one:", ...notes.map((note) => `  ${note}.`)] : []),
    "How the old step can break images, and these rules cannot:",
    ...(danger === undefined ? [] : [`  ${danger.why} (${danger.source}).`]),
    ...losses.map((loss) => `  ${loss}.`),
  ];
}
