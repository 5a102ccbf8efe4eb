import type { Graph } from "../graph/graph";
import type { Outcome } from "../plan/outcome";
import { type Day, dayOf, dayOfPlan } from "../plan/plan-id";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy } from "../rules/policy";
import { type OrganizationApproval, organizationIdOf, type PackagePlans, packagePlan } from "./organization-id";

interface ObservedMember {
  readonly name: string;
  readonly graph: Graph;
  readonly policy: Policy;
}

/** A package of an organisation; without an outcome while something about it is not known yet. */
export interface Member<Of = Outcome> {
  readonly name: string;
  readonly outcome?: Of;
}

/** The approval of an organisation, divided among its packages. */
export interface OrganizationApprovals {
  /** The part that is the same for every package. */
  readonly common: Omit<OrganizationApproval, "confirmed">;
  readonly confirmed: PackagePlans;
}

/** Returns the part of one package. */
export function approvalForPackage({ common, confirmed }: OrganizationApprovals, name: string): OrganizationApproval {
  return Object.hasOwn(confirmed, name) ? { ...common, confirmed: confirmed[name] as string } : common;
}

/** Pure. */
export function organizationApprovals(owner: string, approve: string | undefined, members: readonly Member[]): OrganizationApprovals {
  const approved = { common: approve === undefined ? {} : { approve }, confirmed: {} };
  // An unknown value may change any plan, so nothing new is offered or confirmed.
  if (members.some(({ outcome }) => outcome === undefined)) return approved;
  const observed = members.flatMap(({ name, outcome }) =>
    outcome?.kind === "observed" ? [{ name, graph: outcome.graph, policy: parsePolicy(outcome.policy) }] : [],
  );
  // Around midnight some packages were observed on the day before.
  const today = observed.map(({ graph }) => dayOf(graph.inventory.now)).sort()[0];
  if (today === undefined) return approved;
  const id = organizationIdOf(owner, today, plansAsOf(observed, today));
  const confirmed = approve === undefined || dayOfPlan(approve) > today ? {} : confirmedPlans(owner, approve, observed);
  return { common: { ...approved.common, ...(id === undefined ? {} : { id }) }, confirmed };
}

/** Returns the plans that the approved id stands for, if the id results from all packages, or all but one, as of its day. */
function confirmedPlans(owner: string, approve: string, observed: readonly ObservedMember[]): PackagePlans {
  const plans = plansAsOf(observed, dayOfPlan(approve));
  const without = (left: string) => Object.fromEntries(Object.entries(plans).filter(([name]) => name !== left));
  // One may have been unreadable when the others were approved.
  const candidates = [plans, ...Object.keys(plans).map(without)];
  return candidates.find((candidate) => organizationIdOf(owner, dayOfPlan(approve), candidate) === approve) ?? {};
}

function plansAsOf(observed: readonly ObservedMember[], day: Day): PackagePlans {
  const plans = observed.map(({ name, graph, policy }) => [name, packagePlan(graph, policy, day)] as const);
  return Object.fromEntries(plans.flatMap(([name, plan]) => (plan === undefined ? [] : [[name, plan]])));
}
