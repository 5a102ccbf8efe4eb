import * as pulumi from "@pulumi/pulumi";
import { policyOfPackage, uselessOverrides } from "../config/override";
import { namesWithoutList, selectPackages } from "../config/selection";
import { Settings } from "../config/settings";
import type { WholeOrganization } from "../config/stack-organizations";
import { type ImageInUse, sortProtection } from "../in-use/in-use";
import { connect } from "../inventory/connection";
import { type ListedPackage, listPackages } from "../inventory/github/list-packages";
import { RetentionError } from "../model/errors";
import { organizationApprovalLine } from "../report/approval-line";
import { renderSummary, type Summary, summaryOf } from "../report/organization-summary";
import { AwaitedPackages } from "./await-packages";
import { observerThread } from "./observer";
import { PackageError } from "./package-error";
import { RetentionPolicy } from "./retention-policy";

export type Protection = pulumi.Output<(string | ImageInUse)[]>;

interface Args {
  readonly whole: WholeOrganization;
  readonly protect: Protection;
  readonly configPath?: string | undefined;
  readonly elsewhere?: ReadonlyMap<string, string> | undefined;
}

export interface DeclaredPackages {
  readonly summary: pulumi.Output<Summary>;
  readonly planId: pulumi.Output<string>;
}

/** Lists the packages of an organisation's policy, declares a policy for each under it, and reports on all of them. */
export async function declarePackages(parent: pulumi.ComponentResource, args: Args): Promise<DeclaredPackages> {
  const { whole, protect } = args;
  const { shared, overrides, organization } = whole;
  const settings = Settings.load();
  // Without the list nothing is known of the packages: the program fails, and the state of each stays as it is.
  const listed = await listFor(settings, whole).catch((error: unknown) => {
    throw error instanceof RetentionError ? new PackageError(error.message, parent) : error;
  });
  const names = listed === undefined ? (namesWithoutList(organization) ?? []) : selectPackages(listed, organization);
  refuseDuplicates(parent, names, args);
  for (const key of uselessOverrides(overrides, names)) {
    pulumi.log.warn(`overrides["${key}"] fits no package of ${shared.owner}: it protects nothing`, parent);
  }
  if (listed !== undefined) refuseMissingPackages(parent, protect, listed, settings, shared.owner);

  const gathering = new AwaitedPackages(names.length, (looks) => {
    return observerThread.organizationApprovals({ owner: shared.owner, approve: shared.approve, members: looks });
  });
  const children = names.map((name) => declarePackage(parent, name, args, gathering));
  const statuses = pulumi.all(
    children.map(({ result: judged }, index) => judged.apply(({ status }) => ({ package: names[index] ?? "", ...status }))),
  );
  const id = pulumi.output(gathering.id());
  const honoured = pulumi.all(children.map(({ result: judged }) => judged.apply(({ honoured }) => honoured)));
  pulumi.all([statuses, honoured, id]).apply(([known, approvals, today]) => {
    const { approve } = shared;
    const isWaiting = known.some(({ state }) => state === "waiting");
    pulumi.log.info(
      renderSummary(known, pulumi.runtime.isDryRun(), {
        approve,
        honouredBy: approvals.filter((approved) => approved === approve).length,
        line: isWaiting && today !== undefined && today !== approve ? organizationApprovalLine(args.configPath, today) : undefined,
      }),
      parent,
    );
  });
  return { summary: statuses.apply(summaryOf), planId: id.apply((today) => today ?? "none") };
}

function declarePackage(
  parent: pulumi.Resource,
  name: string,
  { whole, protect, configPath }: Args,
  gathering: AwaitedPackages,
): RetentionPolicy {
  const { shared, overrides, organization } = whole;
  const policy = policyOfPackage(shared, overrides, name);
  return new RetentionPolicy(
    `${policy.owner}/${name}`.toLowerCase(),
    {
      ...policy,
      protect: protect.apply((common) => [...common, ...(policy.protect ?? [])]),
      membership: {
        approve: shared.approve,
        onError: organization.onError,
        approvalFor: (outcome) => gathering.share(name, outcome),
        approvalPlace: { configPath, member: name },
      },
    },
    // A package whose policy stood in the stack by itself keeps its ledger.
    { parent, aliases: [{ parent: pulumi.rootStackResource }] },
  );
}

async function listFor(settings: Settings, { organization }: WholeOrganization): Promise<ListedPackage[] | undefined> {
  if (namesWithoutList(organization) !== undefined) return undefined;
  const { token } = settings;
  if (token === undefined) {
    throw new RetentionError(
      `${organization.owner}: no token: set GITHUB_TOKEN, or \`pulumi config set --secret ghcr-retention:token\`; a list needs the scope read:packages.`,
    );
  }
  return listPackages(connect(settings.endpoints, token, undefined, settings.log).github, organization.owner);
}

/** Two policies of one package would each show a plan, and the weaker one would hold. */
function refuseDuplicates(parent: pulumi.Resource, names: readonly string[], { whole, elsewhere, configPath }: Args): void {
  const { owner } = whole.shared;
  const places = names.map((name) => ({ name, place: elsewhere?.get(`${owner}/${name}`.toLowerCase()) }));
  const duplicates = places.filter(({ place }) => place !== undefined).map(({ name, place }) => `  ${owner}/${name} has one at ${place}`);
  if (duplicates.length === 0) return;
  throw new PackageError(
    `${configPath ?? owner}: expected one policy for each package; take it out there, or leave it out here with "!<name>":\n${duplicates.join("\n")}`,
    parent,
  );
}

/** A package that is in use and gone has no policy that could tell. */
function refuseMissingPackages(
  parent: pulumi.Resource,
  protect: Protection,
  listed: readonly ListedPackage[],
  settings: Settings,
  owner: string,
): void {
  const there = new Set(listed.map(({ name }) => `${owner}/${name}`.toLowerCase()));
  protect.apply((known) => {
    const { uses } = sortProtection(known, new URL(settings.endpoints.registryUrl).host);
    const missing = [...uses].filter(([key]) => key.startsWith(`${owner.toLowerCase()}/`) && !there.has(key));
    if (missing.length === 0) return;
    const lines = missing.flatMap(([, used]) => used.map(({ label: said }) => `  ${said}`));
    throw new PackageError(
      `${owner}: in use, and the whole package is not there; GitHub restores a deleted package for 30 days, on the owner's page of packages:\n${lines.join("\n")}`,
      parent,
    );
  });
}
