import { type Notice, noticeIdOf, type VoidCause } from "../approval/notice";
import { shortDigest } from "../plan/node-names";
import { dayOfPlan } from "../plan/plan-id";
import { deletionText } from "./deletion-reason";
import { deploymentsText, notAskedText } from "./deployments";
import { breachText } from "./limit-breach";
import { count, firstOf } from "./plurals";
import { policyChangesText } from "./policy-change";

/** Writes a notice. */
export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case "approval-void":
      return `approval ${notice.id} is void: ${voidText(notice.id, notice.cause)}; nothing is deleted under it`;
    case "approval-ended":
      return (
        `approval ${notice.id} has ended, since the config does not name it any more: ${endedText(notice)} that it ` +
        `covered ${notice.left === 1 ? "is" : "are"} not deleted without a new approval`
      );
    case "approval-over-limits":
      return `approval ${notice.id} is not honoured: ${breachText(notice.breach)}`;
    case "approval-shrunk":
      return `approval ${notice.id}: ${notice.staying} of its ${count(notice.total, "version")} ${notice.staying === 1 ? "stays, since it is" : "stay, since they are"} needed, tagged, changed or gone by now`;
    case "ledger-expiry":
      return `${count(notice.count, "version")} ${notice.count === 1 ? "leaves" : "leave"} the ledger on ${notice.day}: GitHub restores what was deleted within the last 30 days`;
    case "found-deleted":
      return (
        `${count(notice.count, "version")} that GitHub can still restore ${notice.count === 1 ? "is" : "are"} on no record here: deleted by hand, by another tool or by a run ` +
        "of this policy that left no record. " +
        (notice.count === 1
          ? "It enters the ledger as found, and `restore` brings it"
          : "They enter the ledger as found, and `restore` brings them") +
        " back by digest, by tag or by time"
      );
    case "tags-never-seen":
      return (
        `No run has seen this package's tags yet: ${count(notice.untagged, "image")} without a tag would go by GitHub's stamps, which do not ` +
        "tell when an image lost its tag. `grace: 7d` in the policy would give such images a week; after the first `pulumi up`, they count " +
        "from the last run that saw them tagged"
      );
    case "counts-releases":
      return `${notice.rule}: \`mostRecent\` counts releases since this version of ghcr-retention: ${countingText(notice)}. Look at what the plan deletes`;
    case "stamps-renewed":
      return (
        `GitHub renewed the stamps of ${count(notice.versions, "version")} on ${notice.day}, which are no longer the days of their last change: ages count ` +
        `from each push, and of what has no tag ${
          notice.since === undefined
            ? "from the renewal, since no run has seen this package's tags before"
            : `from ${notice.since} at the earliest, the first run that saw this package's tags`
        }`
      );
    case "deployments-not-asked":
      return notAskedText(notice.because, notice.github);
    case "deployed-and-deleted":
      return (
        `in use, and not in the package: ${notice.digest} is deployed as ${deploymentsText(notice.deployments)}. Unless that runs from another ` +
        `package, \`restore: ["${notice.digest}"]\` brings it back${notice.until === undefined ? "" : `, until ${notice.until}`}`
      );
    case "lacks-deleted":
      return (
        `incomplete: ${notice.image} names ${count(notice.parts, "version")} that ${notice.parts === 1 ? "was" : "were"} deleted under this ` +
        `policy. \`pulumi up\` restores ${notice.parts === 1 ? "it" : "them"}`
      );
    case "restore-unknown":
      return `restore: nothing that GitHub can still restore is named ${notice.reference}: expected a digest, a tag, a plan id or a time of the last 30 days`;
    case "record-is-new":
      return (
        `\`${notice.setting}\` names ${notice.reference}, and this stack's record of the package begins today, so it does not tell whether that was ` +
        "carried out: nothing is done for it. Take it out"
      );
    case "restore-expired": {
      const what = notice.reason === undefined ? notice.reference : deletionText(notice.reason);
      return `restore: ${shortDigest(notice.digest)} (${what}) cannot be restored any more; GitHub keeps a deleted version for 30 days`;
    }
    case "recorded":
      return notice.text;
  }
}

function endedText({ left, total }: Extract<Notice, { kind: "approval-ended" }>): string {
  return left === total ? count(left, "version") : `${left} of the ${count(total, "version")}`;
}

/** Writes in a few words why a run fails by a notice. */
export function faultSummaryText(notice: Notice): string {
  const { kind, subject = "" } = noticeIdOf(notice) ?? {};
  if (kind === "approval-void") return `approval ${subject} is void`;
  if (kind === "approval-over-limits") return `approval ${subject} is not honoured`;
  return "`restore` names what GitHub cannot restore";
}

/** Writes why an organisation's approval approves nothing. `owner`: the package whose own plan has the id. */
export function voidOrganizationText(id: string, owner: string | undefined): string {
  const why =
    owner === undefined
      ? `it is on record in no package, and the plans as of ${dayOfPlan(id)} are others. Either the id is mistyped, or the rules or one of the packages changed since`
      : `this id is of package ${owner} alone: approve it there`;
  return `approval ${id} is void: ${why}; nothing is deleted under it`;
}

function countingText({ parts, referrers }: Extract<Notice, { kind: "counts-releases" }>): string {
  const one = parts.length === 1;
  return [
    ...(parts.length === 0
      ? []
      : [
          `${count(parts.length, "tagged part")} of other images (${firstOf(parts, 3)}) ${one ? "takes" : "take"} no place any more and ${one ? "stays" : "stay"} with ${one ? "its image" : "them"}`,
        ]),
    ...(referrers.length === 0
      ? []
      : [
          `${count(referrers.length, "tagged referrer")} (${firstOf(referrers, 3)}) ${referrers.length === 1 ? "takes a place" : "take places"} now`,
        ]),
  ].join("; ");
}

function voidText(id: string, cause: VoidCause): string {
  switch (cause.kind) {
    case "future-day":
      return `its day is still to come (today is ${cause.today}), and no preview can have printed it`;
    case "other-package":
      return `this id is of package ${cause.package}: approve it there`;
    case "rules-changed":
      return `the rules changed since: ${policyChangesText(cause.changes)}`;
    case "set-changed": {
      const changes = [
        ...(cause.came > 0 ? [`${count(cause.came, "version")} came`] : []),
        ...(cause.went > 0 ? [`${count(cause.went, "version")} went`] : []),
      ];
      return `the set changed since: ${changes.join(", ") || "its tags are others"}${cause.by === undefined ? "" : ` (plan ${cause.by} took its place)`}`;
    }
    case "not-on-record":
      return (
        `no plan of that id is on record here, and the plan as of ${dayOfPlan(id)} is another one. Either the id is mistyped, or one of its versions ` +
        `was tagged, pushed again or deleted since; ${cause.waiting === undefined ? "no plan waits today: take the line out" : `the plan that waits today is ${cause.waiting}`}`
      );
  }
}
