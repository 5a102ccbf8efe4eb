import type { Owner } from "../store/owners";

export const site = "https://github.com";
const born = "2011-01-25T18:44:36Z";

/** The `simple-user` of GitHub's OpenAPI description. */
export function simpleUser(apiUrl: string, owner: Owner) {
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
    created_at: born,
    updated_at: born,
  };
}

/** The `organization-simple` of GitHub's OpenAPI description. */
function simpleOrganization(apiUrl: string, owner: Owner): object {
  const url = `${apiUrl}/orgs/${owner.login}`;
  const { id, login, node_id, avatar_url } = simpleUser(apiUrl, owner);
  return {
    login,
    id,
    node_id,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url,
    description: null,
  };
}

/** The `organization-full` of GitHub's OpenAPI description. */
export function organization(apiUrl: string, owner: Owner): object {
  return {
    ...simpleOrganization(apiUrl, owner),
    html_url: simpleUser(apiUrl, owner).html_url,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: owner.kind,
    created_at: born,
    updated_at: born,
    archived_at: null,
  };
}

/** The `org-membership` of GitHub's OpenAPI description. */
export function membership(apiUrl: string, owner: Owner, user: Owner, role: "admin" | "member"): object {
  const url = `${apiUrl}/orgs/${owner.login}`;
  return {
    url: `${url}/memberships/${user.login}`,
    state: "active",
    role,
    organization_url: url,
    organization: simpleOrganization(apiUrl, owner),
    user: simpleUser(apiUrl, user),
  };
}
