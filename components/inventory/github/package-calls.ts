import type { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import type { PackageRoute } from "./route";

/** The REST calls about packages, each at the address of the owner's kind: https://docs.github.com/en/rest/packages/packages */

interface PageParameters {
  readonly state: "active" | "deleted";
  readonly per_page: number;
  readonly page: number;
  readonly headers?: { readonly "if-none-match": string };
}

type OwnerOf = Pick<PackageRoute, "kind" | "owner">;

/** A response as it comes: its data is parsed by a schema of ours. */
interface Response {
  readonly status: number;
  readonly data?: unknown;
  readonly headers: NonNullable<RequestError["response"]>["headers"];
}

const packageType = { package_type: "container" } as const;

export function getOwner({ rest }: Octokit, owner: string): Promise<Response> {
  return rest.users.getByUsername({ username: owner });
}

export function getPackages(
  { rest: { packages } }: Octokit,
  { kind, owner }: OwnerOf,
  parameters: Omit<PageParameters, "state">,
): Promise<Response> {
  return kind === "orgs"
    ? packages.listPackagesForOrganization({ org: owner, ...packageType, ...parameters })
    : packages.listPackagesForUser({ username: owner, ...packageType, ...parameters });
}

export function getPackage({ rest: { packages } }: Octokit, { kind, owner, name }: PackageRoute): Promise<Response> {
  return kind === "orgs"
    ? packages.getPackageForOrganization({ org: owner, ...packageType, package_name: name })
    : packages.getPackageForUser({ username: owner, ...packageType, package_name: name });
}

/** Paging and state are not documented for a user's package, and work: GitHub's own clients send them. */
export function getVersions(
  { rest: { packages } }: Octokit,
  { kind, owner, name }: PackageRoute,
  parameters: PageParameters,
): Promise<Response> {
  const all = { ...packageType, package_name: name, ...parameters };
  return kind === "orgs"
    ? packages.getAllPackageVersionsForPackageOwnedByOrg({ org: owner, ...all })
    : packages.getAllPackageVersionsForPackageOwnedByUser({ username: owner, ...all });
}

/** A version to delete or to restore. An aborted signal ends the waits for it: a request under way is still answered. */
export interface VersionChange {
  readonly id: number;
  readonly signal?: AbortSignal | undefined;
}

export function deletePackageVersion({ rest: { packages } }: Octokit, route: PackageRoute, change: VersionChange): Promise<Response> {
  const { kind, owner } = route;
  const all = parametersOf(route, change);
  return kind === "orgs"
    ? packages.deletePackageVersionForOrg({ org: owner, ...all })
    : packages.deletePackageVersionForUser({ username: owner, ...all });
}

export function restorePackageVersion({ rest: { packages } }: Octokit, route: PackageRoute, change: VersionChange): Promise<Response> {
  const { kind, owner } = route;
  const all = parametersOf(route, change);
  return kind === "orgs"
    ? packages.restorePackageVersionForOrg({ org: owner, ...all })
    : packages.restorePackageVersionForUser({ username: owner, ...all });
}

function parametersOf({ name }: PackageRoute, { id, signal }: VersionChange) {
  return { ...packageType, package_name: name, package_version_id: id, ...(signal === undefined ? {} : { request: { signal } }) };
}

/** Where an organisation's artifact runs, which Octokit names in no method yet: https://docs.github.com/en/rest/orgs/artifact-metadata */
export function getDeploymentRecords(octokit: Octokit, { owner }: OwnerOf, digest: string): Promise<Response> {
  return octokit.request("GET /orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records", { org: owner, subject_digest: digest });
}
