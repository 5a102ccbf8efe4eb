import type { Graph } from "../graph/graph";
import { count } from "../messages/plurals";
import { computePlan } from "../plan/plan";
import { dayOf } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import type { Policy } from "../rules/policy";

export interface Portion {
  readonly images: number;
  readonly versions: number;
}

/** The deletions of today's plan under a policy, once approved. */
export interface TodaysPlan extends Portion {
  readonly total: number;
  /** By rule. An image that two rules match counts for both. */
  readonly byRule: ReadonlyMap<string, Portion>;
  /** Versions that a rule matches and that stay because something needs them. */
  readonly withheld: number;
}

/** Computes the plan with the planner itself. Pure. */
export function todaysPlan(graph: Graph, policy: Policy): TodaysPlan {
  const plan = computePlan(graph, policy, { asOf: dayOf(graph.inventory.now) });
  const byRule = new Map<string, { images: Set<number>; versions: number }>();
  const images = new Set<number>();
  for (const [, { image }] of deletionReasons(plan)) {
    images.add(image);
    const verdict = plan.verdicts.get(image);
    for (const rule of verdict?.action === "delete" ? verdict.rules : []) {
      const portion = byRule.get(rule) ?? { images: new Set<number>(), versions: 0 };
      portion.images.add(image);
      portion.versions += 1;
      byRule.set(rule, portion);
    }
  }
  return {
    total: graph.nodes.length,
    images: images.size,
    versions: plan.deletions.size,
    byRule: new Map([...byRule].map(([rule, { images, versions }]) => [rule, { images: images.size, versions }])),
    withheld: plan.withheld.length,
  };
}

/** Describes the plan that the first preview will show, in one or two sentences. */
export function describePlan({ total, images, versions }: TodaysPlan, { limits }: Policy, grace: string): string[] {
  if (versions === 0)
    return [`Today's plan under these rules deletes nothing: ${total === 1 ? "the only version stays" : `all ${total} versions stay`}.`];
  const percent = (versions / total) * 100;
  const runs = Math.ceil(versions / limits.deletions);
  return [
    `Today's plan under these rules would delete ${versions} of ${count(total, "version")} (${count(images, "image")}). ` +
      `Nothing goes before ${grace} have passed since the first \`pulumi up\`, and before somebody approves the plan.`,
    ...(percent > limits.percent
      ? [
          `That is ${Math.ceil(percent)} % of the package, more than \`limits.percent\` allows: it cannot be approved until the rules are narrower or the limit is raised.`,
        ]
      : []),
    ...(runs > 1 ? [`It would go in ${runs} runs of at most ${count(limits.deletions, "version")}.`] : []),
  ];
}
