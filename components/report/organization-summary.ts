import { dayOfPlan } from "../plan/plan-id";
import { byWeight, type NamedStanding } from "./package-status";
import { count } from "./plurals";
import { renderTable } from "./text-table";

/** How it stands with all packages of an organisation. */
export interface Summary {
  readonly packages: number;
  readonly versions: number;
  /** Versions approved and not deleted yet, or waiting for approval. */
  readonly planned: number;
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

export function summaryOf(standings: readonly NamedStanding[]): Summary {
  const sum = (count: (standing: NamedStanding) => number) => standings.reduce((total, standing) => total + count(standing), 0);
  const [oldest] = standings.filter(({ plan }) => plan !== undefined).sort((a, b) => ((a.plan ?? "") < (b.plan ?? "") ? -1 : 1));
  return {
    packages: standings.length,
    versions: sum(({ versions }) => versions),
    planned: sum(({ planned }) => planned),
    withheld: sum(({ withheld }) => withheld),
    deleted: sum(({ deleted }) => deleted),
    waiting: standings.filter(({ plan }) => plan !== undefined).length,
    failed: standings.filter(({ state }) => state === "failed").map((standing) => standing.package),
    oldestPlan: oldest?.plan === undefined ? "none" : `${oldest.plan} of ${oldest.package}`,
  };
}

export interface ApprovalText {
  /** The line that approves all plans of this run; absent where there are none, or where not all packages are known. */
  readonly line?: string | undefined;
  /** The id that the config approves. */
  readonly approve?: string | undefined;
  /** How many packages honour it. */
  readonly honouredBy: number;
}

/** One screen holds so many rows and the rest. */
const longest = 24;

/** What stands under the organisation's policy: one line for the Info column, then a screen of what matters, then the approval. */
export function renderSummary(standings: readonly NamedStanding[], isPreview: boolean, approval: ApprovalText): string {
  const { packages, versions, planned, withheld, deleted, waiting, failed, oldestPlan } = summaryOf(standings);
  const head = [
    `${count(packages, "package")} with ${versions} versions: ${planned} planned, ${withheld} withheld`,
    ...(isPreview ? [] : [`${deleted} deleted and restorable`]),
    ...(waiting > 0 ? [`${count(waiting, "plan")} waiting, the oldest ${oldestPlan}`] : []),
    `${failed.length} failed`,
  ].join("; ");
  const telling = [...standings].sort(byWeight).filter(({ state }) => state !== "quiet");
  const rows = telling
    .slice(0, longest)
    .map((standing) => [
      standing.package,
      described(standing),
      `${standing.planned} of ${standing.versions}`,
      String(standing.withheld),
      standing.plan ?? "–",
    ]);
  const more = telling.length - rows.length;
  const quiet = standings.length - telling.length;
  const paragraphs = [
    head,
    rows.length === 0 ? "" : renderTable(["package", "state", "planned", "withheld", "waiting plan"], rows, longest),
    [
      ...(more > 0 ? [`… and ${count(more, "more package")}, each with its plan under its own resource`] : []),
      ...(quiet > 0 ? [`${count(quiet, "package")} ${quiet === 1 ? "has" : "have"} nothing to delete`] : []),
    ].join("; "),
    approvalNote(approval),
  ];
  return paragraphs.filter((paragraph) => paragraph !== "").join("\n\n");
}

function described({ state, plan, why }: NamedStanding): string {
  // The row names the package already, and a digest would fill the cell.
  const [reason = ""] = (why ?? "").replace(/^\S+: /, "").split("\n");
  if (state === "failed") return `failed: ${reason}`;
  if (state === "refused") return `cannot be approved: ${reason}`;
  if (state === "waiting") return `waiting since ${dayOfPlan(plan ?? "")}`;
  return state === "approved" ? "approved" : "not known yet";
}

function approvalNote({ line, approve, honouredBy }: ApprovalText): string {
  const voided = `approval ${approve} is void: it is on record in no package, and the plans as of its day are others; nothing is deleted under it`;
  return [
    ...(approve === undefined ? [] : [honouredBy === 0 ? voided : `approval ${approve} stands in ${count(honouredBy, "package")}`]),
    ...(line === undefined ? [] : [`To approve all that waits, exactly as shown under each package:\n  ${line}`]),
  ].join("\n\n");
}
