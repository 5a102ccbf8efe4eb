import type { CommentedEntry } from "../config-file/commented-entry";
import { policyOfEntry } from "../config-file/entry-policy";
import type { StackDefaults } from "../config-file/stack-defaults";
import type { Graph } from "../graph/graph";
import { describeAge } from "../messages/age";
import { count } from "../messages/plurals";
import { dayOf } from "../plan/plan-id";
import { aboutUnclear, draftEntry, draftRules, examples, withShare } from "./draft-rules";
import { overviewOf, type PackageOverview } from "./families-of-package";
import { limitsFor } from "./needed-limits";
import { describePlan, type TodaysPlan, todaysPlan } from "./plan-today";

export interface Proposal {
  readonly entry: CommentedEntry;
  readonly plan: TodaysPlan;
  /** The tags on which its rules are based. */
  readonly families: PackageOverview["families"];
}

/** Proposes a policy for a package, based on its versions and tags. Pure: the same package gives the same policy. */
export function propose(graph: Graph, defaults: StackDefaults): Proposal {
  const { owner, name } = graph.inventory.package;
  const context = overviewOf(graph);
  const rules = draftRules(context.families, context.untagged, defaults);
  const cautious = draftEntry(rules, { owner, packages: name }, defaults);
  const plan = todaysPlan(graph, policyOfEntry(cautious, name, defaults.shared));
  const bare = { ...cautious, limits: limitsFor([plan], defaults) };
  const policy = policyOfEntry(bare, name, defaults.shared);
  const entry = {
    ...bare,
    comment: [
      ...aboutPackage(graph, context),
      ...describePlan(plan, policy, describeAge(policy.grace ?? 0)),
      ...aboutLimits(bare.limits, cautious.limits),
    ],
    rules: rules.map((draft) => withShare(draft, plan.byRule)),
  };
  return { entry, plan, families: context.families };
}

function aboutLimits({ percent }: CommentedEntry["limits"], { percent: usual }: CommentedEntry["limits"]): string[] {
  return percent === usual
    ? []
    : [`\`limits.percent\` is ${percent} for this plan, which ${usual} would refuse: lower it once the plan has gone.`];
}

function aboutPackage({ inventory }: Graph, context: PackageOverview): string[] {
  const { versions, images, unneeded, unclear, broken, dangling } = context;
  const { owner, name } = inventory.package;
  return [
    `${owner}/${name} on ${dayOf(inventory.now)}: ${count(versions, "version")}, ${count(images, "image")}; no tag needs ${unneeded} of the versions.`,
    ...aboutUnclear(unclear),
    ...(broken.length > 0
      ? [
          `${count(broken.length, "image")} (${examples(broken)}) cannot be pulled whole: parts are not in the package. With a tag they stay; \`{ name: drop-broken, action: delete, broken: true, olderThan: 30d }\` would take them.`,
        ]
      : []),
    ...(dangling > 0 ? [aboutDangling(dangling, images)] : []),
  ];
}

function aboutDangling(dangling: number, images: number): string {
  const signatures = `${count(dangling, "signature")} or the like`;
  if (images > 0) return `${signatures} belong to nothing in this package: they stay, since their image may be in another one.`;
  return (
    `The package holds no image, only ${signatures} of images in other packages: no rule deletes these, since nobody has said where their images are. ` +
    "`{ name: drop-lost-signatures, action: delete, dangling: true, subjectsIn: [app], olderThan: 30d }` would take those whose image is no longer in `app`."
  );
}
