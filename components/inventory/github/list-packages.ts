import { RequestError } from "@octokit/request-error";
import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { RefusedError, RetentionError } from "../../model/errors";
import type { GitHubConnection } from "./client";
import { answerText } from "./github-error";
import { getPackages } from "./package-calls";
import { findRoute, lastPage, request } from "./packages-api";
import { inPages, pageError } from "./page-size";
import { refusalOf } from "./refusal";
import type { PackageRoute } from "./route";

/** A container package of an owner, as GitHub lists it. */
export interface ListedPackage {
  readonly name: string;
  readonly visibility: string;
  /** `owner/name` of the repository it is connected to; absent where there is none, or GitHub does not name it. */
  readonly repository?: string;
}

/** https://docs.github.com/en/rest/packages/packages#list-packages-for-an-organization */
const PackagePage = z.array(
  z
    .object({
      id: z.int(),
      name: z.string().min(1),
      visibility: z.string(),
      repository: z.object({ full_name: z.string() }).nullish(),
    })
    .transform(({ id, name, visibility, repository }) => ({
      id,
      listed: { name, visibility, ...(repository ? { repository: repository.full_name } : {}) } satisfies ListedPackage,
    })),
);
type Entries = z.output<typeof PackagePage>;

const maxAttempts = 5;
/** No owner has this many pages. */
const maxPages = 1_000;

/**
 * Lists all container packages of an owner. GitHub does not count them, so the list is accepted once two consecutive readings
 * show the same packages in the same order, without duplicates.
 */
export async function listPackages(github: GitHubConnection, owner: string): Promise<ListedPackage[]> {
  const { route } = await findRoute(github, { owner, name: "*" });
  return inPages(github, owner, (size) => listInPages(github, route, size));
}

async function listInPages(github: GitHubConnection, route: PackageRoute, size: number): Promise<ListedPackage[]> {
  const { owner } = route;
  let before: Entries | undefined;
  let doubt = "";
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 1) await github.pause(0.5 * attempt);
    const entries = await readOnce(github, route, size);
    doubt = typeof entries === "string" ? entries : whyNotWhole(entries, before);
    if (typeof entries === "string") before = undefined;
    else if (doubt === "") return entries.map(({ listed }) => listed);
    else before = entries;
  }
  throw new RetentionError(
    `${owner}: the list of packages could not be read consistently in ${maxAttempts} attempts (${doubt}); something changes it just now. Run again later.`,
  );
}

function whyNotWhole(entries: Entries, before: Entries | undefined): string {
  if (new Set(entries.map(({ id }) => id)).size !== entries.length) return "a package stands on two pages";
  if (new Set(entries.map(({ listed }) => listed.name)).size !== entries.length) return "a name stands on two packages";
  if (JSON.stringify(entries) !== JSON.stringify(before)) return "two lists one after the other differ";
  return "";
}

/** Returns the list, or why it is not valid. */
async function readOnce(github: GitHubConnection, route: PackageRoute, size: number): Promise<Entries | string> {
  const list = (page: number) => readPage(github, route, { size, page });
  const first = await list(1);
  if (first.last > maxPages) return `${first.last} pages announced`;
  const pages = [first, ...(await Promise.all(Array.from({ length: first.last - 1 }, (_, index) => list(index + 2))))];
  // Only the last page may be partly filled, and no announced page may be empty.
  if (pages.some(({ last }) => last !== first.last)) return "its pages announce different ends";
  if (pages.some(({ entries }) => entries.length === 0) && pages.length > 1) return "a page that was announced is empty";
  return pages.flatMap(({ entries }) => entries);
}

interface PageRequest {
  readonly size: number;
  readonly page: number;
}

async function readPage(
  github: GitHubConnection,
  route: PackageRoute,
  { size, page }: PageRequest,
): Promise<{ entries: Entries; last: number }> {
  const { owner } = route;
  const ask = (octokit: Octokit) => getPackages(octokit, route, { per_page: size, page });
  const { data, headers } = await request(github, owner, ask, listError);
  const parsed = PackagePage.safeParse(data);
  if (parsed.success) return { entries: parsed.data, last: lastPage(headers.link, page) };
  const [issue] = parsed.error.issues;
  throw new RetentionError(
    `${owner}: GitHub's answer about page ${page} of the packages is not understood: ${issue?.path.join(".") || "the answer"}: ${issue?.message}`,
  );
}

/** GitHub answers 400 'Invalid argument.' to GITHUB_TOKEN and to fine-grained tokens: https://github.com/cli/cli/issues/9606 */
function listError(owner: string, error: unknown): Error {
  if (!(error instanceof RequestError) || !isAboutToken(error)) return pageError(owner, error);
  return new RefusedError(
    `${owner}: ${answerText(error)}. So GitHub answers a token that may not list the owner's packages: GITHUB_TOKEN cannot list them, and fine-grained ` +
      "tokens do not reach packages. Set a classic token with read:packages (`pulumi config set --secret ghcr-retention:token`), or name the packages one " +
      "by one, without patterns, which needs no list.",
  );
}

function isAboutToken(error: RequestError): boolean {
  if (error.status === 400) return /^invalid argument\b/i.test(error.message);
  const kind = refusalOf(error)?.kind;
  return kind === "permission" || kind === "not found";
}
