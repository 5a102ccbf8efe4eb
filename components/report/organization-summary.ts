import { tokenNoticeText } from "../messages/diagnosis";
import { count, firstOf } from "../messages/plurals";
import { leftOutText } from "../messages/run-part";
import { storageText } from "../messages/storage";
import { dayOfPlan } from "../plan/plan-id";
import { type FreedStorage, sumOfFreed } from "../plan/storage";
import { byUrgency, type NamedStatus } from "./package-status";
import { withheldText } from "./paragraph";
import { renderTable } from "./text-table";

/** The state of all packages of an organisation, in numbers. */
export interface Summary {
  readonly packages: number;
  readonly versions: number;
  /** Versions approved and not deleted yet, or waiting for approval. */
  readonly planned: number;
  /** What the planned versions free, bytes; absent where nothing is planned, and where nothing is known of that. */
  readonly storage?: FreedStorage;
  readonly withheld: number;
  /** Deleted under the policies, and restorable. */
  readonly deleted: number;
  /** Packages with a plan that waits for approval. */
  readonly waiting: number;
  /** Packages that could not be read, or whose update broke off. */
  readonly failed: readonly string[];
  /** The plan that has waited longest, or `none`. */
  readonly oldestPlan: string;
}

export function summaryOf(statuses: readonly NamedStatus[]): Summary {
  const sum = (count: (status: NamedStatus) => number) => statuses.reduce((total, status) => total + count(status), 0);
  const storage = sumOfFreed(statuses.flatMap((status) => (status.planned > 0 ? [status.storage] : [])));
  const waiting = statuses.filter((status) => status.plan !== undefined && !cannotBeApproved(status));
  const [oldest] = [...waiting].sort((a, b) => ((a.plan ?? "") < (b.plan ?? "") ? -1 : 1));
  return {
    packages: statuses.length,
    versions: sum(({ versions }) => versions),
    planned: sum(({ planned }) => planned),
    ...(storage === undefined ? {} : { storage }),
    withheld: sum(({ withheld }) => withheld),
    deleted: sum(({ deleted }) => deleted),
    waiting: waiting.length,
    failed: statuses.filter(({ state }) => state === "failed").map((status) => status.package),
    oldestPlan: oldest?.plan === undefined ? "none" : `${oldest.plan} of ${oldest.package}`,
  };
}

function cannotBeApproved({ state, canBeApproved }: NamedStatus): boolean {
  return state === "refused" || canBeApproved === false;
}

export interface ApprovalText {
  /** The line that approves all plans of this run; absent where there are none, or where not all packages are known. */
  readonly line?: string | undefined;
  /** The id that the config approves. */
  readonly approve?: string | undefined;
  /** How many packages honour it. */
  readonly honouredBy: number;
  /** Why that id approves nothing; absent where it does, and where the run's error says it. */
  readonly voided?: string | undefined;
}

/** Maximum rows, so that the summary fits on a screen. */
const maxRows = 24;

/** Renders the report under the organisation's policy: one line for the Info column, a table of the packages that matter, the approval. */
export function renderSummary(statuses: readonly NamedStatus[], isPreview: boolean, approval: ApprovalText): string {
  const notable = [...statuses].sort(byUrgency).filter(({ state }) => state !== "quiet");
  const rows = notable
    .slice(0, maxRows)
    .map((status) => [
      status.package,
      described(status),
      `${status.planned} of ${status.versions}`,
      status.withheld === 0 ? "–" : String(status.withheld),
      status.plan ?? "–",
    ]);
  const more = notable.length - rows.length;
  const quiet = statuses.length - notable.length;
  const paragraphs = [
    summaryHeadline(statuses, isPreview),
    rows.length === 0 ? "" : renderTable(["package", "state", "planned", "withheld", "waiting plan"], rows, maxRows),
    [
      ...(more > 0 ? [`… and ${count(more, "more package")}, each with its plan under its own resource`] : []),
      ...(quiet > 0 ? [`${count(quiet, "package")} ${quiet === 1 ? "has" : "have"} nothing to delete`] : []),
    ].join("; "),
    raiseLines(notable),
    ...storageLines(statuses),
    ...(isPreview ? tokenLines(notable) : []),
    approvalNote(approval),
  ];
  return paragraphs.filter((paragraph) => paragraph !== "").join("\n\n");
}

const maxRaised = 5;

/** Names the lines with which plans that cannot be approved come within the limits. */
function raiseLines(statuses: readonly NamedStatus[]): string {
  const all = statuses.flatMap(({ package: name, raiseWith = [] }) => raiseWith.map((line) => `  ${line}   (${name})`));
  if (all.length === 0) return "";
  const more = all.length - maxRaised;
  return [
    "For the plans that cannot be approved, change the rules or raise the limit:",
    ...all.slice(0, maxRaised),
    ...(more > 0 ? [`  … and ${more} more, each under its own package`] : []),
  ].join("\n");
}

function storageLines(statuses: readonly NamedStatus[]): string[] {
  const { storage } = summaryOf(statuses);
  return storage === undefined ? [] : [`what is planned ${storageText(storage)}`];
}

/** All packages are observed with one token, so each of its notices stands once. */
function tokenLines(statuses: readonly NamedStatus[]): string[] {
  const all = statuses.flatMap((status) => (status.tokenNotices ?? []).map((notice) => ({ name: status.package, notice })));
  const kinds = new Set(all.map(({ notice }) => notice.kind));
  return [...kinds].flatMap((kind) => {
    const same = all.filter(({ notice }) => notice.kind === kind);
    const names = same.map(({ name }) => name);
    return same.slice(0, 1).map(({ notice }) => `${firstOf(names, 3)}: ${tokenNoticeText(notice)}`);
  });
}

/** Writes the one line for the Info column. */
export function summaryHeadline(statuses: readonly NamedStatus[], isPreview: boolean): string {
  const { packages, versions, planned, withheld, deleted, waiting, failed, oldestPlan } = summaryOf(statuses);
  const refused = statuses.filter(cannotBeApproved).length;
  const inGrace = statuses.reduce((sum, { grace }) => sum + (grace?.versions ?? 0), 0);
  return [
    `${count(packages, "package")} with ${count(versions, "version")}: ${planned} planned${withheldText(withheld, "see each package")}`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(refused > 0 ? [`${count(refused, "plan")} that cannot be approved`] : []),
    ...(waiting > 0 ? [`${count(waiting, "plan")} waiting, the oldest ${oldestPlan}`] : []),
    ...(inGrace > 0 ? [`${inGrace} in grace`] : []),
    ...(isPreview || deleted === 0 ? [] : [`${deleted} deleted and restorable`]),
  ].join("; ");
}

function described({ state, plan, why, grace }: NamedStatus): string {
  // The row names the package already, and a digest would fill the cell.
  const [reason = ""] = (why ?? "").replace(/^\S+: /, "").split("\n");
  if (state === "failed") return `failed: ${reason}`;
  if (state === "refused") return `cannot be approved: ${reason}`;
  if (state === "waiting") return `waiting since ${dayOfPlan(plan ?? "")}`;
  if (state === "grace" && grace !== undefined) return `${count(grace.versions, "version")} in grace, deletable from ${grace.from}`;
  if (state === "left-out") return leftOutText;
  return state === "approved" ? "approved" : "not known yet";
}

function approvalNote({ line, approve, honouredBy, voided }: ApprovalText): string {
  return [
    ...(voided === undefined ? [] : [voided]),
    ...(approve === undefined || honouredBy === 0 ? [] : [`approval ${approve} stands in ${count(honouredBy, "package")}`]),
    ...(line === undefined ? [] : [`To approve all that waits, exactly as shown under each package:\n  ${line}`]),
  ].join("\n\n");
}
