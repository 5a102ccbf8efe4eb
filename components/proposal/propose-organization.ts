import type { CommentedEntry, CommentedRuleSet } from "../config-file/commented-entry";
import { policyOfEntry } from "../config-file/entry-policy";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import type { Graph } from "../graph/graph";
import { describeAge } from "../messages/age";
import { count } from "../messages/plurals";
import { dayOf } from "../plan/plan-id";
import { Duration } from "../rules/duration";
import type { Policy } from "../rules/policy";
import { aboutUnclear, type Draft, draftEntry, draftRules, withShare } from "./draft-rules";
import { tagsOf, untaggedIn } from "./families-of-package";
import { limitsFor, percentOf } from "./needed-limits";
import type { Portion, TodaysPlan } from "./plan-today";
import { familiesOf, type TagUse } from "./streams";

/** What a package contributes to the rules that it shares with others. */
export interface PackageTags {
  readonly name: string;
  readonly uses: readonly TagUse[];
  /** Tags of no family: their images stay. */
  readonly unclear: readonly string[];
  readonly untagged: number;
}

/** Returns the tags of a package. Pure. */
export function packageTags(graph: Graph): PackageTags {
  return { name: graph.inventory.package.name, ...tagsOf(graph), untagged: untaggedIn(graph) };
}

/** Drafts the rules that all of the packages share: each stream has its keep rule, in whichever package it appears next. Pure. */
export function draftSharedRules(packages: readonly PackageTags[], defaults: StackDefaults): Draft[] {
  const { families } = familiesIn(packages);
  return draftRules(
    families,
    packages.reduce((sum, { untagged }) => sum + untagged, 0),
    defaults,
  );
}

function familiesIn(packages: readonly PackageTags[]): ReturnType<typeof familiesOf> {
  return familiesOf(
    packages.flatMap(({ uses }) => uses),
    packages.flatMap(({ unclear }) => unclear),
  );
}

/** Returns the policy of one package under shared rules. */
export function policyUnder(drafts: readonly Draft[], owner: string, name: string, defaults: StackDefaults): Policy {
  return policyOfEntry(draftEntry(drafts, { owner, packages: name }, defaults), name, defaults.shared);
}

export interface ProposedOrganization {
  readonly entry: CommentedEntry;
  readonly ruleSet: CommentedRuleSet;
}

interface SharedProposal {
  readonly drafts: readonly Draft[];
  readonly found: readonly PackageTags[];
  /** Today's plan of each package under the drafts. */
  readonly plans: ReadonlyMap<string, TodaysPlan>;
}

/** Writes one entry for the selected packages, which share a rule set. Pure. */
export function proposeOrganization(
  { owner, packages, now }: { readonly owner: string; readonly packages: readonly string[]; readonly now: number },
  { drafts, found, plans }: SharedProposal,
  defaults: StackDefaults,
): ProposedOrganization {
  const names = new Set(Object.keys((defaults.shared.ruleSets ?? {}) as object));
  const set = freeName("proposed", { takenNames: names });
  const limits = limitsFor([...plans.values()], defaults);
  const usual = defaults.limits.percent ?? 100;
  const over = [...plans].filter(([, plan]) => percentOf(plan) > usual).map(([name]) => name);
  // An override may only be stricter, so the entry has the limit of the largest plan.
  const overrides = Object.fromEntries(
    [...plans.keys()]
      .filter((name) => limits !== defaults.limits && !over.includes(name))
      .map((name) => [name, { limits: { percent: usual } }]),
  );
  const shares = sharesOf([...plans.values()]);
  return {
    ruleSet: {
      name: set,
      comment: [`Proposed on ${dayOf(now)} for ${count(plans.size, "package")} of ${owner}.`],
      rules: drafts.map((draft) => withShare(draft, shares)),
    },
    entry: {
      ...draftEntry([], { owner, packages }, defaults),
      use: [set],
      limits,
      ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
      comment: [
        ...aboutPlans(plans, defaults),
        ...aboutUnclear(unclearIn(found)),
        ...aboutLimits({ over, others: plans.size - over.length, usual, percent: limits.percent ?? usual }),
      ],
    },
  };
}

function sharesOf(plans: readonly TodaysPlan[]): ReadonlyMap<string, Portion> {
  const shares = new Map<string, Portion>();
  for (const [rule, { images, versions }] of plans.flatMap(({ byRule }) => [...byRule])) {
    const before = shares.get(rule) ?? { images: 0, versions: 0 };
    shares.set(rule, { images: before.images + images, versions: before.versions + versions });
  }
  return shares;
}

function aboutPlans(plans: ReadonlyMap<string, TodaysPlan>, { grace }: StackDefaults): string[] {
  const sum = (number: (plan: TodaysPlan) => number) => [...plans.values()].reduce((total, plan) => total + number(plan), 0);
  const deleting = [...plans].filter(([, { versions }]) => versions > 0);
  const total = `${count(
    sum(({ total }) => total),
    "version",
  )} in ${count(plans.size, "package")}`;
  if (deleting.length === 0) return [`Today's plans under these rules delete nothing: all ${total} stay.`];
  const each = deleting.map(([name, { versions }]) => `${name}: ${versions}`).join(", ");
  return [
    `Today's plans under these rules would delete ${sum(({ versions }) => versions)} of ${total} (${each}). ` +
      `Nothing goes before ${describeAge(Duration.parse(grace))} have passed since the first \`pulumi up\`, and before somebody approves the plans.`,
  ];
}

interface AboutLimits {
  /** The packages whose plans need more than the usual percentage. */
  readonly over: readonly string[];
  readonly others: number;
  readonly usual: number;
  readonly percent: number;
}

function aboutLimits({ over, others, usual, percent }: AboutLimits): string[] {
  if (over.length === 0) return [];
  const plans = `${over.length === 1 ? "plan" : "plans"} of ${over.join(", ")}`;
  if (percent === usual) {
    return [
      `\`limits.percent\` is ${percent}, as the stack sets it: the ${plans} cannot be approved until the rules are narrower or it is raised.`,
    ];
  }
  return [
    `\`limits.percent\` is ${percent} for today's ${plans}, which ${usual} would refuse: lower it once they have gone.`,
    ...(others > 0 ? [`The other packages keep ${usual}.`] : []),
  ];
}

function unclearIn(packages: readonly PackageTags[]): string[] {
  const { left } = familiesIn(packages);
  return [...packages.flatMap(({ name, unclear }) => unclear.map((tag) => `${name}:${tag}`)), ...left];
}
