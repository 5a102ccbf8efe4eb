import { approvalForPackage, organizationApprovals } from "../approval/organization-approvals";
import type { ConfiguredOrganization } from "../config/stack-organizations";
import type { WrittenPolicy } from "../config/written-policy";
import { connect, type Endpoints } from "../inventory/connection";
import { type ListedPackage, listPackages } from "../inventory/github/list-packages";
import { count } from "../messages/plurals";
import { RetentionError } from "../model/errors";
import { observePackage } from "../observe/observe-package";
import { isTolerated, policyOfMember, protectionOfMember, selectionWarnings, selectMembers, summarise } from "../observe/organization";
import type { Outcome } from "../plan/outcome";
import { approvalLine } from "../report/approval-line";
import { type PackageStatus, statusOf, unobservedStatus } from "../report/package-status";
import type { Finding, Findings, OrganizationFinding } from "../review/finding";
import { type CheckedPackage, checkPackage, findingOf, type ReviewInput } from "../review/review-package";
import type { ExportedResource } from "./stack-export";
import type { StackFile } from "./stack-file";

interface StackContext {
  readonly endpoints: Endpoints;
  readonly token: string;
  /** The record of each package in the stack's state, by `owner/name` in lower case. */
  readonly records: ReadonlyMap<string, ExportedResource>;
  readonly log: (text: string) => void;
}

/** Reviews every policy of a stack's config as a preview does: with the same observation, check and report. */
export async function reviewStack(file: StackFile, resources: readonly ExportedResource[], token: string): Promise<Findings> {
  const records = new Map(resources.filter(isNamed).map((resource) => [keyOf(resource.inputs), resource]));
  const log = (text: string) => void process.stderr.write(`${text}\n`);
  const context: StackContext = { endpoints: file.endpoints, token, records, log };
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
    notes: [...organizations.flatMap(({ notes }) => notes), ...undeclared(resources, all)],
    errors: [
      ...(file.lacks === undefined ? [] : [`${file.lacks}; \`--preview\` reviews what a program declares`]),
      ...organizations.flatMap(({ errors }) => errors),
      ...duplicates(all),
      ...unnamed(resources),
    ],
  };
}

function observe({ endpoints, token, log }: StackContext, policy: WrittenPolicy, organizationApproval?: string): Promise<Outcome> {
  return observePackage({ endpoints, token, log, organizationApproval }, policy);
}

function knownOf({ endpoints, records }: StackContext, policy: WrittenPolicy): Pick<ReviewInput, "policy" | "servers" | "record"> {
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
  const members = await selectMembers(organization, () => listWith(context, organization.owner)).catch((error: unknown) => {
    if (error instanceof RetentionError) return error;
    throw error;
  });
  if (members instanceof RetentionError) return { packages: [], notes: [], errors: [members.message] };
  const observed = await Promise.all(
    members.names.map(async (member) => {
      const written = policyOfMember(whole, member);
      const policy = { ...written, protect: protectionOfMember(whole.protect, written) };
      return { name: member, policy, outcome: await observe(context, policy, shared.approve) };
    }),
  );
  const approvals = organizationApprovals(shared.owner, shared.approve, observed);
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

function statusIn(input: ReviewInput, { inputs, decided, last }: CheckedPackage): PackageStatus {
  const outputs = { ...inputs, ...last };
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
  const others = resources
    .filter(isNamed)
    .map(({ inputs }) => keyOf(inputs))
    .filter((key) => !declared.has(key));
  if (others.length === 0) return [];
  return [`not in the stack's config, so only \`--preview\` reviews them: ${others.join(", ")}`];
}

/** Counts the records that may be of any package, such as those whose owner is a secret. */
function unnamed(resources: readonly ExportedResource[]): string[] {
  const found = resources.filter((resource) => !isNamed(resource)).length;
  if (found === 0) return [];
  return [
    `${count(found, "policy", "policies")} on the stack's record ${found === 1 ? "has an owner or a package" : "have owners or packages"} that cannot be read, such as a secret, so what waits or is approved there is not known: \`--preview\` reviews what \`pulumi preview --json --show-sames\` printed`,
  ];
}

function isNamed({ inputs }: ExportedResource): boolean {
  return typeof inputs.owner === "string" && typeof inputs.package === "string";
}

function duplicates(findings: readonly Finding[]): string[] {
  const names = findings.map(({ name }) => name.toLowerCase());
  const found = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return found.map((name) => `${name} has more than one policy in the stack's config: \`pulumi preview\` refuses that`);
}

function keyOf(inputs: { readonly owner?: unknown; readonly package?: unknown }): string {
  return `${inputs.owner}/${inputs.package}`.toLowerCase();
}
