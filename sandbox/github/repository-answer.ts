import type { Owner } from "../store/owners";
import type { Visibility } from "../store/package";
import { simpleUser, site } from "./owner-answers";

const links: Readonly<Record<string, string>> = {
  archive_url: "{archive_format}{/ref}",
  assignees_url: "assignees{/user}",
  blobs_url: "git/blobs{/sha}",
  branches_url: "branches{/branch}",
  collaborators_url: "collaborators{/collaborator}",
  comments_url: "comments{/number}",
  commits_url: "commits{/sha}",
  compare_url: "compare/{base}...{head}",
  contents_url: "contents/{+path}",
  contributors_url: "contributors",
  deployments_url: "deployments",
  downloads_url: "downloads",
  events_url: "events",
  forks_url: "forks",
  git_commits_url: "git/commits{/sha}",
  git_refs_url: "git/refs{/sha}",
  git_tags_url: "git/tags{/sha}",
  hooks_url: "hooks",
  issue_comment_url: "issues/comments{/number}",
  issue_events_url: "issues/events{/number}",
  issues_url: "issues{/number}",
  keys_url: "keys{/key_id}",
  labels_url: "labels{/name}",
  languages_url: "languages",
  merges_url: "merges",
  milestones_url: "milestones{/number}",
  notifications_url: "notifications{?since,all,participating}",
  pulls_url: "pulls{/number}",
  releases_url: "releases{/id}",
  stargazers_url: "stargazers",
  statuses_url: "statuses/{sha}",
  subscribers_url: "subscribers",
  subscription_url: "subscription",
  tags_url: "tags",
  teams_url: "teams",
  trees_url: "git/trees{/sha}",
};

/** The `minimal-repository` of GitHub's OpenAPI description, of the repository that a package is connected to. */
export function minimalRepository(apiUrl: string, owner: Owner, fullName: string, visibility: Visibility): object {
  const url = `${apiUrl}/repos/${fullName}`;
  const id = [...fullName].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_000_007, 7);
  return {
    id,
    node_id: Buffer.from(`Repository${id}`).toString("base64"),
    name: fullName.slice(fullName.indexOf("/") + 1),
    full_name: fullName,
    owner: simpleUser(apiUrl, owner),
    private: visibility !== "public",
    html_url: `${site}/${fullName}`,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(Object.entries(links).map(([link, path]) => [link, `${url}/${path}`])),
  };
}
