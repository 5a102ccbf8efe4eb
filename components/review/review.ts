import type { Decision } from "../approval/decide";
import type { Reasons } from "../approval/record";
import type { Finding, Findings } from "./finding";
import { approveAllLine, type Block, type Headline, type ReportParts, reportParts } from "./parse-report";
import { type PlannedImage, plannedImages } from "./planned-images";

/** A plan of a package: approved, or waiting. */
export interface PlanReview extends Headline {
  readonly state: "approved" | "waiting" | "refused";
  /** What is to be done, or why nothing can be. */
  readonly text: string;
  readonly approveWith?: string;
  readonly planned: readonly PlannedImage[];
  /** Every version that it deletes. */
  readonly reasons: Reasons;
}

const states = ["failed", "refused", "waiting", "approved", "noted", "quiet"] as const;

export interface PackageReview {
  readonly name: string;
  /** `noted`: nothing to delete, and something to know. */
  readonly state: (typeof states)[number];
  /** One line for all. */
  readonly headline: string;
  readonly plans: readonly PlanReview[];
  readonly alerts: readonly string[];
  readonly notices: readonly string[];
  readonly blocks: readonly Block[];
  readonly failure?: string;
  readonly tolerated?: true;
  readonly decision?: Decision;
}

/** What a person has to judge. */
export interface Review {
  readonly stack: string;
  readonly packages: readonly PackageReview[];
  readonly organizations: readonly { readonly name: string; readonly headline: string; readonly approveWith?: string }[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

/** What matters comes first; the order is the same from run to run. Pure. */
export function reviewOf(stack: string, { packages, organizations, notes, errors }: Findings): Review {
  const reviewed = packages.map(reviewPackage);
  const rank = ({ state }: PackageReview) => states.indexOf(state);
  return {
    stack,
    packages: reviewed.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)),
    organizations: organizations.map(({ name, report }) => {
      const line = approveAllLine(report);
      return { name, headline: report.split("\n")[0] ?? "", ...(line === undefined ? {} : { approveWith: line }) };
    }),
    notes,
    errors,
  };
}

/** Is there anything that could not be reviewed, and should have been? */
export function isIncomplete({ packages, errors }: Review): boolean {
  return errors.length > 0 || packages.some(({ failure, tolerated }) => failure !== undefined && !tolerated);
}

function reviewPackage(finding: Finding): PackageReview {
  const { name, failure, warnings, decision, tolerated } = finding;
  const parts = reportParts(finding.report ?? "");
  const alerts = [...parts.alerts, ...warnings.map((text) => `warning: ${text}`)];
  const common = { name, alerts, notices: parts.notices, blocks: parts.blocks, ...(decision ? { decision } : {}) };
  if (failure !== undefined) {
    const headline = "could not be reviewed; nothing of it is deleted";
    return { ...common, state: "failed", headline, plans: [], failure, ...(tolerated ? { tolerated } : {}) };
  }
  const plans = plansOf(finding, parts);
  const planStates = new Set(plans.map(({ state }) => state));
  const isQuiet = alerts.length + parts.notices.length + parts.blocks.length === 0;
  const state = states.find((one) => planStates.has(one as PlanReview["state"])) ?? (isQuiet ? "quiet" : "noted");
  return { ...common, state, headline: parts.nothing ?? parts.headlines.map(inWords).join("; "), plans };
}

export function inWords({ id, deletes, total, images, keeps, withheld }: Headline): string {
  const count = `${images} ${images === 1 ? "image" : "images"}`;
  return `plan ${id}: delete ${deletes} of ${total} versions (${count}), keep ${keeps}, ${withheld} withheld`;
}

function plansOf({ inputs, before, last }: Finding, parts: ReportParts): PlanReview[] {
  const earlier = [before, inputs].flatMap((record) => [
    ...(record?.pending ? [record.pending.tags] : []),
    ...Object.values(record?.deleted ?? {}).map(({ tags }) => tags),
  ]);
  const { pending, deletions = {} } = inputs ?? {};
  const approved = Object.fromEntries(
    Object.entries(deletions).filter(([digest]) => last?.ledger[digest] === undefined && last?.refused[digest] === undefined),
  );
  return parts.headlines.map((line): PlanReview => {
    const waits = inputs ? line.id === pending?.id : parts.approved === undefined || line !== parts.headlines[0];
    const reasons = waits ? (pending?.deletions ?? {}) : approved;
    const approveWith = parts.approveWith?.includes(line.id) ? parts.approveWith : undefined;
    return {
      ...line,
      planned: plannedImages(reasons, earlier),
      reasons,
      ...(!waits
        ? { state: "approved", text: (parts.approved ?? "").replace(/^approved: /, "") }
        : parts.breach !== undefined
          ? { state: "refused", text: parts.breach.replace(/^this plan cannot be approved: /, "") }
          : {
              state: "waiting",
              text: (parts.waiting ?? "").replace(/^waiting for approval, n/, "N"),
              ...(approveWith === undefined ? {} : { approveWith }),
            }),
    };
  });
}
