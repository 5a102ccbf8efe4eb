import type { Deployment, DeploymentsRefused } from "../model/deployments";
import type { CountingChange } from "../plan/counting-changes";
import type { DeletionReason } from "../plan/deletion-reason";
import type { Day } from "../plan/plan-id";
import type { InUse } from "../rules/policy";
import type { LimitBreach } from "./limits";
import type { PolicyChange } from "./policy-changes";
import type { Replaced } from "./record";

/** Why an approval approves nothing. */
export type VoidCause =
  | { readonly kind: "future-day"; readonly today: Day }
  /** Another package of the stack has a plan of this id, waiting or approved. */
  | { readonly kind: "other-package"; readonly package: string }
  /** Under the policy of the last run, the id would still be that of a plan. */
  | { readonly kind: "rules-changed"; readonly changes: readonly PolicyChange[] }
  /** The plan waited, and a run put another one in its place. */
  | ({ readonly kind: "set-changed" } & Omit<Replaced, "changes">)
  /** `waiting`: the plan that waits instead. */
  | { readonly kind: "not-on-record"; readonly waiting?: string };

/** Something that whoever approved a plan, or asked for a restore, should know. `messages/notice.ts` makes it text. */
export type Notice =
  | { readonly kind: "approval-void"; readonly id: string; readonly cause: VoidCause }
  /** The config does not name it any more. Of the `total` versions that it covered, `left` are still there, and no other approval covers them. */
  | { readonly kind: "approval-ended"; readonly id: string; readonly left: number; readonly total: number }
  | { readonly kind: "approval-over-limits"; readonly id: string; readonly breach: LimitBreach }
  /** `staying` of the `total` approved versions are needed, tagged, changed or gone by now. */
  | { readonly kind: "approval-shrunk"; readonly id: string; readonly staying: number; readonly total: number }
  /** GitHub cannot restore these any more, so they leave the ledger on that day. */
  | { readonly kind: "ledger-expiry"; readonly count: number; readonly day: Day }
  /** GitHub lists these as deleted, and they enter the ledger on that day. */
  | { readonly kind: "found-deleted"; readonly count: number; readonly day: Day }
  /** The plan deletes images without a tag, and no run has seen the package's tags yet. */
  | { readonly kind: "tags-never-seen"; readonly untagged: number }
  /** The first decision of a build that counts releases: `mostRecent` of this rule keeps others than before. */
  | ({ readonly kind: "counts-releases" } & CountingChange)
  /** GitHub renewed the stamps of so many versions on that day. `since`: the first run on record. */
  | { readonly kind: "stamps-renewed"; readonly day: Day; readonly versions: number; readonly since?: Day }
  /** The policy asks GitHub where images run, and GitHub does not answer. */
  | { readonly kind: "deployments-not-asked"; readonly because: DeploymentsRefused; readonly github: InUse["github"] }
  /** GitHub has it on record as deployed, and lists it as deleted from this package. */
  | { readonly kind: "deployed-and-deleted"; readonly digest: string; readonly deployments: readonly Deployment[]; readonly until?: Day }
  /** `image`, of that digest, lists so many versions that this policy deleted; they are restored. */
  | { readonly kind: "lacks-deleted"; readonly image: string; readonly digest: string; readonly parts: number }
  | { readonly kind: "restore-unknown"; readonly reference: string }
  /** `approve` or `restore` names it, and a resource that is new to its stack cannot tell whether it was carried out long ago. */
  | { readonly kind: "record-is-new"; readonly setting: "approve" | "restore"; readonly reference: string }
  | { readonly kind: "restore-expired"; readonly digest: string; readonly reference: string; readonly reason: DeletionReason | undefined }
  /** As an earlier run stored it; without a kind where this build does not know it. */
  | { readonly kind: "recorded"; readonly was?: NoticeId; readonly text: string };

/** The kind of a notice and what it is about: an approval's id, a day, a reference, a digest. */
export interface NoticeId {
  readonly kind: Exclude<Notice["kind"], "recorded">;
  readonly subject: string;
}

/** Identifies a notice, so that the one on record and the one found again count as one. */
export function noticeIdOf(notice: Notice): NoticeId | undefined {
  switch (notice.kind) {
    case "recorded":
      return notice.was;
    case "ledger-expiry":
    case "found-deleted":
    case "stamps-renewed":
      return { kind: notice.kind, subject: notice.day };
    case "restore-unknown":
    case "record-is-new":
      return { kind: notice.kind, subject: notice.reference };
    case "counts-releases":
      return { kind: notice.kind, subject: notice.rule };
    case "deployments-not-asked":
      return { kind: notice.kind, subject: "github" };
    case "tags-never-seen":
      return { kind: notice.kind, subject: "untagged" };
    case "restore-expired":
    case "deployed-and-deleted":
    case "lacks-deleted":
      return { kind: notice.kind, subject: notice.digest };
    default:
      return { kind: notice.kind, subject: notice.id };
  }
}

/** The notices that say that something a person asked for does not happen. */
const faults: ReadonlySet<NoticeId["kind"]> = new Set(["approval-void", "approval-over-limits", "restore-unknown", "restore-expired"]);

/** Reports whether the run fails with a notice, unless the policy says `onVoid: warn`. */
export function isFault(notice: Notice): boolean {
  const id = noticeIdOf(notice);
  return id !== undefined && faults.has(id.kind);
}

/** Merges the notices on record with those of a new decision; each appears once, in the order of the record. */
export function mergeNotices(recorded: readonly Notice[], found: readonly Notice[]): Notice[] {
  return [...recorded, ...notAmong(found, recorded)];
}

/** Returns the notices that are not among those. */
export function notAmong(notices: readonly Notice[], told: readonly Notice[]): Notice[] {
  const known = new Set(told.map(keyOf));
  return notices.filter((notice) => !known.has(keyOf(notice)));
}

function keyOf(notice: Notice): string | Notice {
  const id = noticeIdOf(notice);
  return id === undefined ? notice : `${id.kind} ${id.subject}`;
}
