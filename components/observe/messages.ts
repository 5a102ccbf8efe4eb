import type { Member, OrganizationApprovals } from "../approval/organization-approvals";
import type { WrittenPolicy } from "../config/written-policy";
import type { Endpoints } from "../inventory/http/endpoints";
import type { ResourceOutputs } from "../lifecycle/state/decide-again";
import type { KnownPolicy } from "../lifecycle/state/passed-on";
import type { ObservedSnapshot } from "../lifecycle/state/stored";
import type { PlanOwner } from "../lifecycle/state/stored-notices";
import type { FailedObservation, Observed, PolicyError } from "../plan/outcome";
import type { ApprovalPlace } from "../report/approval-line";
import type { PackageStatus } from "../report/package-status";

/** What the program's thread asks of the one that observes packages, and what it gets. */
export interface Requests {
  /** Observes a package; the observation stays with the thread under a handle until it is reported. */
  readonly observe: { readonly request: ObserveRequest; readonly response: ThreadOutcome };
  /** Renders the report of an observed package, once. */
  readonly report: { readonly request: ReportRequest; readonly response: PackageReport };
  /** Computes the approvals of an organisation from observed packages. */
  readonly approvals: { readonly request: ApprovalsRequest; readonly response: OrganizationApprovals };
}

export type RequestName = keyof Requests;

/** A request as it is sent: a union over all names, each with its own request. */
export type RequestMessage<Name extends RequestName = RequestName> = {
  readonly [Each in Name]: { readonly id: number; readonly name: Each; readonly request: Requests[Each]["request"] };
}[Name];

/** What the observing thread sends: the response to a request, why there is none, or a line for people. */
export type ThreadMessage =
  | { readonly id: number; readonly response: Requests[RequestName]["response"] }
  | { readonly id: number; readonly error: unknown }
  | { readonly line: string; readonly isProgress: boolean };

export interface ObserveRequest {
  readonly endpoints: Endpoints;
  readonly token: string | undefined;
  readonly policy: WrittenPolicy;
  readonly organizationApproval: string | undefined;
  /** Whether `protect` holds a secret: then no text repeats what it names. */
  readonly secretProtect?: boolean | undefined;
}

export type ThreadOutcome = ObservedInThread | FailedObservation | PolicyError | Mocked;

/** In a unit test with Pulumi's mocks, no package is observed. */
interface Mocked {
  readonly kind: "mocked";
  readonly policy: WrittenPolicy;
}

interface ObservedInThread extends Pick<Observed, "kind" | "policy"> {
  readonly handle: number;
  readonly snapshot: ObservedSnapshot;
}

export interface ReportRequest {
  readonly handle: number;
  readonly outputs: ResourceOutputs;
  /** The policy as the engine passed it on, with the plan that it approves in the end. By default, the policy that was observed for. */
  readonly passedOn?: KnownPolicy | undefined;
  /** Whether `protect` is a secret as it was passed on. */
  readonly secretProtect?: boolean | undefined;
  readonly isPreview: boolean;
  readonly place: ApprovalPlace;
  /** The other package of the program that has the plan of a void approval. */
  readonly owner?: PlanOwner | undefined;
}

export interface PackageReport {
  readonly text: string;
  /** Why the run fails although it does everything that {@link text} says. */
  readonly fault?: string;
  /** For the summary of an organisation. */
  readonly status: PackageStatus;
}

export interface ApprovalsRequest {
  readonly owner: string;
  readonly approve: string | undefined;
  readonly members: readonly Member<ThreadOutcome>[];
}
