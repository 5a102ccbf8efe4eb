import { idOnRecord, type OrganizationRecord } from "../approval/organization-id";
import { policyOfPackage, uselessOverrides } from "../config/override";
import { namesWithoutList, patternTest, type Selection, selectPackages } from "../config/selection";
import type { WholeOrganization } from "../config/stack-organizations";
import type { ListedPackage } from "../inventory/github/list-packages";
import { voidOrganizationText } from "../messages/notice";
import { count } from "../messages/plurals";
import type { FailedObservation } from "../plan/outcome";
import { organizationApprovalLine } from "../report/approval-line";
import { renderSummary, summaryHeadline } from "../report/organization-summary";
import type { NamedStatus } from "../report/package-status";
import type { PolicyInput } from "../rules/policy";

/** The packages that a selection names. */
export interface Members {
  readonly names: readonly string[];
  /** The owner's packages as GitHub lists them; left out where the selection names every package in full. */
  readonly listed?: readonly ListedPackage[];
}

/** Selects packages. `list` is called only where the selection does not name every package in full. */
export async function selectMembers(selection: Selection, list: () => Promise<readonly ListedPackage[]>): Promise<Members> {
  const names = namesWithoutList(selection);
  if (names !== undefined) return { names };
  const listed = await list();
  return { names: selectPackages(listed, selection), listed };
}

/** The policy of one package: the organisation's with the overrides that fit, before {@link protectionOfMember}. */
export function policyOfMember({ shared, overrides }: WholeOrganization, name: string): PolicyInput {
  return policyOfPackage(shared, overrides, name);
}

/** Everything that the organisation and the package's own policy protect. */
export function protectionOfMember<Protected>(common: readonly Protected[], { protect = [] }: PolicyInput): (Protected | string)[] {
  return [...common, ...protect];
}

/** A line for each pattern of a selection, and each override, that fits none of the packages. */
export function selectionWarnings({ organization, shared, overrides }: WholeOrganization, { names, listed }: Members): string[] {
  const { owner } = shared;
  const useless = uselessOverrides(overrides, names).map((key) => `overrides["${key}"] fits no package of ${owner}: it protects nothing`);
  if (listed === undefined) return useless;
  const packages = listed.map(({ name }) => name);
  const repositories = listed.flatMap(({ repository }) => repository ?? []);
  const idle = [
    ...idlePatterns("packages", organization.packages, packages),
    ...idlePatterns("repositories", organization.repositories ?? [], repositories),
  ];
  const none =
    names.length === 0
      ? [`the selection fits none of the ${count(listed.length, "package")} of ${owner} that the token sees: it does nothing`]
      : [];
  return [...idle.map((pattern) => `${pattern} fits no package of ${owner}: check its spelling`), ...none, ...useless];
}

function idlePatterns(setting: string, patterns: readonly string[], texts: readonly string[]): string[] {
  const idle = patterns.filter((pattern) => !texts.some(patternTest([pattern.replace(/^!/, "")])));
  return idle.map((pattern) => `${setting}: "${pattern}"`);
}

/** Reports whether the organisation's policy takes a failed observation as a warning. An image in use that is missing always fails. */
export function isTolerated(onError: "fail" | "warn" | undefined, { inUse }: Pick<FailedObservation, "inUse">): boolean {
  return onError === "warn" && !inUse;
}

interface SummaryContext {
  /** The id that the config approves. */
  readonly approve: string | undefined;
  /** The id of all of today's plans; `undefined` where there are none or not all packages are known. */
  readonly id: string | undefined;
  readonly configPath: string | undefined;
  readonly isPreview: boolean;
  readonly onVoid: "fail" | "warn" | undefined;
  /** The package whose own plan has the approved id, where no package honours it. */
  readonly owner?: string | undefined;
}

/** The report on all packages of an organisation. */
export interface OrganizationReport {
  /** The line for the Info column. */
  readonly headline: string;
  readonly text: string;
  /** The line that approves every plan that waits; absent where there is none, or where not all packages are known. */
  readonly approveWith?: string;
  /** Why the run fails although everything was carried out. The text leaves it out. */
  readonly fault?: string;
}

/** Returns the id that approves everything that waits: one on record, or else today's. Pure. */
export function idToApprove(
  statuses: readonly NamedStatus[],
  records: readonly (OrganizationRecord | undefined)[],
  { approve, id }: Pick<SummaryContext, "approve" | "id">,
): string | undefined {
  const members = statuses.map(({ plan: waiting }, index) => ({ waiting, record: records[index] }));
  return id === undefined ? undefined : (idOnRecord(members, approve) ?? id);
}

/** Renders a summary of all packages from their statuses, and from what each has on record of the organisation's approvals. Pure. */
export function summarise(
  statuses: readonly NamedStatus[],
  records: readonly (OrganizationRecord | undefined)[],
  { approve, id: today, configPath, isPreview, onVoid = "fail", owner }: SummaryContext,
): OrganizationReport {
  const isWaiting = statuses.some(({ canBeApproved }) => canBeApproved);
  // The id covers the plans of all packages, and those of some were not shown.
  const isWhole = statuses.every(({ state }) => state !== "left-out");
  const id = idToApprove(statuses, records, { approve, id: today });
  const line = isWaiting && isWhole && id !== undefined && id !== approve ? organizationApprovalLine(configPath, id) : undefined;
  const honouredBy = records.filter((record) => record?.approved && record.approved.id === approve).length;
  // A package that this run left out, or that nothing is known of yet, may honour it.
  const isVoid = approve !== undefined && honouredBy === 0 && statuses.length > 0 && isWhole && statuses.every(isJudged);
  const voided = isVoid ? voidOrganizationText(approve, owner) : undefined;
  const approval = { approve, honouredBy, line, ...(onVoid === "fail" ? {} : { voided }) };
  return {
    headline: summaryHeadline(statuses, isPreview),
    text: renderSummary(statuses, isPreview, approval),
    ...(line === undefined ? {} : { approveWith: line }),
    ...(voided !== undefined && onVoid === "fail" ? { fault: voided } : {}),
  };
}

function isJudged({ state }: NamedStatus): boolean {
  return state !== "unknown";
}
