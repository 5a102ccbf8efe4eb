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

/** A package of an organisation, looked at; without an outcome where something is not known yet. */
export interface Member<Of = Outcome> {
  readonly name: string;
  readonly outcome?: Of;
}

/** What the packages of an organisation are told of its approval. */
export interface OrganizationApprovals {
  /** What each is told. */
  readonly common: Omit<OrganizationApproval, "confirmed">;
  readonly confirmed: PackagePlans;
}

/** What one of them is told. */
export function approvalForPackage({ common, confirmed }: OrganizationApprovals, name: string): OrganizationApproval {
  return Object.hasOwn(confirmed, name) ? { ...common, confirmed: confirmed[name] as string } : common;
}

/** Pure. */
export function organizationApprovals(owner: string, approve: string | undefined, looks: readonly Member[]): OrganizationApprovals {
  const approved = { common: approve === undefined ? {} : { approve }, confirmed: {} };
  // What is not known yet may change any plan: then nothing new is offered or confirmed.
  if (looks.some(({ outcome }) => outcome === undefined)) return approved;
  const seen = looks.flatMap(({ name, outcome }) =>
    outcome?.kind === "observed" ? [{ name, graph: outcome.graph, policy: parsePolicy(outcome.policy) }] : [],
  );
  // At midnight some were looked at yesterday.
  const today = seen.map(({ graph }) => dayOf(graph.inventory.now)).sort()[0];
  if (today === undefined) return approved;
  const id = organizationIdOf(owner, today, plansAsOf(seen, today));
  const confirmed = approve === undefined || dayOfPlan(approve) > today ? {} : confirmedPlans(owner, approve, seen);
  return { common: { ...approved.common, ...(id === undefined ? {} : { id }) }, confirmed };
}

/** What the approved id stands for, where it comes out the same as of its day, of all packages or of all but one. */
function confirmedPlans(owner: string, approve: string, seen: readonly ObservedMember[]): PackagePlans {
  const plans = plansAsOf(seen, dayOfPlan(approve));
  const without = (left: string) => Object.fromEntries(Object.entries(plans).filter(([name]) => name !== left));
  // One may have been unreadable when the others were approved.
  const candidates = [plans, ...Object.keys(plans).map(without)];
  return candidates.find((candidate) => organizationIdOf(owner, dayOfPlan(approve), candidate) === approve) ?? {};
}

function plansAsOf(seen: readonly ObservedMember[], day: Day): PackagePlans {
  const plans = seen.map(({ name, graph, policy }) => [name, packagePlan(graph, policy, day)] as const);
  return Object.fromEntries(plans.flatMap(([name, plan]) => (plan === undefined ? [] : [[name, plan]])));
}
