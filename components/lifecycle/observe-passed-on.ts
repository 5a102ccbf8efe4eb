import type { Connection } from "../inventory/connection";
import { observe, plansAsOf } from "../inventory/observe";
import type { Inventory } from "../model/inventory";
import { neighboursNamedBy } from "../plan/neighbours";
import { dayOfPlan } from "../plan/plan-id";
import type { ProgramInputs } from "./state/stored";
import { storedPolicy } from "./state/stored-policy";

/** Observes a package for the policy that the engine passed on: the program, which observed it for another one, may not have read enough. */
export async function observePassedOn(connection: Connection, news: ProgramInputs): Promise<Inventory> {
  const policy = storedPolicy(news);
  const days = [policy.approve, news.organization?.approve].flatMap((id) => (id === undefined ? [] : [dayOfPlan(id)]));
  const name = { owner: policy.owner, name: policy.package };
  const { graph } = await observe(connection, name, {
    unreadable: policy.unreadable,
    neighbours: neighboursNamedBy(policy.rules),
    asksForDeleted: policy.inUse !== undefined,
    plans: (graph) => plansAsOf(graph, policy, days),
  });
  return graph.inventory;
}
