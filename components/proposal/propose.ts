import type { CommentedEntry, CommentedRule, RuleInput } from "../config-file/commented-entry";
import { policyOfEntry } from "../config-file/entry-policy";
import { freeName, type StackDefaults } from "../config-file/stack-defaults";
import type { Graph } from "../graph/graph";
import { describeAge } from "../messages/age";
import { dayOf } from "../plan/plan-id";
import { count } from "../report/plurals";
import { overviewOf, type PackageOverview } from "./families-of-package";
import { describePlan, type TodaysPlan, todaysPlan } from "./plan-today";
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

/** Proposes a policy for a package, based on its versions and tags. Pure: the same package gives the same policy. */
export function propose(graph: Graph, defaults: StackDefaults): { readonly entry: CommentedEntry; readonly plan: TodaysPlan } {
  const { owner, name } = graph.inventory.package;
  const context = overviewOf(graph);
  const families = [...context.families].sort((a, b) => order.indexOf(a.purpose) - order.indexOf(b.purpose));
  const kept = families.filter(({ purpose }) => proposals[purpose].drop === undefined).map(keepRule);
  const takenNames = new Set(defaults.takenNames);
  const rules = [...kept, ...families.flatMap(dropRules), dropUntagged(context)].map(({ rule, why }): Draft => {
    const name = freeName(rule.name, { takenNames });
    takenNames.add(name);
    return { rule: { ...rule, name }, why };
  });
  const cautious: CommentedEntry = {
    owner,
    packages: name,
    comment: [],
    protect: [],
    rules: rules.map(({ rule }) => ({ rule, comment: [] })),
    unfinished: [],
    limits: defaults.limits,
    grace: defaults.grace,
    ...(defaults.approval === undefined ? {} : { approval: defaults.approval }),
  };
  const plan = todaysPlan(graph, policyOfEntry(cautious, name, defaults.shared));
  const bare = { ...cautious, limits: limitsFor(plan, defaults) };
  const policy = policyOfEntry(bare, name, defaults.shared);
  const entry = {
    ...bare,
    comment: [
      ...aboutPackage(graph, context),
      ...describePlan(plan, policy, describeAge(policy.grace ?? 0)),
      ...aboutLimits(bare.limits, cautious.limits),
    ],
    rules: rules.map((draft) => withShare(draft, plan)),
  };
  return { entry, plan };
}

type WrittenLimits = CommentedEntry["limits"];

/** Raises a limit that the proposed plan would breach, unless the stack sets it for every policy. */
function limitsFor({ versions, total }: TodaysPlan, { limits, boundsPercent }: StackDefaults): WrittenLimits {
  const needed = Math.ceil((versions * 100) / total);
  return boundsPercent || !(needed > (limits.percent ?? 100)) ? limits : { ...limits, percent: needed };
}

function aboutLimits({ percent }: WrittenLimits, { percent: usual }: WrittenLimits): string[] {
  return percent === usual
    ? []
    : [`\`limits.percent\` is ${percent} for this plan, which ${usual} would refuse: lower it once the plan has gone.`];
}

interface Draft {
  readonly rule: RuleInput;
  readonly why: string;
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

function dropUntagged({ untagged }: PackageOverview): Draft {
  return {
    rule: { name: "drop-untagged", action: "delete", untagged: true, olderThan: untaggedAge },
    why: `${count(untagged, "image")} without a tag that nothing needs. Who pulls one by its digest, as Kubernetes may, names it under \`protect\``,
  };
}

function withShare({ rule, why }: Draft, { byRule }: TodaysPlan): CommentedRule {
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

function examples(names: readonly string[]): string {
  return names.length > maxExamples ? `${names.slice(0, maxExamples).join(", ")}, …` : names.join(", ");
}

function aboutPackage({ inventory }: Graph, context: PackageOverview): string[] {
  const { versions, images, unneeded, unclear, broken, dangling } = context;
  const { owner, name } = inventory.package;
  return [
    `${owner}/${name} on ${dayOf(inventory.now)}: ${count(versions, "version")}, ${count(images, "image")}; no tag needs ${unneeded} of the versions.`,
    ...(unclear.length > 0
      ? [`${count(unclear.length, "tag")} of no clear kind (${examples(unclear)}): no rule deletes these, so they stay.`]
      : []),
    ...(broken.length > 0
      ? [
          `${count(broken.length, "image")} (${examples(broken)}) cannot be pulled whole: parts are not in the package. With a tag they stay; \`{ name: drop-broken, action: delete, broken: true, olderThan: 30d }\` would take them.`,
        ]
      : []),
    ...(dangling > 0
      ? [
          `${count(dangling, "signature")} or the like belong to nothing in this package: they stay, since their image may be in another one.`,
        ]
      : []),
  ];
}
