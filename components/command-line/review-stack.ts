import { approvalForPackage, type OrganizationApprovals, organizationApprovals } from "../approval/organization-approvals";
import type { ConfiguredOrganization, WholeOrganization } from "../config/stack-organizations";
import type { WrittenPolicy } from "../config/written-policy";
import { connect, type Endpoints } from "../inventory/connection";
import { type ListedPackage, listPackages } from "../inventory/github/list-packages";
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
import type { Outcome } from "../plan/outcome";
import { approvalLine } from "../report/approval-line";
import { type PackageStatus, statusOf, unobservedStatus } from "../report/package-status";
import type { Finding, Findings, OrganizationFinding } from "../review/finding";
import { type CheckedPackage, checkPackage, findingOf, lastOf, type ReviewInput } from "../review/review-package";
import type { ExportedResource } from "./stack-export";
import type { StackFile } from "./stack-file";

export interface StackContext {
  readonly endpoints: Endpoints;
  readonly token: string;
  /** The record of each package in the stack's state, by `owner/name` in lower case. */
  readonly records: ReadonlyMap<string, ExportedResource>;
  readonly log: (text: string) => void;
}

/** Reviews every policy of a stack's config as a preview does: with the same observation, check and report. */
export async function reviewStack(file: StackFile, resources: readonly ExportedResource[], token: string): Promise<Findings> {
  const context = contextOf(file, resources, token);
  const [packages, organizations] = await Promise.all([
    Promise.all(
      file.policies.map(async ({ policy, configPath, weaker }) => {
        const outcome = await observe(context, policy);
        const warnings = weakerThanDefaults(configPath, weaker);
        return findingOf({ ...knownOf(context, policy), outcome, approveWith: approvalLine({ configPath }), warnings, tolerant: false });
      }),
    ),
    Promise.all(file.organizations.map((organization) => reviewOrganization(context, organization))),
  ]);
  const all = [packages, ...organizations.map((one) => one.packages)].flat();
  return {
    packages: all,
    organizations: organizations.flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
    notes: [
      ...(file.lacks === undefined ? [] : [file.lacks]),
      ...organizations.flatMap(({ notes }) => notes),
      ...undeclared(resources, all),
    ],
    errors: [...organizations.flatMap(({ errors }) => errors), ...duplicates(all)],
  };
}

/** Returns what every observation of a stack's packages needs. */
export function contextOf({ endpoints }: StackFile, resources: readonly ExportedResource[], token: string): StackContext {
  const records = new Map(resources.map((resource) => [keyOf(resource.inputs), resource]));
  return { endpoints, token, records, log: (text) => void process.stderr.write(`${text}\n`) };
}

/** Observes a package as a preview does. */
export function observe({ endpoints, token, log }: StackContext, policy: WrittenPolicy, organizationApproval?: string): Promise<Outcome> {
  return observePackage({ endpoints, token, log, organizationApproval }, policy);
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
    const input: ReviewInput = {
      ...knownOf(context, policy),
      outcome,
      share: approvalForPackage(approvals, member),
      approveWith: approvalLine({ configPath, member }),
      warnings: [],
      tolerant: outcome.kind === "failed" && isTolerated(organization.onError, outcome),
    };
    const checked = checkPackage(input);
    return {
      finding: findingOf(input, checked),
      status: { package: member, ...statusIn(input, checked) },
      honoured: checked.inputs?.organization?.approved?.id,
    };
  });
  const { headline, approveWith } = summarise(
    reviewed.map(({ status }) => status),
    reviewed.map(({ honoured }) => honoured),
    { approve: shared.approve, id: approvals.common.id, configPath, isPreview: true },
  );
  return {
    finding: { name, headline, ...(approveWith === undefined ? {} : { approveWith }) },
    packages: reviewed.map(({ finding }) => finding),
    notes: [...selectionWarnings(whole, members), ...weakerThanDefaults(configPath, weaker)],
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

function statusIn(input: ReviewInput, { inputs, decided }: CheckedPackage): PackageStatus {
  const outputs = { ...inputs, ...lastOf(input) };
  if (decided !== undefined) return statusOf(outputs, decided);
  return unobservedStatus(outputs, input.outcome.kind === "observed" ? undefined : input.outcome);
}

function listWith({ endpoints, token, log }: StackContext, owner: string): Promise<ListedPackage[]> {
  return listPackages(connect(endpoints, token, undefined, log).github, owner);
}

function weakerThanDefaults(configPath: string, weaker: readonly string[]): string[] {
  return weaker.length > 0 ? [`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`] : [];
}

/** Names the policies that a program declares: only the program knows their rules. */
function undeclared(resources: readonly ExportedResource[], findings: readonly Finding[]): string[] {
  const declared = new Set(findings.map(({ name }) => name.toLowerCase()));
  const others = resources.map(({ inputs }) => keyOf(inputs)).filter((key) => !declared.has(key));
  if (others.length === 0) return [];
  return [`not in the stack's config, so only \`--preview\` reviews them: ${others.join(", ")}`];
}

function duplicates(findings: readonly Finding[]): string[] {
  const names = findings.map(({ name }) => name.toLowerCase());
  const found = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return found.map((name) => `${name} has more than one policy in the stack's config: \`pulumi preview\` refuses that`);
}

function keyOf(inputs: { readonly owner?: unknown; readonly package?: unknown }): string {
  return `${inputs.owner}/${inputs.package}`.toLowerCase();
}
