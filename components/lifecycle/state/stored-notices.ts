import { type Notice, type NoticeId, noticeIdOf } from "../../approval/notice";
import { noticeText } from "../../messages/notice";
import { noticeOfEarlierBuild } from "./earlier-builds";

/** Notices as state holds them: a text for people, and at the same index `<kind> <subject>`. */
export interface StoredNotices {
  readonly notices?: readonly string[] | undefined;
  readonly noticeIds?: readonly string[] | undefined;
}

/** A record, so that the compiler finds a kind that is missing. */
const kinds: Readonly<Record<NoticeId["kind"], true>> = {
  "approval-void": true,
  "approval-ended": true,
  "approval-over-limits": true,
  "approval-shrunk": true,
  "ledger-expiry": true,
  "found-deleted": true,
  "tags-never-seen": true,
  "counts-releases": true,
  "stamps-renewed": true,
  "deployments-not-asked": true,
  "deployed-and-deleted": true,
  "lacks-deleted": true,
  "restore-unknown": true,
  "restore-expired": true,
  "record-is-new": true,
};

/** Returns the notices as state holds them; nothing where there are none. */
export function storeNotices(notices: readonly Notice[]): { notices?: string[]; noticeIds?: string[] } {
  if (notices.length === 0) return {};
  return { notices: notices.map(noticeText), noticeIds: notices.map((notice) => idText(noticeIdOf(notice))) };
}

/** Returns the notices that an earlier run stored. */
export function recallNotices({ notices = [], noticeIds }: StoredNotices): Notice[] {
  return notices.map((text, index) => {
    const was = noticeIds === undefined ? noticeOfEarlierBuild(text) : parseId(noticeIds[index] ?? "");
    return { kind: "recorded", text, ...(was ? { was } : {}) };
  });
}

/** A package that has a plan of an id, waiting or approved. */
export interface PlanOwner {
  readonly id: string;
  /** `owner/name`. */
  readonly package: string;
}

/** Says of a void approval whose plan it names: a package alone cannot know. */
export function withOwner<Stored extends StoredNotices>(stored: Stored, { id, package: name }: PlanOwner): Stored {
  const voided = idText({ kind: "approval-void", subject: id });
  const text = noticeText({ kind: "approval-void", id, cause: { kind: "other-package", package: name } });
  return { ...stored, notices: stored.notices?.map((notice, index) => (stored.noticeIds?.[index] === voided ? text : notice)) };
}

/** Returns the id of the approval that these notices call void. */
export function voidApprovalIn(stored: StoredNotices): string | undefined {
  return recallNotices(stored)
    .map(noticeIdOf)
    .find((id) => id?.kind === "approval-void")?.subject;
}

function idText(id: NoticeId | undefined): string {
  return id === undefined ? "" : `${id.kind} ${id.subject}`;
}

function parseId(text: string): NoticeId | undefined {
  const space = text.indexOf(" ");
  const kind = text.slice(0, Math.max(0, space));
  return Object.hasOwn(kinds, kind) ? { kind: kind as NoticeId["kind"], subject: text.slice(space + 1) } : undefined;
}
