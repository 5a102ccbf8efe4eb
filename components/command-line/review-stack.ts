import { approvalForPackage, organizationApprovals } from "../approval/organization-approvals";
import { policyOfPackage, uselessOverrides } from "../config/override";
import { namesWithoutList, selectPackages } from "../config/selection";
import type { ConfiguredOrganization } from "../config/stack-organizations";
import type { WrittenPolicy } from "../config/written-policy";
import { connect, type Endpoints } from "../inventory/connection";
import { listPackages } from "../inventory/github/list-packages";
import type { Outcome } from "../inventory/outcome";
import { RetentionError } from "../model/errors";
import { observePackage } from "../observe/observe-package";
import { approvalLine, organizationApprovalLine } from "../report/approval-line";
import { renderSummary } from "../report/organization-summary";
import { type NamedStatus, type PackageStatus, statusOf, unobservedStatus } from "../report/package-status";
import type { Finding, Findings } from "../review/finding";
import { type CheckedPackage, checkPackage, findingOf, lastOf, type ReviewInput } from "../review/review-package";
import type { ExportedResource } from "./stack-export";
import type { StackFile } from "./stack-file";

interface StackContext {
  readonly endpoints: Endpoints;
  readonly token: string;
  /** The record of each package in the stack's state, by `owner/name` in lower case. */
  readonly records: ReadonlyMap<string, ExportedResource>;
  readonly log: (text: string) => void;
}

/** Does for every policy of a stack's config what a preview does: the same look, the same check, the same report. */
export async function reviewStack(file: StackFile, resources: readonly ExportedResource[], token: string): Promise<Findings> {
  const records = new Map(resources.map((resource) => [keyOf(resource.inputs), resource]));
  const log = (text: string) => void process.stderr.write(`${text}\n`);
  const context: StackContext = { endpoints: file.endpoints, token, records, log: log };
  const [packages, organizations] = await Promise.all([
    Promise.all(
      file.policies.map(async ({ policy, configPath, weaker }) => {
        const outcome = await observe(context, policy);
        const warnings = weaker.length > 0 ? [`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`] : [];
        return findingOf({ ...knownOf(context, policy), outcome, approveWith: approvalLine({ configPath }), warnings, tolerant: false });
      }),
    ),
    Promise.all(file.organizations.map((organization) => reviewOrganization(context, organization))),
  ]);
  const all = [packages, ...organizations.map((one) => one.packages)].flat();
  return {
    packages: all,
    organizations: organizations.flatMap(({ name, report }) => (report === undefined ? [] : [{ name, report }])),
    notes: [...organizations.flatMap(({ notes }) => notes), ...undeclared(resources, all)],
    errors: [...organizations.flatMap(({ errors }) => errors), ...duplicates(all)],
  };
}

function observe({ endpoints, token, log }: StackContext, policy: WrittenPolicy, organizationApproval?: string): Promise<Outcome> {
  return observePackage({ endpoints, token, log: log, organizationApproval }, policy);
}

function knownOf({ endpoints, records }: StackContext, policy: WrittenPolicy): Pick<ReviewInput, "policy" | "servers" | "record"> {
  const { cacheFolder: _cacheFolder, ...servers } = endpoints;
  return { policy, servers, record: records.get(keyOf(policy)) };
}

interface ReviewedOrganization {
  readonly name: string;
  readonly packages: readonly Finding[];
  readonly report?: string;
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

async function reviewOrganization(
  context: StackContext,
  { name, whole, configPath, weaker }: ConfiguredOrganization,
): Promise<ReviewedOrganization> {
  const { shared, overrides, organization, protect } = whole;
  const names = await namesOf(context, organization).catch((error: unknown) => {
    if (error instanceof RetentionError) return error;
    throw error;
  });
  if (names instanceof RetentionError) return { name, packages: [], notes: [], errors: [names.message] };
  const looks = await Promise.all(
    names.map(async (own) => {
      const written = policyOfPackage(shared, overrides, own);
      const policy = { ...written, protect: [...protect, ...(written.protect ?? [])] };
      return { name: own, policy, outcome: await observe(context, policy, shared.approve) };
    }),
  );
  const shares = organizationApprovals(shared.owner, shared.approve, looks);
  const statuses: NamedStatus[] = [];
  const honoured: (string | undefined)[] = [];
  const packages = looks.map(({ name: own, policy, outcome }) => {
    const tolerant = organization.onError === "warn" && !("inUse" in outcome);
    const approveWith = approvalLine({ configPath, member: own });
    const looked: ReviewInput = {
      ...knownOf(context, policy),
      outcome,
      share: approvalForPackage(shares, own),
      approveWith,
      warnings: [],
      tolerant,
    };
    const checked = checkPackage(looked);
    statuses.push({ package: own, ...statusIn(looked, checked) });
    honoured.push(checked.inputs?.organization?.approved?.id);
    return findingOf(looked, checked);
  });
  const { approve } = shared;
  const { id } = shares.common;
  const isWaiting = statuses.some(({ state }) => state === "waiting");
  const report = renderSummary(statuses, true, {
    approve,
    honouredBy: honoured.filter((one) => one !== undefined && one === approve).length,
    line: isWaiting && id !== undefined && id !== approve ? organizationApprovalLine(configPath, id) : undefined,
  });
  return {
    name,
    packages,
    report,
    notes: [
      ...uselessOverrides(overrides, names).map((key) => `overrides["${key}"] fits no package of ${shared.owner}: it protects nothing`),
      ...(weaker.length > 0 ? [`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`] : []),
    ],
    errors: [],
  };
}

function statusIn(looked: ReviewInput, { inputs, decided }: CheckedPackage): PackageStatus {
  const known = { ...inputs, ...lastOf(looked) };
  if (decided !== undefined) return statusOf(known, decided);
  return unobservedStatus(known, "graph" in looked.outcome ? undefined : looked.outcome);
}

async function namesOf(
  { endpoints, token, log }: StackContext,
  organization: ConfiguredOrganization["whole"]["organization"],
): Promise<string[]> {
  const known = namesWithoutList(organization);
  return known ?? selectPackages(await listPackages(connect(endpoints, token, undefined, log).github, organization.owner), organization);
}

/** Policies that a program declares: their rules are known to the program alone. */
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
