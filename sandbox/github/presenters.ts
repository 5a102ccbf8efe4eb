import { timestamp } from "../store/clock";
import type { Owner } from "../store/owners";
import type { Package } from "../store/package";
import type { Version } from "../store/version";
import { simpleUser, site } from "./owner-answers";
import { minimalRepository } from "./repository-answer";

function kindPath(owner: Owner): string {
  return `${owner.kind === "User" ? "users" : "orgs"}/${owner.login}`;
}

/** A package as a list shows it; by itself it has a `version_count` as well. */
export function presentPackage(apiUrl: string, owner: Owner, pkg: Package): object {
  const name = encodeURIComponent(pkg.name);
  return {
    id: pkg.id,
    name: pkg.name,
    package_type: "container",
    owner: simpleUser(apiUrl, owner),
    visibility: pkg.visibility,
    ...(pkg.source === undefined ? {} : { repository: minimalRepository(apiUrl, owner, pkg.source, pkg.visibility) }),
    url: `${apiUrl}/${kindPath(owner)}/packages/container/${name}`,
    created_at: timestamp(pkg.createdAt),
    updated_at: timestamp(pkg.updatedAt),
    html_url: `${site}/${kindPath(owner)}/packages/container/package/${name}`,
  };
}

/** The part of each version that is the same for the whole package. */
export interface VersionLinks {
  readonly url: string;
  readonly packagePage: string;
  readonly page: string;
}

export function versionLinks(apiUrl: string, owner: Owner, pkg: Package): VersionLinks {
  const name = encodeURIComponent(pkg.name);
  return {
    url: `${apiUrl}/${kindPath(owner)}/packages/container/${name}/versions`,
    packagePage: `${site}/${kindPath(owner)}/packages/container/package/${name}`,
    page: `${site}/${kindPath(owner)}/packages/container/${name}`,
  };
}

/** A version; `deletedAt` is absent where its list does not say. */
export function presentVersion(links: VersionLinks, version: Version, tags: readonly string[]): object {
  return {
    id: version.id,
    name: version.digest,
    url: `${links.url}/${version.id}`,
    package_html_url: links.packagePage,
    created_at: timestamp(version.createdAt),
    updated_at: timestamp(version.updatedAt),
    html_url: `${links.page}/${version.id}`,
    ...(version.deletedAt === undefined ? {} : { deleted_at: timestamp(version.deletedAt) }),
    metadata: { package_type: "container", container: { tags } },
  };
}
