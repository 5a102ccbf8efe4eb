import type { Notice } from "../../../components/approval/notice";
import { deletionTexts } from "../../../components/messages/deletion-reason";
import { noticeText } from "../../../components/messages/notice";
import type { Reasons } from "../../../components/plan/deletion-reason";

/** The notices as a person reads them. */
export function noticesIn({ notices }: { readonly notices: readonly Notice[] }): string[] {
  return notices.map(noticeText);
}

/** The reasons as a person reads them. */
export function textsOf(reasons: Reasons | undefined): Record<string, string> {
  return deletionTexts(reasons ?? {});
}

/** Reasons as an earlier run stored them. */
export function recorded(texts: Readonly<Record<string, string>>): Reasons {
  return Object.fromEntries(Object.entries(texts).map(([digest, text]) => [digest, { kind: "recorded", text }]));
}

/** A notice as an earlier run stored it. */
export function recordedNotice(text: string, was?: Extract<Notice, { kind: "recorded" }>["was"]): Notice {
  return { kind: "recorded", text, ...(was ? { was } : {}) };
}
