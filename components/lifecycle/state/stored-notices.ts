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
  "restore-unknown": true,
  "restore-expired": true,
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

function idText(id: NoticeId | undefined): string {
  return id === undefined ? "" : `${id.kind} ${id.subject}`;
}

function parseId(text: string): NoticeId | undefined {
  const space = text.indexOf(" ");
  const kind = text.slice(0, Math.max(0, space));
  return Object.hasOwn(kinds, kind) ? { kind: kind as NoticeId["kind"], subject: text.slice(space + 1) } : undefined;
}
