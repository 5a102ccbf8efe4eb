import { buildGraph } from "../../../components/graph/graph";
import { stayText } from "../../../components/messages/stay-reason";
import type { DeploymentAnswers } from "../../../components/model/deployments";
import { computePlan, type Plan } from "../../../components/plan/plan";
import type { Policy } from "../../../components/rules/policy";
import { digestOf, type Entry, namesOf, packageOf, today } from "./package";

/** A plan whose versions go by the names that the test gave them. */
export interface Planned {
  readonly plan: Plan;
  readonly deleted: readonly string[];
  readonly unread: readonly string[];
  /** Name to reason, of what a rule matched and something keeps. */
  readonly withheld: Readonly<Record<string, string>>;
}

export function planOf(
  entries: readonly Entry[],
  policy: Policy,
  leftovers: readonly string[] = [],
  deployments: DeploymentAnswers = {},
): Planned {
  const graph = buildGraph({ ...packageOf(...entries), deployments });
  const plan = computePlan(graph, policy, { asOf: today, leftovers: new Set(leftovers.map(digestOf)) });
  const nameAt = (node: number) => namesOf([graph.nodes[node]?.version.digest ?? ""], ...entries)[0] ?? "";
  return {
    plan,
    deleted: namesOf(plan.deletions.digests(), ...entries),
    unread: namesOf(plan.unread, ...entries),
    withheld: Object.fromEntries(plan.withheld.map(({ node, because }) => [nameAt(node), stayText(because, graph)])),
  };
}
