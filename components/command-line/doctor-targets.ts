import { existsSync } from "node:fs";
import { parseEndpoints } from "../config/endpoints";
import { namesWithoutList, selectPackages } from "../config/selection";
import type { ConfiguredOrganization } from "../config/stack-organizations";
import { everyNeed, needsOf, searchedOnly } from "../diagnosis/needs";
import type { Endpoints } from "../inventory/connection";
import type { ListedPackage } from "../inventory/github/list-packages";
import type { OwnerTarget, PackageTarget } from "../inventory/probes/probe-owner";
import { policyOfMember } from "../observe/organization";
import { neighboursNamedBy } from "../plan/neighbours";
import { parsePolicy } from "../rules/parse-policy";
import type { PolicyInput } from "../rules/policy";
import { findPolicy, readDeclared, readStackFile, type StackFile } from "./stack-file";
import { configFileOf, type StackOptions } from "./workspace";

export interface Asked extends StackOptions {
  readonly package?: string | undefined;
  readonly owner?: string | undefined;
}

export interface Targets {
  readonly endpoints: Endpoints;
  readonly owners: readonly OwnerTarget[];
}

/** Returns what to look at: a package, an owner, or all that the stack's config declares. Throws where nothing is named. */
export function targetsOf({ package: name, owner, ...options }: Asked): Targets {
  if (name !== undefined && owner !== undefined) throw new Error("expected a package or --owner, not both");
  const path = configFileOf(options);
  const [, ownerOfPackage, ownName] = /^([^/]+)\/(.+)$/.exec(name ?? "") ?? [];
  // On the first day there is no stack yet.
  const isNamedInFull = owner !== undefined || ownerOfPackage !== undefined;
  const isStackAsked = options.stack !== undefined || options.configFile !== undefined;
  const file = isNamedInFull && !isStackAsked && !existsSync(path) ? undefined : (isNamedInFull ? readStackFile : readDeclared)(path);
  const endpoints = file?.endpoints ?? parseEndpoints({});
  if (owner !== undefined) return { endpoints, owners: [wholeOwner(owner)] };
  if (name === undefined) return { endpoints, owners: file === undefined ? [] : targetsOfStack(file) };
  const policy = file && policyIn(file, name, isNamedInFull);
  if (policy !== undefined) return { endpoints, owners: [targetOfPolicy(policy)] };
  return { endpoints, owners: [{ owner: ownerOfPackage ?? "", packages: [{ name: ownName ?? "", needs: everyNeed }] }] };
}

function wholeOwner(owner: string): OwnerTarget {
  return { owner, packages: [], select: (listed) => listed.map(({ name }) => ({ name, needs: everyNeed })) };
}

/** The policy of a package. One that is named in full needs none. */
function policyIn(file: StackFile, name: string, isNamedInFull: boolean): PolicyInput | undefined {
  try {
    return findPolicy(file, name).policy;
  } catch (error) {
    if (isNamedInFull) return undefined;
    throw error;
  }
}

function targetsOfStack(file: StackFile): OwnerTarget[] {
  const targets = [...file.policies.map(({ policy }) => targetOfPolicy(policy)), ...file.organizations.map(targetOfOrganization)];
  if (targets.length === 0)
    throw new Error(`${file.lacks ?? "the stack's config declares no policy"}. Or name an owner with --owner, or a package`);
  return mergedByOwner(targets);
}

function targetOfPolicy(written: PolicyInput): OwnerTarget {
  return { owner: written.owner, packages: packagesOf(written) };
}

/** A package, and those in which its rules look for subjects. */
function packagesOf(written: PolicyInput): PackageTarget[] {
  const policy = parsePolicy(written);
  const searched = neighboursNamedBy(policy.rules).map((name) => ({ name, needs: searchedOnly }));
  return [{ name: policy.package, needs: needsOf(policy) }, ...searched];
}

function targetOfOrganization({ whole }: ConfiguredOrganization): OwnerTarget {
  const { organization } = whole;
  const packagesNamed = (names: readonly string[]) =>
    names.flatMap((name) => {
      // Images in use are references, which say nothing of what the token has to do.
      return packagesOf({ ...policyOfMember(whole, name), protect: [] });
    });
  const names = namesWithoutList(organization);
  if (names !== undefined) return { owner: organization.owner, packages: packagesNamed(names) };
  const select = (listed: readonly ListedPackage[]) => packagesNamed(selectPackages(listed, organization));
  return { owner: organization.owner, packages: [], select };
}

/** Several policies of one owner ask for it once. */
function mergedByOwner(targets: readonly OwnerTarget[]): OwnerTarget[] {
  const merged = new Map<string, OwnerTarget>();
  for (const target of targets) {
    const key = target.owner.toLowerCase();
    const before = merged.get(key);
    merged.set(key, before === undefined ? target : both(before, target));
  }
  return [...merged.values()];
}

function both({ owner, packages, select: first }: OwnerTarget, { packages: others, select: second }: OwnerTarget): OwnerTarget {
  const selects = [first, second].filter((select) => select !== undefined);
  return {
    owner,
    packages: [...packages, ...others],
    ...(selects.length === 0 ? {} : { select: (listed) => selects.flatMap((select) => select(listed)) }),
  };
}
