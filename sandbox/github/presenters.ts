import { timestamp } from "../clock";
import type { Owner } from "../store/owners";
import type { Package } from "../store/package";
import type { Version } from "../store/version";

const site = "https://github.com";

/** The `simple-user` of GitHub's OpenAPI description. */
export function simpleUser(apiUrl: string, owner: Owner): object {
  const url = `${apiUrl}/users/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: Buffer.from(`${owner.kind}${owner.id}`).toString("base64"),
    avatar_url: `${site}/images/error/octocat_happy.gif`,
    gravatar_id: "",
    url,
    html_url: `${site}/${owner.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: owner.kind,
    user_view_type: "public",
    site_admin: false,
  };
}

export function publicUser(apiUrl: string, owner: Owner): object {
  return {
    ...simpleUser(apiUrl, owner),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2011-01-25T18:44:36Z",
    updated_at: "2011-01-25T18:44:36Z",
  };
}

function kindPath(owner: Owner): string {
  return `${owner.kind === "User" ? "users" : "orgs"}/${owner.login}`;
}

export function presentPackage(apiUrl: string, owner: Owner, pkg: Package): object {
  const name = encodeURIComponent(pkg.name);
  return {
    id: pkg.id,
    name: pkg.name,
    package_type: "container",
    owner: simpleUser(apiUrl, owner),
    version_count: pkg.active.size,
    visibility: pkg.visibility,
    url: `${apiUrl}/${kindPath(owner)}/packages/container/${name}`,
    created_at: timestamp(pkg.createdAt),
    updated_at: timestamp(pkg.updatedAt),
    html_url: `${site}/${kindPath(owner)}/packages/container/package/${name}`,
  };
}

/** The part of every version's answer that its package decides. */
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
