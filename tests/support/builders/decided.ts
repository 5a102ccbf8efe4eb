import { type Decision, decide } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import { buildGraph } from "../../../components/graph/graph";
import type { DeletedVersion } from "../../../components/model/inventory";
import type { Policy } from "../../../components/rules/policy";
import { day, digestOf, type Entry, moment, packageOf } from "./package";

/** A stack that ran once and remembers nothing. */
export const nothing: ApprovalRecord = {
  deletions: {},
  plans: {},
  sightings: { first: "2026-11-01", last: "2026-11-01", tagged: new Map(), untagged: new Map(), countsReleases: true },
};

interface Circumstances {
  /** Days after today. */
  readonly days?: number;
  /** What GitHub lists as deleted. */
  readonly deleted?: readonly DeletedVersion[];
}

/** What the policy decides of a package, given what the stack remembers. */
export function decisionOn(
  entries: readonly Entry[],
  policy: Policy,
  record: ApprovalRecord = nothing,
  { days = 0, deleted }: Circumstances = {},
): Decision {
  const inventory = packageOf(...entries);
  return decide(buildGraph({ ...inventory, now: inventory.now + days * day, ...(deleted ? { deleted } : {}) }), policy, record);
}

/** A version on GitHub's list of deleted ones; `null`: GitHub does not say when it went. */
export function deletedVersion({ name, version }: Entry, id: number, deletedAt: number | null = moment): DeletedVersion {
  return { ...version, id, digest: digestOf(name), ...(deletedAt === null ? {} : { deletedAt }) };
}

/** The same versions with ids of their own, which they keep in a package that has lost some or gained others. */
export function numbered(entries: readonly Entry[], from = 1): Entry[] {
  return entries.map((entry, place) => ({ ...entry, version: { ...entry.version, id: from + place } }));
}
