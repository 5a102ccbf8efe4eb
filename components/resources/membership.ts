import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationShare } from "../approval/organization-id";
import type { HandedOutcome } from "../observe/worker";
import type { ApprovalPlace } from "../report/approval-line";

/** What a package's policy has from the organisation's policy that made it. */
export interface Membership {
  /** The id that the organisation's policy approves. */
  readonly approve: string | undefined;
  readonly onError: "fail" | "warn";
  /** Where this package's plan is approved by itself. */
  readonly place: ApprovalPlace;
  /** What this package is told of the organisation's approval, once all packages were looked at. */
  readonly share: (outcome: pulumi.Output<HandedOutcome>) => Promise<OrganizationShare>;
}
