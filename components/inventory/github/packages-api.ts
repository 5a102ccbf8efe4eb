import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName, Version } from "../../model/inventory";
import { printable } from "../../model/printable";
import type { TokenScopes } from "../../model/token-scopes";
import { Digest, Tag } from "../../rules/policy";
import type { RememberedPage } from "../cache/package-cache";
import { isPage } from "../http/error-body";
import { parseHttpDate } from "../http/http-date";
import type { GitHubConnection } from "./client";
import { errorAbout } from "./github-error";
import { getOwner, getPackage, getVersions } from "./package-calls";
import { pageError } from "./page-size";
import type { OwnerInfo, PackageRoute } from "./route";
import { parseScopes } from "./token-scopes";

/** https://docs.github.com/en/rest/packages/packages#list-package-versions-for-a-package-owned-by-an-organization */
const PackageVersion = z
  .object({
    id: z.int().positive(),
    name: Digest,
    created_at: z.iso.datetime({ offset: true }),
    updated_at: z.iso.datetime({ offset: true }),
    // Missing tags would look like 'untagged', so they are an error.
    metadata: z.object({ container: z.object({ tags: z.array(Tag) }) }),
  })
  .transform(
    ({ id, name, created_at, updated_at, metadata }): Version => ({
      id,
      digest: name,
      tags: metadata.container.tags,
      createdAt: Date.parse(created_at),
      updatedAt: Date.parse(updated_at),
    }),
  );

const VersionPage = z.array(PackageVersion);
const Owner = z.object({ type: z.enum(["User", "Organization"]) });
const Package = z.object({ version_count: z.int().nonnegative() });

export interface Page {
  readonly versions: readonly Version[];
  /** The number of the last page, as `Link` says; `undefined` where GitHub confirmed a remembered page. */
  readonly last: number | undefined;
  /** GitHub's `Date`, epoch milliseconds. */
  readonly date: number;
  readonly etag: string;
}

/** Requests the owner's kind, which decides the route of its packages; the response also names a classic token's scopes. */
export async function findRoute(github: GitHubConnection, name: PackageName): Promise<{ route: PackageRoute; scopes: TokenScopes }> {
  const owner = name.owner.toLowerCase();
  const answer = github.owners.get(owner) ?? askForOwner(github, name);
  github.owners.set(owner, answer);
  // Concurrent requests share a failure; later ones start anew.
  answer.catch(() => github.owners.delete(owner));
  const { kind, scopes } = await answer;
  return { route: { kind, owner: name.owner, name: name.name }, scopes };
}

async function askForOwner(github: GitHubConnection, name: PackageName): Promise<OwnerInfo> {
  const { data, headers } = await request(github, packageLabel(name), (octokit) => getOwner(octokit, name.owner));
  const { type } = parseAnswer(Owner, data, name, `the owner ${name.owner}`);
  return { kind: type === "Organization" ? "orgs" : "users", scopes: parseScopes(headers["x-oauth-scopes"]) };
}

export async function countVersions(github: GitHubConnection, name: PackageName, route: PackageRoute): Promise<number> {
  const { data } = await request(github, packageLabel(name), (octokit) => getPackage(octokit, route));
  return parseAnswer(Package, data, name, "the package").version_count;
}

interface PageRequest {
  readonly size: number;
  /** Counted from 1. */
  readonly page: number;
  /** The page as an earlier run received it. */
  readonly remembered?: RememberedPage | undefined;
}

/** Requests a page of the list. Returns the remembered one where GitHub confirms it (304). */
export async function listPage(
  github: GitHubConnection,
  name: PackageName,
  route: PackageRoute,
  { size, page, remembered }: PageRequest,
): Promise<Page> {
  const condition = remembered === undefined ? {} : { headers: { "if-none-match": remembered.etag } };
  const parameters = { ...condition, state: "active", per_page: size, page } as const;
  const ask = (octokit: Octokit) => getVersions(octokit, route, parameters).catch(asUnchanged);
  const { status, data, headers } = await request(github, packageLabel(name), ask, pageError);
  const date = parseHttpDate(headers.date);
  if (date === undefined) {
    throw new RetentionError(`${packageLabel(name)}: GitHub's answer has no Date, and ages are never taken from the local clock.`);
  }
  // Versions on later pages may have come and gone, so the remembered number of pages says nothing.
  if (status === 304 && remembered) return { ...remembered, date, last: undefined };
  const versions = parseAnswer(VersionPage, data, name, `page ${page} of the versions`);
  return { versions, last: lastPage(headers.link, page), date, etag: headers.etag ?? "" };
}

interface Unchanged {
  readonly status: 304;
  readonly data?: undefined;
  readonly headers: NonNullable<RequestError["response"]>["headers"];
}

/** Octokit throws for a 304. */
function asUnchanged(error: unknown): Unchanged {
  if (error instanceof RequestError && error.status === 304 && error.response) return { status: 304, headers: error.response.headers };
  throw error;
}

const maxBodyAttempts = 3;

/** Calls GitHub. The label names in errors what the call is about. Throws what `toError` makes of a failure, or a {@link RetentionError}. */
export async function request<Answer extends { readonly data?: unknown }>(
  github: GitHubConnection,
  label: string,
  ask: (octokit: Octokit) => Promise<Answer>,
  toError: (label: string, error: unknown) => Error = errorAbout,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await github.queue
      .run(label, () => ask(github.octokit))
      .catch((error: unknown) => {
        throw toError(label, error);
      });
    // Octokit returns a body that is not JSON as text.
    if (typeof answer.data !== "string") return answer;
    if (attempt === maxBodyAttempts) {
      const what = isPage(answer.data) ? "an HTML page" : "a body that breaks off or is no JSON";
      throw new RetentionError(`${label}: GitHub answered ${attempt} times with ${what}; run again later.`);
    }
    await github.pause(attempt);
  }
}

export function parseAnswer<Schema extends z.ZodType>(schema: Schema, data: unknown, name: PackageName, what: string): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") || "the answer";
  throw new RetentionError(
    `${packageLabel(name)}: GitHub's answer about ${what} is not understood: ${printable(`${where}: ${issue?.message}`)}`,
  );
}

/** On the last page itself `Link` names no last page; past it, and for an empty list, it may name page 0. */
export function lastPage(link: string | undefined, page: number): number {
  const last = /[?&]page=(\d+)[^>]*>;\s*rel="last"/.exec(link ?? "");
  return last?.[1] === undefined ? page : Math.max(1, Number(last[1]));
}
