import { type LimitBreach, sufficient } from "../approval/limits";
import type { LimitsPlace } from "../config/override";

/** The place in the config or program where an approval is written. */
export interface ApprovalPlace {
  readonly configPath: string | undefined;
  /** The package, where the place is an organisation's policy. */
  readonly member?: string;
  /** With {@link member}: every place in the organisation's policy that bounds the package. */
  readonly limits?: readonly LimitsPlace[];
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

/** Returns the lines that raise a limit far enough for a plan that exceeds it. */
export type RaiseWith = (breach: LimitBreach) => readonly string[];

export function limitLines({ configPath, member, limits = [] }: ApprovalPlace): RaiseWith {
  return (breach) => {
    const { kind } = breach;
    const needed = sufficient(breach);
    const places = member === undefined ? [""] : limits.filter(({ limits }) => (limits[kind] ?? needed) < needed).map(({ place }) => place);
    if (configPath !== undefined) return places.map((place) => `pulumi config set --path '${configPath}.${place}limits.${kind}' ${needed}`);
    return places.map((place) => `${place}limits: { ${kind}: ${needed} }`);
  };
}
