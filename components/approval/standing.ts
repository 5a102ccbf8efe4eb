import type { Graph } from "../graph/graph";
import type { Policy } from "../rules/policy";
import type { Notice } from "./notice";
import { type ApprovalRecord, type ApprovedIds, digestPrefix } from "./record";

/** Returns the approvals that the config names, with those that they go on with: a plan that waited while another was carried out covers the rest of that one. */
export function namedApprovals({ plans, pending }: ApprovalRecord, named: readonly string[]): ReadonlySet<string> {
  const standing = new Set(named);
  for (const id of standing) {
    const continues = plans[id]?.continues ?? (pending?.id === id ? pending.continues : undefined);
    for (const other of continues ?? []) standing.add(other);
  }
  return standing;
}

/** Returns the plans on record that still have versions to delete, in their order. */
export function underWay(plans: ApprovalRecord["plans"]): string[] {
  return Object.entries(plans).flatMap(([id, { images, parts }]) => (images.length + parts.length > 0 ? [id] : []));
}

/** Returns the plans on record that somebody approved. */
export function approvedByPeople(plans: ApprovalRecord["plans"]): string[] {
  return Object.entries(plans).flatMap(([id, { automatic }]) => (automatic ? [] : [id]));
}

/** What the end of approvals leaves on record. */
export interface Standing {
  readonly record: ApprovalRecord;
  readonly notices: readonly Notice[];
}

/**
 * Ends each approval that does not stand in the config: its pending deletions stop, and past ones stay on record (S2). Where plans go
 * by themselves, those that did so go on.
 */
export function endOthers(graph: Graph, record: ApprovalRecord, { approval }: Policy, standing: ReadonlySet<string>): Standing {
  const versions = new Map(graph.nodes.map(({ version }) => [version.id, version.digest]));
  const left = ({ images, parts }: ApprovedIds) => [...images, ...parts].filter((id) => versions.has(id));
  const stands = ([id, { automatic }]: [string, ApprovedIds]) => standing.has(id) || (approval === "automatic" && automatic === true);
  const all = Object.entries(record.plans);
  const plans = all.filter(stands);
  if (plans.length === all.length) return { record, notices: [] };
  const covered = new Set(plans.flatMap(([, ids]) => left(ids)));
  const deletions = Object.entries(record.deletions).filter(([digest]) => {
    const version = graph.nodes[graph.byDigest.get(digest) ?? -1]?.version;
    return version === undefined || covered.has(version.id);
  });
  const ended = Object.fromEntries(all.filter((one) => !stands(one)));
  // Whoever approved one that goes on with another approved the rest of that one as well.
  const continued = new Set(Object.values(ended).flatMap(({ continues = [] }) => continues));
  const notices = Object.keys(ended).flatMap((id): Notice[] => {
    if (continued.has(id)) return [];
    const ids = withContinued(ended, id);
    const rest = ids.flatMap((one) => left(ended[one] ?? none)).filter((version) => !covered.has(version));
    const prefixes = rest.map((version) => digestPrefix(versions.get(version) ?? ""));
    const total = new Set([...prefixes, ...ids.flatMap((one) => record.deleted?.[one]?.images.flat() ?? [])]).size;
    return prefixes.length === 0 ? [] : [{ kind: "approval-ended", id, left: new Set(prefixes).size, total }];
  });
  return { record: { ...record, deletions: Object.fromEntries(deletions), plans: Object.fromEntries(plans) }, notices };
}

const none: ApprovedIds = { images: [], parts: [], tags: [] };

/** Returns a plan with those that it goes on with, among these. */
function withContinued(plans: ApprovalRecord["plans"], id: string): string[] {
  const found = new Set([id]);
  for (const one of found) for (const other of plans[one]?.continues ?? []) if (plans[other] !== undefined) found.add(other);
  return [...found];
}
