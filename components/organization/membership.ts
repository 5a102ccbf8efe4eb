import type * as pulumi from "@pulumi/pulumi";
import type { LookOutcome } from "../look-at-package";
import type { OrganizationShare } from "./organization-id";

/** What a package's policy has from the organisation's policy that made it. */
export interface Membership {
  /** The id that the organisation's policy approves. */
  readonly approve: string | undefined;
  readonly onError: "fail" | "warn";
  /** The line that approves this package's plan by itself. */
  readonly approveWith: (planId: string) => string;
  /** What this package is told of the organisation's approval, once all packages were looked at. */
  readonly share: (outcome: pulumi.Output<LookOutcome>) => Promise<OrganizationShare>;
}
