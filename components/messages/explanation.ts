import type { Explanation } from "../approval/explain";
import type { Fate } from "../approval/fate";
import type { Gone, Restorable } from "../approval/gone";
import type { Graph } from "../graph/graph";
import { isDigest } from "../plan/find-version";
import { deletionText } from "./deletion-reason";
import { breachText } from "./limit-breach";
import { firstOf } from "./plurals";
import { stayText } from "./stay-reason";

/** Writes what becomes of a version, and why: `goes: pr-1, 53 days old (drop-pr); approved as plan …`. */
export function fateText(fate: Fate, graph: Pick<Graph, "nodes">): string {
  switch (fate.kind) {
    case "goes": {
      const approved = fate.plan === undefined ? "approved" : `plan ${fate.plan} is approved`;
      return `goes: ${deletionText(fate.planned.reason)}; ${approved}, and \`pulumi up\` deletes it`;
    }
    case "waits":
      return `goes once approved: ${deletionText(fate.planned.reason)}; plan ${fate.plan} waits for approval`;
    case "cannot-be-approved":
      return `stays for now: ${deletionText(fate.planned.reason)}; but plan ${fate.plan} cannot be approved: ${breachText(fate.breach)}`;
    case "in-grace":
      return `stays for now: ${deletionText(fate.planned.reason)}; in grace, deletable from ${fate.due}`;
    case "refused":
      return `stays: it is approved, and GitHub refused to delete it, or something that it needs to go with: ${fate.answer}`;
    case "restored":
      return `stays: ${fate.plan === undefined ? "a run of this policy" : `plan ${fate.plan}`} deleted it, and it was restored since; deleting it again takes another approval`;
    case "stays":
      return `stays: ${stayText(fate.reason, graph)}`;
  }
}

/** Writes when a version was deleted, by which plan and why. `at` is that time as text. */
export function goneText({ plan, reason }: Pick<Gone, "plan" | "reason">, at: string | undefined): string {
  const when = at === undefined ? "is deleted, when is not known" : `was deleted at ${at}`;
  if (plan !== undefined) return `${when}, by plan ${plan}${reason === undefined ? "" : `: ${deletionText(reason)}`}`;
  if (reason !== undefined && reason.kind !== "found") return `${when}: ${deletionText(reason)}`;
  return `${when}, and not by a recorded run of this policy: by hand, by another tool, or by a run that left no record`;
}

/** Writes whether and until when GitHub restores a version. */
export function restorableText(restorable: Restorable): string {
  switch (restorable.kind) {
    case "restoring":
      return "the next `pulumi up` brings it back: `restore` names it, or something lacks it";
    case "until":
      return `until ${restorable.day}`;
    case "listed":
      return "GitHub still lists it; until when is not known, at most 30 days from its deletion";
    case "expired":
      return "no longer: GitHub keeps a deleted version for 30 days";
    case "unknown":
      return "not known: GitHub's list of deleted versions does not show it";
  }
}

const maxNamed = 5;

/** Writes why no single version is meant, and what to give instead. */
export function unknownReferenceText(
  label: string,
  reference: string,
  explanation: Extract<Explanation, { readonly kind: "ambiguous" | "unknown" }>,
): string {
  if (explanation.kind === "ambiguous") {
    const { digests } = explanation;
    const [only = "", ...others] = digests;
    if (others.length === 0) {
      const meant = `${only.slice(0, only.indexOf(":") + 1)}${reference}`;
      return `${label} has no tag "${reference}" and no version of that id, but one digest begins so: ask for \`${meant}\` to mean ${only}`;
    }
    return `${label}: "${reference}" begins ${digests.length} digests: ${firstOf(digests, maxNamed)}; expected more of its digits`;
  }
  const gone = explanation.listed
    ? "none of what GitHub can still restore does either: it was never there, or was deleted more than 30 days ago"
    : "whether it was deleted is not known, since GitHub shows this token no deleted versions; nothing on the stack's record has that name";
  const what = isDigest(reference) ? `the digest ${reference}` : `the name "${reference}"`;
  return `${label} has no version with ${what}, and ${gone}; expected a tag, a digest or its beginning of at least 4 digits, or the id of a version`;
}
