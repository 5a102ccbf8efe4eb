import type { Decision } from "../approval/decide";
import { type Alert, type Block, headlineText } from "../report/paragraph";
import type { Finding, Findings, OrganizationFinding, PlanReview } from "./finding";

const states = ["failed", "refused", "waiting", "approved", "noted", "quiet"] as const;

/** What a person has to judge of one package. */
export interface PackageReview {
  readonly name: string;
  /** `noted`: nothing to delete, and something to know. */
  readonly state: (typeof states)[number];
  /** One line for all. */
  readonly headline: string;
  readonly plans: readonly PlanReview[];
  readonly alerts: readonly Alert[];
  readonly notices: readonly string[];
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

/** Sorts findings: what needs attention first, in an order that is the same from run to run. Pure. */
export function reviewOf(stack: string, { packages, organizations, notes, errors }: Findings): Review {
  const rank = ({ state }: PackageReview) => states.indexOf(state);
  const reviewed = packages.map(reviewPackage).sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  return { stack, packages: reviewed, organizations, notes, errors };
}

/** Reports whether anything could not be reviewed and should have been. */
export function isIncomplete({ packages, errors }: Review): boolean {
  return errors.length > 0 || packages.some(({ failure, tolerated }) => failure !== undefined && !tolerated);
}

function reviewPackage({ name, report, failure, warnings, decision, tolerated }: Finding): PackageReview {
  const { plans = [], idle, alerts: reported = [], notices = [], blocks = [] } = report ?? {};
  const alerts = [...reported, ...warnings.map((text): Alert => ({ kind: "warning", text }))];
  const common = { name, alerts, notices, blocks, ...(decision ? { decision } : {}) };
  if (failure !== undefined) {
    const headline = "could not be reviewed; nothing of it is deleted";
    return { ...common, state: "failed", headline, plans: [], failure, ...(tolerated ? { tolerated } : {}) };
  }
  const planStates = new Set<string>(plans.map(({ state }) => state));
  const isQuiet = alerts.length + notices.length + blocks.length === 0;
  const state = states.find((one) => planStates.has(one)) ?? (isQuiet ? "quiet" : "noted");
  return { ...common, state, headline: idle ?? plans.map(headlineText).join("; "), plans };
}
