import type { Octokit } from "@octokit/rest";
import { z } from "zod";
import { Digest, Tag } from "../../model/digest";
import { packageLabel, RetentionError } from "../../model/errors";
import type { DeletedVersion, PackageName } from "../../model/inventory";
import type { GitHubConnection } from "./client";
import { getVersions } from "./package-calls";
import { lastPage, parseAnswer, request } from "./packages-api";
import { inPages, pageError } from "./page-size";
import type { PackageRoute } from "./route";

const Time = z.iso.datetime({ offset: true });
const DeletedPage = z.array(
  z.object({
    id: z.int().positive(),
    name: Digest,
    created_at: Time,
    deleted_at: z.unknown().optional(),
    metadata: z.unknown().optional(),
  }),
);
const Tags = z.object({ container: z.object({ tags: z.array(Tag) }) });

const maxAttempts = 3;
/** A hundred thousand versions, deleted within 30 days. */
const maxPages = 1_000;
const concurrentPages = 16;

/** Lists the versions that GitHub can still restore. A deletion in between shifts the pages, so the list is repeated. */
export function listDeleted(github: GitHubConnection, name: PackageName, route: PackageRoute): Promise<DeletedVersion[]> {
  return inPages(github, packageLabel(name), (size) => listInPages(github, name, route, size));
}

async function listInPages(github: GitHubConnection, name: PackageName, route: PackageRoute, size: number): Promise<DeletedVersion[]> {
  for (let attempt = 1; ; attempt++) {
    const deleted = await listOnce(github, name, route, size);
    if (!hasDuplicates(deleted)) return deleted;
    if (attempt === maxAttempts) {
      throw new RetentionError(
        `${packageLabel(name)}: GitHub listed a deleted version twice, in each of ${maxAttempts} attempts; run again later.`,
      );
    }
    await github.pause(attempt);
  }
}

async function listOnce(github: GitHubConnection, name: PackageName, route: PackageRoute, size: number): Promise<DeletedVersion[]> {
  const list = (page: number) => listPage(github, name, route, { size, page });
  const first = await list(1);
  if (first.last > maxPages) {
    throw new RetentionError(
      `${packageLabel(name)}: GitHub announces ${first.last} pages of deleted versions; expected at most ${maxPages}, which is 100,000 versions in 30 days.`,
    );
  }
  const deleted = [...first.versions];
  for (let page = 2; page <= first.last; page += concurrentPages) {
    const count = Math.min(concurrentPages, first.last - page + 1);
    const pages = await Promise.all(Array.from({ length: count }, (_, index) => list(page + index)));
    deleted.push(...pages.flatMap(({ versions }) => versions));
    // Pages after one that is not full are announced but empty.
    if (pages.some(({ versions }) => versions.length < first.versions.length) || hasDuplicates(deleted)) break;
  }
  return deleted;
}

function hasDuplicates(versions: readonly DeletedVersion[]): boolean {
  return new Set(versions.map(({ id }) => id)).size !== versions.length;
}

interface DeletedPage {
  readonly versions: readonly DeletedVersion[];
  readonly last: number;
}

interface PageRequest {
  readonly size: number;
  readonly page: number;
}

async function listPage(
  github: GitHubConnection,
  name: PackageName,
  route: PackageRoute,
  { size, page }: PageRequest,
): Promise<DeletedPage> {
  const ask = (octokit: Octokit) => getVersions(octokit, route, { state: "deleted", per_page: size, page });
  const { data, headers } = await request(github, packageLabel(name), ask, pageError);
  const versions = parseAnswer(DeletedPage, data, name, "the deleted versions").map(deletedVersion);
  return { versions, last: versions.length === 0 ? page : lastPage(headers.link, page) };
}

function deletedVersion({ id, name, created_at, deleted_at, metadata }: z.output<typeof DeletedPage>[number]): DeletedVersion {
  const at = Date.parse(Time.safeParse(deleted_at).data ?? "");
  const tags = Tags.safeParse(metadata).data?.container.tags ?? [];
  return { id, digest: name, tags, createdAt: Date.parse(created_at), ...(Number.isNaN(at) ? {} : { deletedAt: at }) };
}
