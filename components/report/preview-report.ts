import type { Decision } from "../approval/decide";
import { approvedDigests, type Done } from "../approval/done";
import { type InGrace, inGrace } from "../approval/in-grace";
import { automaticBreachOf } from "../approval/limits";
import { mergeNotices, type Notice, notAmong, noticeIdOf } from "../approval/notice";
import type { Pending } from "../approval/record";
import { tokenNoticeText } from "../messages/diagnosis";
import { inUseText, unreadText } from "../messages/in-use";
import { notApprovableText } from "../messages/limit-breach";
import { noticeText } from "../messages/notice";
import { count } from "../messages/plurals";
import { exposedText, idleRulesText, ruleWarningText } from "../messages/rule-warning";
import { passedOnText } from "../messages/run-part";
import { storageText } from "../messages/storage";
import type { InUseSummary } from "../model/in-use-summary";
import type { Plan } from "../plan/plan";
import { idleRules, ruleWarnings } from "../plan/rule-warnings";
import type { FreedStorage } from "../plan/storage";
import { unmatchedKeeps } from "../plan/unmatched-keeps";
import type { Policy } from "../rules/policy";
import type { RaiseWith } from "./approval-line";
import type { FreedByPlans } from "./freed-storage";
import { afterGraceAlerts, graceTable } from "./grace";
import { type ImageRow, imagesOf } from "./images-table";
import { refusedList, restoredList, restoringList, withheldTable } from "./package-lists";
import {
  brokenAlerts,
  danglingNotes,
  derivedTagNotes,
  movingTagAlerts,
  protectAlerts,
  subjectsUnknownAlerts,
  unreadableNotes,
} from "./package-notes";
import { type Alert, type Block, type Headline, type Paragraph, type ReportedPlan, renderParagraphs, withheldText } from "./paragraph";
import { plannedTable } from "./planned-table";
import { boundlessRuleAlerts } from "./policy-alerts";
import { tokenNoticesOf } from "./token-notices";

export interface ReportOptions extends Done {
  readonly frees: FreedByPlans;
  /** Returns the line that approves a plan, given its id; absent where nobody should approve by this report. */
  readonly approveWith?: ((planId: string) => string) | undefined;
  /** Returns the lines that raise a limit far enough. */
  readonly raiseWith?: RaiseWith;
  /** What the run found when it compared its record with the package; deciding again does not find it. */
  readonly notices: readonly Notice[];
  /** Notices that the run's error says. */
  readonly told?: readonly Notice[];
  /** What the policy was told of images in use. */
  readonly inUse?: InUseSummary | undefined;
  /** The properties of the policy that differ from what the program gave. */
  readonly changed?: readonly string[] | undefined;
}

/** Writes what a preview says of a package: one line for the Info column, then the tables, then the line that approves the plan. */
export function previewReport(decision: Decision, policy: Policy, options: ReportOptions): string {
  return renderParagraphs(previewParagraphs(decision, policy, options));
}

/** Returns the paragraphs of a preview's report, in order. Pure. */
export function previewParagraphs(decision: Decision, policy: Policy, options: ReportOptions): Paragraph[] {
  const { pending } = decision;
  const approved = approvedDigests(decision, options);
  const waiting = inGrace(decision, policy);
  const { frees } = options;
  const leaving = [...approved, ...Object.keys(pending?.deletions ?? {}), ...waiting.digests];
  const notices = notAmong(mergeNotices(options.notices, decision.notices), options.told ?? []);
  // A preview ends with the line that approves its plan, so what concerns the plan itself stands above that line.
  const isOfPlan = (one: Notice) => pending?.refused === undefined && pending !== undefined && noticeIdOf(one)?.kind === "tags-never-seen";
  const ofPlan = notices.filter(isOfPlan).map(noticeText);
  return [
    ...(approved.length > 0 ? [approvedPlan(decision, approved, frees, policy)] : []),
    ...(pending ? [waitingPlan(decision, { pending, notes: ofPlan, approved }, policy, options)] : []),
    ...(approved.length === 0 && !pending ? [idle(decision, waiting)] : []),
    ...movingTagAlerts(decision.plan, leaving).map(alert),
    ...passedOnAlerts(options.changed ?? []).map(alert),
    ...tokenNoticesOf(decision).map(tokenNoticeText).map(notice),
    ...blocks(restoringList(decision)),
    ...blocks(restoredList(decision, options)),
    ...notices
      .filter((one) => !isOfPlan(one))
      .map(noticeText)
      .map(notice),
    ...blocks(graceTable(decision, waiting, policy)),
    ...afterGraceAlerts(decision, waiting, policy, options.raiseWith).map(alert),
    ...brokenAlerts(decision.plan).map(alert),
    ...danglingNotes(decision.plan).map(notice),
    ...subjectsUnknownAlerts(decision.plan, policy).map(alert),
    ...derivedTagNotes(decision.plan).map(notice),
    ...protectAlerts(decision.plan, policy).map(alert),
    ...inUseParagraphs(options.inUse),
    ...boundlessRuleAlerts(policy).map(alert),
    ...unreadableNotes(decision.plan, policy).map(notice),
    ...ruleParagraphs(decision.plan, policy),
    ...blocks(refusedList(decision.plan, options.refused)),
    ...blocks(withheldTable(decision.plan)),
  ];
}

function inUseParagraphs(inUse: InUseSummary | undefined): Paragraph[] {
  if (inUse === undefined) return [];
  const unread = unreadText(inUse);
  return [notice(inUseText(inUse)), ...(unread === undefined ? [] : [alert({ kind: "warning", text: unread })])];
}

/** Says which rules have no effect, or not the one that is meant. */
function ruleParagraphs(plan: Plan, policy: Policy): Paragraph[] {
  const { exposed, idle } = unmatchedKeeps(plan, policy);
  const all = [...idleRules(plan, policy), ...idle];
  return [
    ...[...ruleWarnings(policy).map(ruleWarningText), ...exposed.map(exposedText)].map((text) => alert({ kind: "warning", text })),
    ...(all.length === 0 ? [] : [{ kind: "note" as const, text: idleRulesText(all) }]),
  ];
}

function passedOnAlerts(changed: readonly string[]): Alert[] {
  return changed.length === 0 ? [] : [{ kind: "warning", text: passedOnText(changed) }];
}

function notice(text: string): Paragraph {
  return { kind: "notice", text };
}

function alert(of: Alert): Paragraph {
  return { kind: "alert", alert: of };
}

function blocks(block: Block | undefined): Paragraph[] {
  return block === undefined ? [] : [{ kind: "block", block }];
}

interface PlannedVersions {
  readonly id: string;
  readonly digests: readonly string[];
  readonly images: readonly ImageRow[];
}

function headlineOf(decision: Decision, { id, digests, images }: PlannedVersions): Headline {
  const total = decision.plan.deletions.graph.nodes.length;
  return {
    id,
    deletes: digests.length,
    total,
    images: images.length,
    keeps: total - digests.length,
    withheld: decision.plan.withheld.length,
  };
}

function approvedPlan(decision: Decision, digests: readonly string[], { approved }: FreedByPlans, { limits }: Policy): Paragraph {
  const images = imagesOf(decision.plan, digests);
  const headline = headlineOf(decision, { id: approvalsOf(decision, digests).join(" + "), digests, images });
  const note =
    digests.length <= limits.deletions
      ? "`pulumi up` deletes these."
      : `\`pulumi up\` deletes these, at most ${limits.deletions} in one run (limits.deletions); the rest waits, approved, for the next.`;
  return { kind: "plan", plan: { headline, state: "approved", note, ...storageOf(approved) }, table: plannedTable(decision.plan, images) };
}

interface Waiting {
  readonly pending: Pending;
  /** Notices about this plan. */
  readonly notes: readonly string[];
  /** The digests that standing approvals delete meanwhile. */
  readonly approved: readonly string[];
}

function storageOf(freed: FreedStorage | undefined): Pick<ReportedPlan, "storage"> {
  return freed === undefined ? {} : { storage: storageText(freed) };
}

function waitingPlan(decision: Decision, waiting: Waiting, policy: Policy, options: ReportOptions): Paragraph {
  const { pending, notes } = waiting;
  const { approveWith, frees, raiseWith } = options;
  const digests = Object.keys(pending.deletions);
  const images = imagesOf(decision.plan, digests);
  const headline = headlineOf(decision, { id: pending.id, digests, images });
  const table = plannedTable(decision.plan, images);
  if (pending.refused !== undefined) {
    const note = `${notApprovableText(pending.refused, raiseWith?.(pending.refused))}.`;
    return { kind: "plan", plan: { headline, state: "refused", note, ...storageOf(frees.waiting) }, table };
  }
  const note = [waitingNote(decision, waiting, policy, raiseWith), ...notes.map((text) => `${text}.`)].join(" ");
  return {
    kind: "plan",
    plan: {
      headline,
      state: "waiting",
      note,
      ...(approveWith ? { approveWith: approveWith(pending.id) } : {}),
      ...storageOf(frees.waiting),
    },
    table,
  };
}

function waitingNote(decision: Decision, { pending, approved }: Waiting, { approval, limits }: Policy, raiseWith?: RaiseWith): string {
  const { plan } = decision;
  const size = Object.keys(pending.deletions).length;
  const breach = approval === "automatic" ? automaticBreachOf(limits, size, plan.deletions.graph) : undefined;
  const runs = Math.ceil(size / limits.deletions);
  const left = approvalsOf(decision, approved);
  return [
    "nothing is deleted until then.",
    ...(pending.continues ?? [])
      .filter((id) => left.includes(id))
      .map((id) => `Its approval may replace that of ${id}, whose rest it covers.`),
    ...(breach === undefined ? [] : [`It does not go by itself: ${notApprovableText(breach, raiseWith?.(breach))}.`]),
    ...(runs > 1 ? [`Once approved, it goes in ${runs} runs of at most ${count(limits.deletions, "version")} (limits.deletions).`] : []),
  ].join(" ");
}

/** Returns the plans on record that cover these versions. */
function approvalsOf({ plan, plans }: Decision, digests: readonly string[]): string[] {
  const { nodes, byDigest } = plan.deletions.graph;
  const ids = new Set(digests.map((digest) => nodes[byDigest.get(digest) ?? -1]?.version.id));
  return Object.entries(plans).flatMap(([id, { images, parts }]) => ([...images, ...parts].some((one) => ids.has(one)) ? [id] : []));
}

function idle({ plan, restoring = {} }: Decision, { digests, due }: InGrace): Paragraph {
  const back = Object.keys(restoring).length;
  const total = plan.deletions.graph.nodes.length;
  const [first] = [...due.values()].sort();
  const head =
    digests.length === 0
      ? `nothing to delete: keep ${total === 1 ? "the only version" : `all ${total} versions`}`
      : `${digests.length} of ${count(total, "version")} in grace, deletable from ${first}: nothing to delete yet`;
  return { kind: "idle", text: `${back > 0 ? `restore ${count(back, "version")}, ` : ""}${head}${withheldText(plan.withheld.length)}` };
}
