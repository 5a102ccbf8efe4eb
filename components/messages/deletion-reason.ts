import type { DeletionReason, Reasons } from "../plan/deletion-reason";
import { describeAge } from "./age";
import { lastTaggedText } from "./last-tagged";

/** Writes why a version goes, as the diff, the ledger and `explain` show it. */
export function deletionText(reason: DeletionReason): string {
  switch (reason.kind) {
    case "tagged-image":
      return `${reason.tags.join(", ")}, ${describeAge(reason.age)} old (${reason.rules.join(", ")})`;
    case "untagged-image":
      return `${untaggedText(reason)}, ${describeAge(reason.age)} old, nothing needs it (${reason.rules.join(", ")})`;
    case "part":
      return `${reason.as} of ${reason.of}`;
    case "leftover":
      return "part of an image that is deleted already";
    case "interrupted":
      return "deleted by a run that was cut off";
    case "found":
      return "found deleted, not recorded: by whom is not known";
    case "recorded":
      return reason.text;
  }
}

function untaggedText({ lastTagged }: Extract<DeletionReason, { kind: "untagged-image" }>): string {
  return lastTagged ? lastTaggedText(lastTagged) : "untagged";
}

/** Writes all reasons, by digest. */
export function deletionTexts(reasons: Reasons): Record<string, string> {
  return Object.fromEntries(Object.entries(reasons).map(([digest, reason]) => [digest, deletionText(reason)]));
}
