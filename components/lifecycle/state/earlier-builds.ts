import type { NoticeId } from "../../approval/notice";
import { digestPrefix } from "../../approval/record";
import type { StoredKinds, StoredReasons } from "./stored-reasons";

/**
 * Reads the states of builds up to commit d36cf33, which stored texts without their kinds. No other code reads stored
 * texts; `tests/fixtures/states` holds states of such a build.
 */

/** Returns the kinds of a waiting plan's reasons. */
export function kindsOfEarlierBuild(texts: StoredReasons): StoredKinds {
  const untagged = Object.entries(texts).filter(([, text]) => text.startsWith("untagged, "));
  return { "untagged-image": untagged.map(([digest]) => digestPrefix(digest)).join(" ") };
}

const notices: readonly (readonly [NoticeId["kind"], RegExp])[] = [
  ["approval-void", /^approval (\S+) is void: /],
  ["approval-over-limits", /^approval (\S+) is not honoured: /],
  ["approval-shrunk", /^approval (\S+): \d+ of its \d+ versions stay, /],
  ["ledger-expiry", /^\d+ versions leave the ledger on (\d{4}-\d{2}-\d{2}): /],
  ["restore-unknown", /^restore: nothing that this policy deleted, and GitHub can still restore, is named (.+)$/],
];

/** Returns what a notice is about; `undefined` where its text is of no known form. */
export function noticeOfEarlierBuild(text: string): NoticeId | undefined {
  for (const [kind, form] of notices) {
    const [, subject] = form.exec(text) ?? [];
    if (subject !== undefined) return { kind, subject };
  }
  return undefined;
}
