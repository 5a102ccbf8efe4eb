import { isDeepStrictEqual } from "node:util";
import { cleaners } from "../../cleaners/known";
import { patternTest } from "../config/selection";
import { type CommentedEntry, type CommentedRule, labelOf } from "../config-file/commented-entry";
import { renderRule } from "../config-file/render-entry";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import type { PackageName } from "../model/inventory";
import type { OldDeletions, Translation } from "./step/translation";
import { type GivenPlace, type Place, placesOf } from "./step-packages";

/** A policy to be written, and what the old steps would delete in its packages. */
export interface MigratedEntry {
  readonly entry: CommentedEntry;
  /** Absent where one of the steps cannot be computed. */
  readonly oldDeletions?: OldDeletions;
}

/** The policies that stand for the steps of a workflow: one for each package, or for each choice of packages. Pure. */
export function entriesOf(translations: readonly Translation[], given: GivenPlace, path: string, defaults: StackDefaults): MigratedEntry[] {
  const groups = new Map<string, { place: Place; members: Translation[] }>();
  for (const translation of translations) {
    for (const place of placesOf(translation, given, path)) {
      const key = labelOf(place).toLowerCase();
      const group = groups.get(key) ?? { place, members: [] };
      group.members.push(translation);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ place, members }) => entryOf(place, members, path, defaults));
}

/** A package has one policy: patterns leave out what has one of its own, here or in the stack already. Pure. */
export function apart(migrated: readonly MigratedEntry[], there: readonly PackageName[]): MigratedEntry[] {
  const own = migrated.flatMap(({ entry: { owner, packages } }) => (typeof packages === "string" ? [{ owner, name: packages }] : []));
  return migrated.map((one) => {
    const { owner, packages } = one.entry;
    if (typeof packages === "string") return one;
    const fits = patternTest(packages);
    const others = [...there, ...own].filter((other) => other.owner.toLowerCase() === owner.toLowerCase() && fits(other.name));
    const without = [...new Set(others.map(({ name }) => `!${name}`))];
    return without.length === 0 ? one : { ...one, entry: { ...one.entry, packages: [...packages, ...without] } };
  });
}

function entryOf(place: Place, members: readonly Translation[], path: string, defaults: StackDefaults): MigratedEntry {
  const rules = merge(members).map(({ rule, comment }) => ({ rule: { ...rule, name: freeName(rule.name, defaults) }, comment }));
  const unfinished = members.flatMap(unfinishedOf);
  const usable = rules.length > 0 ? rules : [nothingYet];
  const entry: CommentedEntry = {
    ...place,
    comment: [`From ${path}.`, ...members.flatMap(aboutStep), ...(members.length > 1 ? [together] : [])],
    protect: [...new Set(members.flatMap(({ protect }) => protect))],
    rules: usable,
    unfinished,
    limits: defaults.limits,
    grace: defaults.grace,
    ...(defaults.approval === undefined ? {} : { approval: defaults.approval }),
  };
  if (!members.every(({ oldDeletions, open }) => oldDeletions !== undefined && open.length === 0)) return { entry };
  return { entry, oldDeletions: (graph) => new Set(members.flatMap(({ oldDeletions }) => [...(oldDeletions?.(graph) ?? [])])) };
}

const together = "Several steps are one policy here: what a keep rule or `protect` of one keeps stays, whatever the others say.";

const nothingYet: CommentedRule = {
  rule: { name: "keep-until-filled-in", action: "keep" },
  comment: ["Nothing goes until the rules below are completed. Take this one out then."],
};

function merge(members: readonly Translation[]): CommentedRule[] {
  const merged: CommentedRule[] = [];
  for (const { rules, open, step } of members) {
    for (const { rule, because } of rules) {
      // With anything open, a rule may be wider than it was meant.
      if (rule.action === "delete" && open.length > 0) continue;
      const { name, ...conditions } = rule;
      const isThere = merged.some(({ rule: { name: _, ...other } }) => isDeepStrictEqual(other, conditions));
      if (isThere) continue;
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
    "To be filled in before anything of this goes:",
    ...open.map((line) => `  ${line}`),
    ...(deleting.length > 0
      ? ["Completed with that, these rules are what was meant:", ...deleting.map(({ rule }) => `  - ${renderRule(rule)}`)]
      : []),
  ];
}

function aboutStep({ step, notes, losses, open }: Translation): string[] {
  const danger = cleaners.get(step.action)?.(step);
  const version = step.ref === "" ? "" : `@${step.ref}`;
  return [
    `${step.action}${version}, line ${step.line}${open.length > 0 ? ": something is to be filled in, see below" : ""}.`,
    ...(notes.length > 0 ? ["Without an equivalent, or with another one:", ...notes.map((note) => `  ${note}.`)] : []),
    "How the old step can break images, and these rules cannot:",
    ...(danger === undefined ? [] : [`  ${danger.why} (${danger.source}).`]),
    ...losses.map((loss) => `  ${loss}.`),
  ];
}
