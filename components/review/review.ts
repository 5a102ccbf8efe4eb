import type { Decision } from "../approval/decide";
import { count } from "../messages/plurals";
import { type Alert, type Block, headlineText } from "../report/paragraph";
import type { Rule } from "../rules/rule";
import type { Finding, Findings, OrganizationFinding, PlanReview, VersionCounts } from "./finding";

const states = ["failed", "refused", "waiting", "approved", "noted", "quiet"] as const;

/** What a person has to judge of one package. */
export interface PackageReview {
  readonly name: string;
  /** `noted`: nothing to delete, and something to know. */
  readonly state: (typeof states)[number];
  /** One line for all. */
  readonly headline: string;
  readonly plans: readonly PlanReview[];
  readonly counts: VersionCounts;
  readonly rules: readonly Rule[];
  readonly alerts: readonly Alert[];
  readonly notices: readonly string[];
  readonly notes: readonly string[];
  readonly blocks: readonly Block[];
  readonly failure?: string;
  readonly tolerated?: true;
  readonly decision?: Decision;
}

/** What a person has to judge of a stack. */
export interface Review {
  readonly stack: string;
  readonly packages: readonly PackageReview[];
  readonly organizations: readonly OrganizationFinding[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

/** Sorts findings: what needs attention first, then what deletes most, in an order that is the same from run to run. Pure. */
export function reviewOf(stack: string, { packages, organizations, notes, errors }: Findings): Review {
  const rank = ({ state }: PackageReview) => states.indexOf(state);
  const reviewed = packages.map(reviewPackage).sort((a, b) => rank(a) - rank(b) || sizeOf(b) - sizeOf(a) || (a.name < b.name ? -1 : 1));
  return { stack, packages: reviewed, organizations, notes, errors };
}

/** A plan that nobody can approve deletes nothing. */
function planLine(plan: PlanReview): string {
  const { state, id, deletes, total, images } = plan;
  if (state !== "refused") return headlineText(plan);
  return `plan ${id}, which cannot be approved: ${deletes} of ${total} versions (${count(images, "image")})`;
}

function sizeOf({ plans }: PackageReview): number {
  return plans.reduce((sum, { deletes }) => sum + deletes, 0);
}

/** Reports whether anything could not be reviewed and should have been. */
export function isIncomplete({ packages, errors }: Review): boolean {
  return errors.length > 0 || packages.some(({ failure, tolerated }) => failure !== undefined && !tolerated);
}

function reviewPackage({ name, report, failure, warnings, decision, tolerated }: Finding): PackageReview {
  const {
    plans = [],
    idle,
    counts = { inGrace: 0 },
    rules = [],
    alerts: reported = [],
    notices = [],
    notes = [],
    blocks = [],
  } = report ?? {};
  const alerts = [...reported, ...warnings.map((text): Alert => ({ kind: "warning", text }))];
  const common = { name, counts, rules, alerts, notices, notes, blocks, ...(decision ? { decision } : {}) };
  if (failure !== undefined) {
    const headline = "could not be reviewed; nothing of it is deleted";
    return { ...common, state: "failed", headline, plans: [], failure, ...(tolerated ? { tolerated } : {}) };
  }
  const planStates = new Set<string>(plans.map(({ state }) => state));
  const isQuiet = alerts.length + notices.length + blocks.length === 0;
  const state = states.find((one) => planStates.has(one)) ?? (isQuiet ? "quiet" : "noted");
  return { ...common, state, headline: idle ?? plans.map(planLine).join("; "), plans };
}
