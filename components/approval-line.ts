/** The line that approves a plan. */
export function approvalLine(configPath: string | undefined): (planId: string) => string {
  if (configPath === undefined) return (planId) => `approve: "${planId}"   (an argument of this RetentionPolicy)`;
  return (planId) => `pulumi config set --path '${configPath}.approve' ${planId}`;
}

/** The line that approves the plan of one package of an organisation. */
export function memberApprovalLine(configPath: string | undefined, name: string): (planId: string) => string {
  const place = `overrides["${name}"].approve`;
  if (configPath === undefined) return (planId) => `${place}: "${planId}"`;
  return (planId) => `pulumi config set --path '${configPath}.${place}' ${planId}`;
}

/** Where an approval is written, as data. */
export interface ApprovalPlace {
  readonly configPath: string | undefined;
  /** The package, where the place is an organisation's policy. */
  readonly member?: string;
}

export function approvalLineAt({ configPath, member }: ApprovalPlace): (planId: string) => string {
  return member === undefined ? approvalLine(configPath) : memberApprovalLine(configPath, member);
}

/** The line that approves all plans of an organisation that wait. */
export function organizationApprovalLine(configPath: string | undefined, id: string): string {
  if (configPath === undefined) return `approve: "${id}"   (an argument of this OrganizationRetention)`;
  return `pulumi config set --path '${configPath}.approve' ${id}`;
}
