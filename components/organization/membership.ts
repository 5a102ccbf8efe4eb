import type * as pulumi from "@pulumi/pulumi";
import type { ApprovalPlace } from "../approval-line";
import type { HandedOutcome } from "../look-worker";
import type { OrganizationShare } from "./organization-id";

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
