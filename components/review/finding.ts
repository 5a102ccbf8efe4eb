import type { Decision } from "../approval/decide";
import type { StoredReasons } from "../lifecycle/state/stored-reasons";
import type { FreedByPlans } from "../report/freed-storage";
import type { Alert, Block, Headline, ReportedPlan } from "../report/paragraph";
import type { Policy } from "../rules/policy";
import type { Rule } from "../rules/rule";
import type { PlannedImage } from "./planned-images";
import type { LastOutputs } from "./recorded";

/** A plan of a package: approved, waiting, or one that nobody can approve. */
export interface PlanReview extends Headline, Omit<ReportedPlan, "headline" | "note"> {
  /** How it goes, or why it cannot. */
  readonly text: string;
  /** The lines that restore what it deleted; absent where nobody can approve it. */
  readonly undoWith?: readonly string[];
  readonly planned: readonly PlannedImage[];
  /** The reason of every version that it deletes, by digest. */
  readonly reasons: StoredReasons;
}

/** Numbers of versions; absent where a printed preview does not tell. */
export interface VersionCounts {
  readonly total?: number;
  readonly withheld?: number;
  /** Versions that wait out their grace. */
  readonly inGrace: number;
}

/** What a preview says of a package. */
export interface ReportFinding {
  readonly counts: VersionCounts;
  /** The policy's rules, where they are known. */
  readonly rules?: readonly Rule[];
  readonly plans: readonly PlanReview[];
  /** `nothing to delete: …`, where there is no plan. */
  readonly idle?: string;
  readonly alerts: readonly Alert[];
  readonly notices: readonly string[];
  /** What asks for nothing. */
  readonly notes: readonly string[];
  readonly blocks: readonly Block[];
}

/** One package as a preview sees it, or why it could not be reviewed. */
export interface Finding {
  /** `owner/name`. */
  readonly name: string;
  readonly report?: ReportFinding;
  readonly warnings: readonly string[];
  /** Why the package could not be reviewed. */
  readonly failure?: string;
  /** A failure that does not fail the run, as the policy says. */
  readonly tolerated?: true;
  /** The plan with the graph, where the package was observed. */
  readonly decision?: Decision;
  readonly preview?: PreviewedPackage;
}

/** What stands beside the decision about a package that was observed. */
export interface PreviewedPackage {
  /** The policy that decided. */
  readonly policy: Policy;
  /** What its plans free. */
  readonly frees: FreedByPlans;
  /** What the last run left; absent where there was none. */
  readonly last?: LastOutputs;
  /** The report as `pulumi preview` prints it. */
  readonly text: string;
}

export interface OrganizationFinding {
  readonly name: string;
  /** One line for all of its packages. */
  readonly headline: string;
  /** The line that approves every plan that waits. */
  readonly approveWith?: string;
  /** The summary as `pulumi preview` prints it, where the packages were observed. */
  readonly text?: string;
}

export interface Findings {
  /** The stack that a saved preview is of. */
  readonly stack?: string;
  readonly packages: readonly Finding[];
  readonly organizations: readonly OrganizationFinding[];
  /** Notes that concern no single package. */
  readonly notes: readonly string[];
  /** Errors that concern no single package. */
  readonly errors: readonly string[];
}
