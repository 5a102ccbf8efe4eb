import type { GitHubConnection } from "../../components/inventory/github/client";
import { deletePackageVersion, restorePackageVersion } from "../../components/inventory/github/package-calls";
import type { PackageRoute } from "../../components/inventory/github/route";
import { type Answer, askGitHub } from "./answer";
import { ProbePackage } from "./probe-package";

/** All that a live run deletes or restores at GitHub. Each takes a {@link ProbePackage}, and throws for anything else. */
export interface Changed {
  readonly package: ProbePackage;
  readonly kind: PackageRoute["kind"];
}

export function deleteVersion(github: GitHubConnection, changed: Changed, id: number): Promise<Answer> {
  const route = routeOf(changed);
  return askGitHub(github, `${changed.package}`, (octokit) => deletePackageVersion(octokit, route, { id }));
}

export function restoreVersion(github: GitHubConnection, changed: Changed, id: number): Promise<Answer> {
  const route = routeOf(changed);
  return askGitHub(github, `${changed.package}`, (octokit) => restorePackageVersion(octokit, route, { id }));
}

export function deletePackage(github: GitHubConnection, changed: Changed): Promise<Answer> {
  const { kind, owner, name } = routeOf(changed);
  const named = { package_type: "container", package_name: name } as const;
  return askGitHub(github, `${changed.package}`, ({ rest: { packages } }) =>
    kind === "orgs" ? packages.deletePackageForOrg({ org: owner, ...named }) : packages.deletePackageForUser({ username: owner, ...named }),
  );
}

function routeOf({ package: probe, kind }: Changed): PackageRoute {
  ProbePackage.expect(probe);
  return { kind, owner: probe.owner, name: probe.name };
}
