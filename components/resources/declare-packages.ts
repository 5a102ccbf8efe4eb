import { limitsPlaces } from "../config/override";
import { Settings } from "../config/settings";
import type { WholeOrganization } from "../config/stack-organizations";
import { type ImageInUse, namesIn, type SortedProtection, sortProtection } from "../in-use/in-use";
import type { ListedPackage } from "../inventory/github/list-packages";
import { hidingSecrets } from "../messages/secrets";
import { RetentionError } from "../model/errors";
import { idToApprove, policyOfMember, protectionOfMember, selectionWarnings, selectMembers, summarise } from "../observe/organization";
import { type Summary, summaryOf } from "../report/organization-summary";
import * as pulumi from "../sdk/pulumi";
import { placesOf } from "./aliases";
import { AwaitedPackages } from "./await-packages";
import { mockedPackages } from "./mocked-packages";
import { isMocked, observer } from "./observer";
import { PackageError } from "./package-error";
import { findPlanOwner } from "./plan-owners";
import { RetentionPolicy } from "./retention-policy";
import { type WaitingPlan, waitingPlanOf } from "./waiting-plan";

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
  readonly plans: pulumi.Output<Readonly<Record<string, WaitingPlan>>>;
}

/** Lists the packages of an organisation's policy, declares a policy for each under it, and reports on all of them. */
export async function declarePackages(parent: pulumi.ComponentResource, args: Args): Promise<DeclaredPackages> {
  const { whole, protect, configPath } = args;
  const { shared, organization } = whole;
  const settings = Settings.load();
  // Without the list no package is known: the program fails, and the state of each package stays as it is.
  const members = await selectMembers(organization, () => list(settings, organization.owner)).catch((error: unknown) => {
    throw error instanceof RetentionError ? new PackageError(error.message, parent) : error;
  });
  const { names, listed } = members;
  refuseDuplicates(parent, names, args);
  for (const warning of selectionWarnings(whole, members)) pulumi.log.warn(warning, parent);
  if (listed !== undefined && !isMocked()) {
    const host = new URL(settings.endpoints.registryUrl).host;
    protect.apply(async (known) => {
      const hide = hidingSecrets((await pulumi.isSecret(protect)) ? namesIn(known) : []);
      refuseMissingPackages(parent, { owner: shared.owner, uses: sortProtection(known, host).uses, listed, hide });
    });
  }

  const awaited = new AwaitedPackages(names.length, (members) => {
    return observer().organizationApprovals({ owner: shared.owner, approve: shared.approve, members });
  });
  const children = names.map((name) => declarePackage(parent, name, args, awaited));
  const statuses = pulumi.all(
    children.map(({ result }, index) => result.apply(({ status }) => ({ package: names[index] ?? "", ...status }))),
  );
  const records = pulumi.all(children.map(({ result }) => result.apply(({ record }) => record)));
  const id = pulumi.output(awaited.id());
  const { approve, onVoid } = shared;
  pulumi.all([statuses, records, id]).apply(async ([statuses, records, id]) => {
    if (isMocked()) return;
    const isHonoured = approve === undefined || records.some((record) => record?.approved?.id === approve);
    const owner = isHonoured ? undefined : (await findPlanOwner(approve))?.package;
    const context = { approve, id, configPath, isPreview: pulumi.runtime.isDryRun(), onVoid, owner };
    const { text, fault } = summarise(statuses, records, context);
    pulumi.log.info(text, parent);
    if (fault !== undefined) throw new PackageError(`${shared.owner}: ${fault}`, parent);
  });
  const planId = pulumi
    .all([statuses, records, id])
    .apply(([statuses, records, id]) => idToApprove(statuses, records, { approve, id }) ?? "none");
  const waiting = pulumi.all(
    children.map((child, index) => waitingPlanOf(child).apply((plan) => [`${shared.owner}/${names[index]}`, plan] as const)),
  );
  const plans = waiting.apply((all) => Object.fromEntries(all.flatMap(([name, plan]) => (plan === undefined ? [] : [[name, plan]]))));
  return { summary: statuses.apply(summaryOf), planId, plans };
}

function declarePackage(
  parent: pulumi.Resource,
  name: string,
  { whole, protect, configPath }: Args,
  awaited: AwaitedPackages,
): RetentionPolicy {
  const { shared, organization } = whole;
  const policy = policyOfMember(whole, name);
  return new RetentionPolicy(
    `${policy.owner}/${name}`.toLowerCase(),
    {
      ...policy,
      protect: protect.apply((common) => protectionOfMember(common, policy)),
      membership: {
        approve: shared.approve,
        onError: organization.onError,
        approvalFor: (outcome) => awaited.approvalFor(name, outcome),
        approvalPlace: { configPath, member: name, limits: limitsPlaces(shared, whole.overrides, name) },
      },
    },
    { parent, aliases: placesOf(policy.owner) },
  );
}

async function list(settings: Settings, owner: string): Promise<ListedPackage[]> {
  if (isMocked()) return mockedPackages(owner);
  // Loaded on demand, with GitHub's client: most policies name their package, and the thread that observes them has its own.
  const { listOwnersPackages }: typeof import("./list-owners-packages") = require("./list-owners-packages");
  return listOwnersPackages(settings, owner);
}

/** Two policies of one package would each show a plan, and the weaker one would decide. */
function refuseDuplicates(parent: pulumi.Resource, names: readonly string[], { whole, elsewhere, configPath }: Args): void {
  const { owner } = whole.shared;
  const duplicates = names.flatMap((name) => {
    const other = elsewhere?.get(`${owner}/${name}`.toLowerCase());
    return other === undefined ? [] : [`  ${owner}/${name} has one at ${other}`];
  });
  if (duplicates.length === 0) return;
  throw new PackageError(
    `${configPath ?? owner}: expected one policy for each package; take it out there, or leave it out here with "!<name>":\n${duplicates.join("\n")}`,
    parent,
  );
}

interface UsedPackages {
  readonly owner: string;
  readonly uses: SortedProtection["uses"];
  readonly listed: readonly ListedPackage[];
  /** Takes secrets out of a text. */
  readonly hide: (text: string) => string;
}

/** A package that is in use and does not exist has no policy that could report it. */
function refuseMissingPackages(parent: pulumi.Resource, { owner, uses, listed, hide }: UsedPackages): void {
  const existing = new Set(listed.map(({ name }) => `${owner}/${name}`.toLowerCase()));
  const missing = [...uses].filter(([key]) => key.startsWith(`${owner.toLowerCase()}/`) && !existing.has(key));
  if (missing.length === 0) return;
  const lines = missing.flatMap(([, images]) => images.map(({ label }) => `  ${hide(label)}`));
  throw new PackageError(
    `${owner}: in use, but the whole package is missing; GitHub restores a deleted package for 30 days, on the owner's packages page:\n${lines.join("\n")}`,
    parent,
  );
}
