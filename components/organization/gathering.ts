import type * as pulumi from "@pulumi/pulumi";
import { buildGraph, type Graph } from "../graph/graph";
import { decodeInventory } from "../inventory/snapshot";
import type { LookOutcome } from "../look-at-package";
import { onlyKnown } from "../only-known";
import { type Day, dayOf, dayOfPlan } from "../plan/plan-id";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy } from "../rules/policy";
import { type OrganizationShare, organizationIdOf, type PackagePlans, packagePlan } from "./organization-id";

interface Seen {
  readonly name: string;
  readonly graph: Graph;
  readonly policy: Policy;
}

/** Waits until all packages of an organisation were looked at, and computes what its approval stands for. */
export class Gathering {
  readonly #owner: string;
  readonly #approve: string | undefined;
  readonly #looks: Promise<readonly { name: string; outcome?: LookOutcome }[]>;
  readonly #shares: Promise<(name: string) => OrganizationShare>;
  readonly #arrived = new Map<string, pulumi.Output<LookOutcome>>();
  #allArrived: () => void = () => {};

  /** `count` packages are to come. */
  constructor(
    owner: string,
    approve: string | undefined,
    readonly count: number,
  ) {
    this.#owner = owner;
    this.#approve = approve;
    this.#looks = new Promise<void>((resolve) => {
      this.#allArrived = resolve;
      if (count === 0) resolve();
    }).then(() => Promise.all([...this.#arrived].map(([name, outcome]) => lookOf(name, outcome))));
    this.#shares = this.#looks.then((looks) => this.#computeShares(looks));
    // Whoever asks for a share hears of it.
    this.#shares.catch(() => {});
  }

  /** What a package is told, once all are there. */
  async share(name: string, outcome: pulumi.Output<LookOutcome>): Promise<OrganizationShare> {
    this.#arrived.set(name, outcome);
    if (this.#arrived.size === this.count) this.#allArrived();
    return (await this.#shares)(name);
  }

  /** Today's id; `undefined` where nothing is planned, or not all packages are known. */
  async id(): Promise<string | undefined> {
    return (await this.#shares)("").id;
  }

  #computeShares(looks: readonly { name: string; outcome?: LookOutcome }[]): (name: string) => OrganizationShare {
    const approve = this.#approve;
    const approved = approve === undefined ? {} : { approve };
    // What is not known yet may change any plan: then nothing new is offered or confirmed.
    if (looks.some(({ outcome }) => outcome === undefined)) return () => approved;
    const seen = looks.flatMap(({ name, outcome }) => (outcome !== undefined && "look" in outcome ? [seenIn(name, outcome)] : []));
    // At midnight some were looked at yesterday.
    const today = seen.map(({ graph }) => dayOf(graph.inventory.now)).sort()[0];
    if (today === undefined) return () => approved;
    const id = organizationIdOf(this.#owner, today, plansAsOf(seen, today));
    const confirmed = approve === undefined || dayOfPlan(approve) > today ? {} : confirmedPlans(this.#owner, approve, seen);
    return (name) => ({
      ...approved,
      ...(id === undefined ? {} : { id }),
      ...(confirmed[name] === undefined ? {} : { confirmed: confirmed[name] }),
    });
  }
}

/** What the approved id stands for, where it comes out the same as of its day, of all packages or of all but one. */
function confirmedPlans(owner: string, approve: string, seen: readonly Seen[]): PackagePlans {
  const plans = plansAsOf(seen, dayOfPlan(approve));
  const without = (left: string) => Object.fromEntries(Object.entries(plans).filter(([name]) => name !== left));
  // One may have been unreadable when the others were approved.
  const candidates = [plans, ...Object.keys(plans).map(without)];
  return candidates.find((candidate) => organizationIdOf(owner, dayOfPlan(approve), candidate) === approve) ?? {};
}

function plansAsOf(seen: readonly Seen[], day: Day): PackagePlans {
  const plans = seen.map(({ name, graph, policy }) => [name, packagePlan(graph, policy, day)] as const);
  return Object.fromEntries(plans.flatMap(([name, plan]) => (plan === undefined ? [] : [[name, plan]])));
}

async function lookOf(name: string, outcome: pulumi.Output<LookOutcome>): Promise<{ name: string; outcome?: LookOutcome }> {
  const known = await onlyKnown({ outcome });
  if (known.outcome === undefined) return { name };
  const { promise } = outcome as unknown as { promise: () => Promise<LookOutcome> };
  return { name, outcome: await promise.call(outcome) };
}

function seenIn(name: string, outcome: Extract<LookOutcome, { look: string }>): Seen {
  return { name, graph: buildGraph(decodeInventory(outcome.look)), policy: parsePolicy(outcome.policy) };
}
