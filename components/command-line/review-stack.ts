import { shareOf, sharesOf } from "../approval/organization-shares";
import { policyOfPackage, uselessOverrides } from "../config/override";
import { namesWithoutList, selectPackages } from "../config/selection";
import type { ConfiguredOrganization } from "../config/stack-organizations";
import type { WrittenPolicy } from "../config/written-policy";
import { connect, type Endpoints } from "../inventory/connection";
import { listPackages } from "../inventory/github/list-packages";
import type { LookOutcome } from "../inventory/outcome";
import { LookError } from "../model/errors";
import { lookAtPackage } from "../observe/observe-package";
import { approvalLine, organizationApprovalLine } from "../report/approval-line";
import { renderSummary } from "../report/organization-summary";
import { type NamedStanding, type Standing, standingOf, unseenStanding } from "../report/package-status";
import type { Finding, Findings } from "../review/finding";
import { type CheckedLook, checkedLook, findingOf, type Looked, lastOf } from "../review/review-package";
import type { ExportedResource } from "./stack-export";
import type { StackFile } from "./stack-file";

interface Sight {
  readonly endpoints: Endpoints;
  readonly token: string;
  /** The record of each package in the stack's state, by `owner/name` in lower case. */
  readonly records: ReadonlyMap<string, ExportedResource>;
  readonly tell: (text: string) => void;
}

/** Does for every policy of a stack's config what a preview does: the same look, the same check, the same report. */
export async function lookAtStack(file: StackFile, resources: readonly ExportedResource[], token: string): Promise<Findings> {
  const records = new Map(resources.map((resource) => [keyOf(resource.inputs), resource]));
  const tell = (text: string) => void process.stderr.write(`${text}\n`);
  const sight: Sight = { endpoints: file.endpoints, token, records, tell };
  const [packages, organizations] = await Promise.all([
    Promise.all(
      file.policies.map(async ({ policy, configPath, weaker }) => {
        const outcome = await seen(sight, policy);
        const warnings = weaker.length > 0 ? [`${configPath}: weaker than the stack's defaults: ${weaker.join(", ")}`] : [];
        return findingOf({ ...knownOf(sight, policy), outcome, approveWith: approvalLine({ configPath }), warnings, tolerant: false });
      }),
    ),
    Promise.all(file.organizations.map((organization) => lookAtOrganization(sight, organization))),
  ]);
  const all = [packages, ...organizations.map((one) => one.packages)].flat();
  return {
    packages: all,
    organizations: organizations.flatMap(({ name, report }) => (report === undefined ? [] : [{ name, report }])),
    notes: [...organizations.flatMap(({ notes }) => notes), ...undeclared(resources, all)],
    errors: [...organizations.flatMap(({ errors }) => errors), ...twice(all)],
  };
}

function seen({ endpoints, token, tell }: Sight, policy: WrittenPolicy, organizationApproval?: string): Promise<LookOutcome> {
  return lookAtPackage({ endpoints, token, tell, organizationApproval }, policy);
}

function knownOf({ endpoints, records }: Sight, policy: WrittenPolicy): Pick<Looked, "policy" | "servers" | "record"> {
  const { cacheFolder: _cacheFolder, ...servers } = endpoints;
  return { policy, servers, record: records.get(keyOf(policy)) };
}

interface OrganizationSeen {
  readonly name: string;
  readonly packages: readonly Finding[];
  readonly report?: string;
  readonly notes: readonly string[];
  readonly errors: readonly string[];
}

async function lookAtOrganization(sight: Sight, { name, whole, configPath, weaker }: ConfiguredOrganization): Promise<OrganizationSeen> {
  const { shared, overrides, organization, protect } = whole;
  const names = await namesOf(sight, organization).catch((error: unknown) => {
    if (error instanceof LookError) return error;
    throw error;
  });
  if (names instanceof LookError) return { name, packages: [], notes: [], errors: [names.message] };
  const looks = await Promise.all(
    names.map(async (own) => {
      const written = policyOfPackage(shared, overrides, own);
      const policy = { ...written, protect: [...protect, ...(written.protect ?? [])] };
      return { name: own, policy, outcome: await seen(sight, policy, shared.approve) };
    }),
  );
  const shares = sharesOf(shared.owner, shared.approve, looks);
  const standings: NamedStanding[] = [];
  const honoured: (string | undefined)[] = [];
  const packages = looks.map(({ name: own, policy, outcome }) => {
    const tolerant = organization.onError === "warn" && !("inUse" in outcome);
    const approveWith = approvalLine({ configPath, member: own });
    const looked: Looked = { ...knownOf(sight, policy), outcome, share: shareOf(shares, own), approveWith, warnings: [], tolerant };
    const checked = checkedLook(looked);
    standings.push({ package: own, ...standingIn(looked, checked) });
    honoured.push(checked.inputs?.organization?.approved?.id);
    return findingOf(looked, checked);
  });
  const { approve } = shared;
  const { id } = shares.common;
  const isWaiting = standings.some(({ state }) => state === "waiting");
  const report = renderSummary(standings, true, {
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

function standingIn(looked: Looked, { inputs, judgement }: CheckedLook): Standing {
  const known = { ...inputs, ...lastOf(looked) };
  if (judgement !== undefined) return standingOf(known, judgement);
  return unseenStanding(known, "graph" in looked.outcome ? undefined : looked.outcome);
}

async function namesOf(
  { endpoints, token, tell }: Sight,
  organization: ConfiguredOrganization["whole"]["organization"],
): Promise<string[]> {
  const known = namesWithoutList(organization);
  return known ?? selectPackages(await listPackages(connect(endpoints, token, undefined, tell), organization.owner), organization);
}

/** Policies that a program declares: their rules are known to the program alone. */
function undeclared(resources: readonly ExportedResource[], findings: readonly Finding[]): string[] {
  const declared = new Set(findings.map(({ name }) => name.toLowerCase()));
  const others = resources.map(({ inputs }) => keyOf(inputs)).filter((key) => !declared.has(key));
  if (others.length === 0) return [];
  return [`not in the stack's config, so only \`--preview\` reviews them: ${others.join(", ")}`];
}

function twice(findings: readonly Finding[]): string[] {
  const names = findings.map(({ name }) => name.toLowerCase());
  const found = [...new Set(names.filter((name, place) => names.indexOf(name) !== place))];
  return found.map((name) => `${name} has more than one policy in the stack's config: \`pulumi preview\` refuses that`);
}

function keyOf(inputs: { readonly owner?: unknown; readonly package?: unknown }): string {
  return `${inputs.owner}/${inputs.package}`.toLowerCase();
}
