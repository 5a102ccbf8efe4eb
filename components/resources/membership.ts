import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationApproval } from "../approval/organization-id";
import type { ThreadOutcome } from "../observe/messages";
import type { ApprovalPlace } from "../report/approval-line";

/** What a package's policy has from the organisation's policy that made it. */
export interface Membership {
  /** The id that the organisation's policy approves. */
  readonly approve: string | undefined;
  readonly onError: "fail" | "warn";
  /** Where this package's plan is approved by itself. */
  readonly approvalPlace: ApprovalPlace;
  /** What this package is told of the organisation's approval, once all packages were looked at. */
  readonly approvalFor: (outcome: pulumi.Output<ThreadOutcome>) => Promise<OrganizationApproval>;
}
