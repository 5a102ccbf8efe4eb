import { approvalForPackage, type OrganizationApprovals, organizationApprovals } from "../approval/organization-approvals";
import { limitsPlaces } from "../config/override";
import { patternTest } from "../config/selection";
import type { ConfiguredOrganization, WholeOrganization } from "../config/stack-organizations";
import type { WrittenPolicy } from "../config/written-policy";
import { connect, type Endpoints } from "../inventory/connection";
import { type ListedPackage, listPackages } from "../inventory/github/list-packages";
import { recallOrganization } from "../lifecycle/state/stored-offers";
import { RetentionError } from "../model/errors";
import { observePackage } from "../observe/observe-package";
import {
  isTolerated,
  type Members,
  policyOfMember,
  protectionOfMember,
  selectionWarnings,
  selectMembers,
  summarise,
} from "../observe/organization";
import type { ObserveProgress } from "../observe/progress";
import type { Outcome } from "../plan/outcome";
import { type ApprovalPlace, approvalLine, limitLines } from "../report/approval-line";
import { type PackageStatus, statusOf, unobservedStatus } from "../report/package-status";
import type { Finding, Findings, OrganizationFinding } from "../review/finding";
import { type CheckedPackage, checkPackage, findingOf, type ReviewInput } from "../review/review-package";
import { duplicates, isNamed, keyOf, undeclared, unnamed, unreadRecord } from "./review-notes";
import type { ExportedResource, StackRecord } from "./stack-export";
import type { StackFile } from "./stack-file";

export interface Reviewed {
  readonly stack: string;
  readonly file: StackFile;
  readonly record: StackRecord;
  readonly token: string;
  /** The packages to review, as `owner/name` in lower case, with all others of their organisation's policy; all of them unless given. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly readsSizes?: boolean;
  readonly progress?: ObserveProgress;
}

export interface StackContext extends Pick<Reviewed, "token" | "only" | "readsSizes" | "progress"> {
  readonly endpoints: Endpoints;
  /** The record of each package in the stack's state, by `owner/name` in lower case. */
  readonly records: ReadonlyMap<string, ExportedResource>;
  /** Without the record, nobody should approve what is shown. */
  readonly isRecordKnown: boolean;
  readonly log: (text: string) => void;
}

/** Reviews every policy of a stack's config as a preview does: with the same observation, check and report. */
export async function reviewStack({ stack, file, record, ...asked }: Reviewed): Promise<Findings> {
  const context = contextOf({ file, record, ...asked });
  const isAsked = ({ policy }: { readonly policy: WrittenPolicy }) => asked.only?.has(keyOf(policy)) ?? true;
  const [packages, organizations] = await Promise.all([
    Promise.all(
      file.policies.filter(isAsked).map(async ({ policy, configPath, weaker }) => {
        const outcome = await observe(context, policy);
        const warnings = weakerThanDefaults(configPath, weaker);
        const lines = { approveWith: lineIn(context, { configPath }), raiseWith: limitLines({ configPath }) };
        return findingOf({ ...knownOf(context, policy), outcome, ...lines, warnings, tolerant: false });
      }),
    ),
    Promise.all(
      file.organizations.filter((one) => selectsAny(one, asked.only)).map((organization) => reviewOrganization(context, organization)),
    ),
  ]);
  const all = [packages, ...organizations.map((one) => one.packages)].flat();
  return {
    packages: all,
    organizations: organizations.flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
    notes: [...organizations.flatMap(({ notes }) => notes), ...(asked.only === undefined ? undeclared(record.resources, all) : [])],
    errors: [
      ...(record.unread === undefined ? [] : [unreadRecord(stack, record.unread)]),
      ...(file.lacks === undefined ? [] : [`${file.lacks}; \`--preview\` reviews what a program declares`]),
      ...organizations.flatMap(({ errors }) => errors),
      ...duplicates(all),
      ...unnamed(record.resources),
    ],
  };
}

/** Reports whether an organisation's policy may be that of a package, by its name. */
function selectsAny({ whole: { organization } }: ConfiguredOrganization, only: Reviewed["only"]): boolean {
  const prefix = `${organization.owner}/`.toLowerCase();
  const isSelected = patternTest(organization.packages);
  return only === undefined || [...only].some((name) => name.startsWith(prefix) && isSelected(name.slice(prefix.length)));
}

/** Returns what every observation of a stack's packages needs. */
export function contextOf({ file: { endpoints }, record: { resources, unread }, ...asked }: Omit<Reviewed, "stack">): StackContext {
  const records = new Map(resources.filter(isNamed).map((resource) => [keyOf(resource.inputs), resource]));
  return { endpoints, ...asked, records, isRecordKnown: unread === undefined, log: (text) => void process.stderr.write(`${text}\n`) };
}

/** Observes a package as a preview does. */
export function observe(context: StackContext, policy: WrittenPolicy, organizationApproval?: string): Promise<Outcome> {
  const { only: _only, records: _records, isRecordKnown: _isRecordKnown, ...settings } = context;
  return observePackage({ ...settings, organizationApproval }, policy);
}

/** Returns what a preview knows of a package beside its observation. */
export function knownOf({ endpoints, records }: StackContext, policy: WrittenPolicy): Pick<ReviewInput, "policy" | "servers" | "record"> {
  const { cacheFolder: _cacheFolder, ...servers } = endpoints;
  return { policy, servers, record: records.get(keyOf(policy)) };
}

interface ReviewedOrganization {
  readonly finding?: OrganizationFinding;
  readonly packages: readonly Finding[];
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

async function reviewOrganization(
  context: StackContext,
  { name, whole, configPath, weaker }: ConfiguredOrganization,
): Promise<ReviewedOrganization> {
  const { shared, organization } = whole;
  const all = await observeMembers(context, whole).catch((error: unknown) => {
    if (error instanceof RetentionError) return error;
    throw error;
  });
  if (all instanceof RetentionError) return { packages: [], notes: [], errors: [all.message] };
  const { members, observed, approvals } = all;
  const reviewed = observed.map(({ name: member, policy, outcome }) => {
    const place = { configPath, member, limits: limitsPlaces(shared, whole.overrides, member) };
    const input: ReviewInput = {
      ...knownOf(context, policy),
      outcome,
      share: approvalForPackage(approvals, member),
      approveWith: lineIn(context, place),
      raiseWith: limitLines(place),
      warnings: [],
      tolerant: outcome.kind === "failed" && isTolerated(organization.onError, outcome),
    };
    const checked = checkPackage(input);
    const finding = findingOf(input, checked);
    return {
      finding,
      status: { package: member, ...statusIn(input, checked, finding) },
      record: checked.inputs && recallOrganization(checked.inputs),
    };
  });
  const { headline, approveWith, text, fault } = summarise(
    reviewed.map(({ status }) => status),
    reviewed.map(({ record }) => record),
    {
      approve: shared.approve,
      id: context.isRecordKnown ? approvals.common.id : undefined,
      configPath,
      isPreview: true,
      onVoid: shared.onVoid,
    },
  );
  const faults = fault === undefined ? [] : [fault];
  return {
    finding: { name, headline, text: [text, ...faults].join("\n\n"), ...(approveWith === undefined ? {} : { approveWith }) },
    packages: reviewed.map(({ finding }) => finding).filter(({ name }) => context.only?.has(name.toLowerCase()) ?? true),
    notes: [
      ...selectionWarnings(whole, members),
      ...weakerThanDefaults(configPath, weaker),
      ...faults.map((text) => `${shared.owner}: ${text}`),
    ],
    errors: [],
  };
}

interface ObservedMembers {
  readonly members: Members;
  readonly observed: readonly { readonly name: string; readonly policy: WrittenPolicy; readonly outcome: Outcome }[];
  readonly approvals: OrganizationApprovals;
}

/** Observes all packages of an organisation's policy, and divides its approval among them. Throws a {@link RetentionError} without their list. */
export async function observeMembers(context: StackContext, whole: WholeOrganization): Promise<ObservedMembers> {
  const { shared, organization } = whole;
  const members = await selectMembers(organization, () => listWith(context, organization.owner));
  const observed = await Promise.all(
    members.names.map(async (name) => {
      const policy = wholePolicyOf(whole, name);
      return { name, policy, outcome: await observe(context, policy, shared.approve) };
    }),
  );
  return { members, observed, approvals: organizationApprovals(shared.owner, shared.approve, observed) };
}

/** Returns a member's policy with all that it protects. */
export function wholePolicyOf(whole: WholeOrganization, name: string): WrittenPolicy {
  const written = policyOfMember(whole, name);
  return { ...written, protect: protectionOfMember(whole.protect, written) };
}

function statusIn(input: ReviewInput, { inputs, decided, last }: CheckedPackage, { preview }: Finding): PackageStatus {
  const outputs = { ...inputs, ...last };
  const { raiseWith } = input;
  if (decided !== undefined && preview !== undefined) return statusOf(outputs, decided, { frees: preview.frees, raiseWith });
  return unobservedStatus(outputs, input.outcome.kind === "observed" ? undefined : input.outcome);
}

function listWith({ endpoints, token, log }: StackContext, owner: string): Promise<ListedPackage[]> {
  return listPackages(connect(endpoints, token, undefined, log).github, owner);
}

function lineIn({ isRecordKnown }: StackContext, place: ApprovalPlace): ReviewInput["approveWith"] {
  return isRecordKnown ? approvalLine(place) : undefined;
}

function weakerThanDefaults(configPath: string, weaker: readonly string[]): string[] {
  return weaker.length > 0 ? [`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`] : [];
}
