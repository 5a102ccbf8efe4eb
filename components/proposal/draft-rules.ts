import type { CommentedEntry, CommentedRule, RuleInput } from "../config-file/commented-entry";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import { describeAge } from "../messages/age";
import { count } from "../messages/plurals";
import type { Portion } from "./plan-today";
import type { FoundFamily, FoundTags } from "./streams";
import type { Purpose } from "./tag-family";

interface Proposed {
  readonly name: string;
  readonly why: string;
  /** For short-lived tags: how many of the newest always stay, and the minimum age of the others. */
  readonly drop?: { readonly keepNewest: number; readonly olderThan: string };
}

/** Generous on purpose: keeping an image too long costs little, and the next pull request can change it. */
const proposals: Readonly<Record<Purpose, Proposed>> = {
  release: { name: "releases", why: "releases: somebody may pull any of them" },
  moving: { name: "moving-tags", why: "tags that move to the newest image: what they name is in use" },
  "pull-request": {
    name: "pull-requests",
    why: "pull requests end, and their images with them",
    drop: { keepNewest: 5, olderThan: "30d" },
  },
  commit: { name: "commits", why: "one image for each commit", drop: { keepNewest: 20, olderThan: "60d" } },
  date: { name: "dates", why: "one image for each day or night", drop: { keepNewest: 20, olderThan: "90d" } },
  build: { name: "builds", why: "one image for each build", drop: { keepNewest: 20, olderThan: "60d" } },
  branch: { name: "branches", why: "branches that end", drop: { keepNewest: 5, olderThan: "90d" } },
};

const order = Object.keys(proposals);

const untaggedAge = "30d";

/** A proposed rule, and why it is proposed. */
export interface Draft {
  readonly rule: RuleInput;
  readonly why: string;
}

/** Drafts the rules for families of tags and for untagged images. */
export function draftRules(found: readonly FoundFamily[], untagged: number, defaults: StackDefaults): Draft[] {
  const families = [...found].sort((a, b) => order.indexOf(a.purpose) - order.indexOf(b.purpose));
  const kept = families.filter(({ purpose }) => proposals[purpose].drop === undefined).map(keepRule);
  const takenNames = new Set(defaults.takenNames);
  return [...kept, ...families.flatMap(dropRules), dropUntagged(untagged)].map(({ rule, why }) => {
    const name = freeName(rule.name, { takenNames });
    takenNames.add(name);
    return { rule: { ...rule, name }, why };
  });
}

function keepRule({ purpose, patterns, ...family }: FoundFamily): Draft {
  const { name, why } = proposals[purpose];
  return { rule: { name: `keep-${name}`, action: "keep", tags: [...patterns] }, why: `${describeTags(family)}: ${why}` };
}

/** Keeps the newest of each stream: among the newest of all, a busy stream would leave no place for a quiet one. */
function dropRules({ purpose, patterns, streams }: FoundFamily): Draft[] {
  const { name, why, drop } = proposals[purpose];
  if (drop === undefined) return [];
  return [
    ...streams.map(({ name, patterns, ...stream }) => ({
      rule: { name: `keep-newest-${ruleWord(name)}`, action: "keep" as const, tags: [...patterns], mostRecent: drop.keepNewest },
      why: `${describeTags(stream)}: ${why}; the newest ${drop.keepNewest} stay whatever their age`,
    })),
    {
      rule: { name: `drop-${name}`, action: "delete", tags: [...patterns], olderThan: drop.olderThan },
      why: "An image goes when each of its tags may go",
    },
  ];
}

const maxWord = 40;

/** Returns what the name of a rule may contain. */
function ruleWord(text: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, maxWord);
  return word.replace(/^-|-$/g, "");
}

function dropUntagged(untagged: number): Draft {
  return {
    rule: { name: "drop-untagged", action: "delete", untagged: true, olderThan: untaggedAge },
    why: `${count(untagged, "image")} without a tag that nothing needs. Who pulls one by its digest, as Kubernetes may, names it under \`protect\``,
  };
}

/** Adds the comment of a draft: why it is proposed, and its share of today's plan. */
export function withShare({ rule, why }: Draft, byRule: ReadonlyMap<string, Portion>): CommentedRule {
  if (rule.action === "keep") return { rule, comment: [`${why}.`] };
  const { images, versions } = byRule.get(rule.name) ?? { images: 0, versions: 0 };
  const today = images === 0 ? "today: nothing" : `today: ${count(images, "image")}, ${count(versions, "version")}`;
  return { rule, comment: [`${why}; ${today}.`] };
}

const maxExamples = 3;

function describeTags({ tags, youngest, oldest }: Omit<FoundTags, "patterns">): string {
  const ages =
    describeAge(youngest) === describeAge(oldest) ? `${describeAge(oldest)} old` : `${describeAge(youngest)} to ${describeAge(oldest)} old`;
  return `${count(tags.length, "tag")} (${examples(tags)}), ${ages}`;
}

/** Returns an entry with the drafted rules and the stack's settings, without a comment. */
export function draftEntry(
  drafts: readonly Draft[],
  target: Pick<CommentedEntry, "owner" | "packages">,
  defaults: StackDefaults,
): CommentedEntry {
  const { limits, grace, approval } = defaults;
  return {
    ...target,
    comment: [],
    protect: [],
    rules: drafts.map(({ rule }) => ({ rule, comment: [] })),
    unfinished: [],
    limits,
    grace,
    ...(approval === undefined ? {} : { approval }),
  };
}

/** Says which tags no rule deletes because nothing is known of their purpose. */
export function aboutUnclear(tags: readonly string[]): string[] {
  return tags.length === 0
    ? []
    : [`${count(tags.length, "tag")} of no clear kind (${examples(tags)}): no rule deletes these, so they stay.`];
}

export function examples(names: readonly string[]): string {
  const different = [...new Set(names)];
  return different.length > maxExamples ? `${different.slice(0, maxExamples).join(", ")}, …` : different.join(", ");
}
