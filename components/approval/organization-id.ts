import { createHash } from "node:crypto";
import type { Graph } from "../graph/graph";
import { computePlan, type Plan } from "../plan/plan";
import { type Day, dayOfPlan } from "../plan/plan-id";
import type { Policy } from "../rules/policy";
import { openPart, type Situation } from "./find-approved";
import { idOf, stillThere } from "./record";
import { seenBy } from "./sightings";
import { underWay } from "./standing";

/** By package name: the id of all that the rules would delete as of a day, apart from grace and whatever is on record. */
export type PackagePlans = Readonly<Record<string, string>>;

/** `<day>-<12 hex>`: identifies the owner and exactly these plans; `undefined` without plans. */
export function organizationIdOf(owner: string, day: Day, plans: PackagePlans): string | undefined {
  const lines = Object.entries(plans)
    .map(([name, plan]) => `${name} ${plan}`)
    .sort();
  if (lines.length === 0) return undefined;
  const hash = createHash("sha256").update(["organization", owner.toLowerCase(), ...lines].join("\n"));
  return `${day}-${hash.digest("hex").slice(0, 12)}`;
}

/** Returns the package's plan id as it enters an organisation's id; `undefined` where nothing would be deleted as of that day. */
export function packagePlan(graph: Graph, policy: Policy, asOf: Day): string | undefined {
  const digests = planByStamps(graph, policy, asOf).deletions.digests();
  return digests.length === 0 ? undefined : idOf(graph, asOf, digests);
}

/** Returns the plan without any record of the package. */
function planByStamps(graph: Graph, policy: Policy, asOf: Day): Plan {
  return computePlan(seenBy(undefined, graph).graph, policy, { asOf });
}

/** The organisation's approval as the program passes it to one package. */
export interface OrganizationApproval {
  /** Today's id. */
  readonly id?: string;
  /** The id that the config approves. */
  readonly approve?: string;
  /** This package's plan among those of the approved id, if that id results from all packages as of its day. */
  readonly confirmed?: string;
}

/** An id of the organisation, and this package's own plan in it. */
export interface Offer {
  readonly id: string;
  readonly plan: string;
}

/** The package's record of the organisation's approvals. */
export interface OrganizationRecord {
  /** The last id that a run printed. */
  readonly offered?: Offer;
  /** The ids before it, the latest last. */
  readonly earlier?: readonly Offer[];
  /** The id that was honoured last. */
  readonly approved?: Offer;
}

/** Enough for a pull request that is open for two weeks, while every night prints another id. */
const maxEarlier = 14;

/** Puts an offer on record. Those before it stay there: a pull request approves the id that it was opened with. */
export function withOffer({ offered, earlier = [] }: OrganizationRecord, offer: Offer | undefined): OrganizationRecord {
  const before = [...earlier, ...(offered ? [offered] : [])].filter(({ id }) => id !== offer?.id).slice(-maxEarlier);
  return { ...(offer ? { offered: offer } : {}), ...(before.length > 0 ? { earlier: before } : {}) };
}

/** Returns this package's own plan under an id that is on record. */
export function planOnRecord({ approved, offered, earlier = [] }: OrganizationRecord, id: string): string | undefined {
  return [approved, offered, ...earlier].find((one) => one?.id === id)?.plan;
}

/** What a package of the organisation has on record, and its plan that waits. */
export interface RecordedMember {
  readonly record: OrganizationRecord | undefined;
  readonly waiting: string | undefined;
}

/**
 * Returns the first id on record that stands for exactly what waits today: where nothing waits, it may name the plan that is approved
 * already. Unlike today's id, no push changes it, and the next run knows it. `approve` is the id that the config names. Pure.
 */
export function idOnRecord(members: readonly RecordedMember[], approve: string | undefined): string | undefined {
  const { offered, earlier = [] } = members.find(({ waiting }) => waiting !== undefined)?.record ?? {};
  const stands =
    (id: string) =>
    ({ record = {}, waiting }: RecordedMember) => {
      const plan = planOnRecord(record, id);
      return plan === waiting || (waiting === undefined && plan === record.approved?.plan);
    };
  return [...earlier, ...(offered ? [offered] : [])].map(({ id }) => id).find((id) => id !== approve && members.every(stands(id)));
}

/**
 * This package's own plan that the organisation's approval covers: on record, or recomputed as of its day from all
 * packages. `undefined`: none. Pure.
 */
export function approvedByOrganization(
  { graph, policy, record }: Pick<Situation, "graph" | "policy" | "record">,
  known: OrganizationRecord,
  { approve, confirmed }: OrganizationApproval,
): string | undefined {
  if (approve === undefined) return undefined;
  const recorded = planOnRecord(known, approve);
  if (recorded !== undefined) return recorded;
  if (confirmed === undefined) return undefined;
  const asOf = dayOfPlan(confirmed);
  const plan = planByStamps(graph, policy, asOf);
  if (idOf(graph, asOf, plan.deletions.digests()) !== confirmed) return undefined;
  const seen = computePlan(seenBy(record.sightings, graph).graph, policy, { asOf });
  // Versions in their grace period were shown apart from the plan of that day, and what is being carried out was part of it.
  const open = openPart(seen, policy, { still: stillThere(graph, record), candidates: record.candidates ?? {} });
  const digests = plan.deletions.narrowedTo(new Set(Object.keys(open))).digests();
  return digests.length === 0 ? known.approved?.plan : idOf(graph, asOf, digests, underWay(record.plans));
}
