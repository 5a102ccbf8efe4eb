/** The place in the config or program where an approval is written. */
export interface ApprovalPlace {
  readonly configPath: string | undefined;
  /** The package, where the place is an organisation's policy. */
  readonly member?: string;
}

/** The line that approves a plan. */
export function approvalLine({ configPath, member }: ApprovalPlace): (planId: string) => string {
  const place = member === undefined ? "approve" : `overrides["${member}"].approve`;
  if (configPath !== undefined) return (planId) => `pulumi config set --path '${configPath}.${place}' ${planId}`;
  return (planId) => `${place}: "${planId}"${member === undefined ? "   (an argument of this RetentionPolicy)" : ""}`;
}

/** The line that approves all plans of an organisation that wait. */
export function organizationApprovalLine(configPath: string | undefined, id: string): string {
  if (configPath === undefined) return `approve: "${id}"   (an argument of this OrganizationRetention)`;
  return `pulumi config set --path '${configPath}.approve' ${id}`;
}
