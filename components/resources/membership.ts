import type { OrganizationApproval, OrganizationRecord } from "../approval/organization-id";
import type { ThreadOutcome } from "../observe/messages";
import type { ApprovalPlace } from "../report/approval-line";
import type { PackageStatus } from "../report/package-status";
import type * as pulumi from "../sdk/pulumi";

/** The settings that a package's policy gets from the organisation's policy that declared it. */
export interface Membership {
  /** The id that the organisation's policy approves. */
  readonly approve: string | undefined;
  readonly onError: "fail" | "warn";
  /** Where this package's plan is approved by itself. */
  readonly approvalPlace: ApprovalPlace;
  /** The part of the organisation's approval that concerns this package, once all packages have been observed. */
  readonly approvalFor: (outcome: pulumi.Output<ThreadOutcome>) => Promise<OrganizationApproval>;
}

/** A package's part of its organisation's summary. */
export interface PolicyResult {
  readonly status: PackageStatus;
  /** Why the run fails although everything was carried out. */
  readonly fault?: string | undefined;
  /** The organisation's approvals on record. */
  readonly record: OrganizationRecord | undefined;
}
