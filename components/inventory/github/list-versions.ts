import { count as counted } from "../../messages/plurals";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName, Version } from "../../model/inventory";
import { type Memory, noMemory, type RememberedPage } from "../cache/package-cache";
import type { GitHubConnection } from "./client";
import { countVersions, listPage, type Page } from "./packages-api";
import { inPages, pageSize } from "./page-size";
import type { PackageRoute } from "./route";

/** A list of versions that was proven complete, with GitHub's clock. */
export interface Listing {
  readonly versions: readonly Version[];
  readonly now: number;
  /** The pages, for the cache. */
  readonly pages: ReadonlyMap<number, RememberedPage>;
}

const maxAttempts = 5;
/** A million versions. */
const maxPages = 10_000;

/**
 * Lists all versions and accepts the list only if it is complete: every page, no duplicate ids, as many as GitHub counts,
 * and the first page unchanged after the last. A push or a deletion in between shifts the pages, so the list is repeated.
 */
export function listVersions(github: GitHubConnection, name: PackageName, route: PackageRoute, memory: Memory): Promise<Listing> {
  return inPages(github, packageLabel(name), (size) => {
    // The remembered pages are of the usual size.
    const known = size === pageSize ? memory.pages : noMemory.pages;
    return listInPages(github, name, route, { size, known });
  });
}

interface Paging {
  readonly size: number;
  /** By number, the pages as an earlier run received them. */
  readonly known: Memory["pages"];
}

async function listInPages(github: GitHubConnection, name: PackageName, route: PackageRoute, { size, known }: Paging): Promise<Listing> {
  let doubt = "";
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    if (attempt > 0) await github.pause(0.5 * attempt);
    // Cached pages are used once; after any doubt all pages are requested anew.
    const list = (page: number) => listPage(github, name, route, { size, page, remembered: attempt === 0 ? known.get(page) : undefined });
    const [count, first] = await Promise.all([countVersions(github, name, route), list(1)]);
    const last = first.last ?? pagesFor(count, first);
    // A page that the count does not expect is read as well: only if it is empty does the list end before it.
    if (last > pagesFor(count, first) + 1) {
      doubt = `${counted(last, "page")} announced, ${counted(count, "version")} counted`;
      continue;
    }
    if (last > maxPages) {
      throw new RetentionError(`${packageLabel(name)}: GitHub announces ${last} pages of versions; expected at most ${maxPages}.`);
    }
    const pages = [first, ...(await Promise.all(pagesAfterFirst(last).map(list)))];
    const again = await listPage(github, name, route, { size, page: 1, remembered: first.etag === "" ? undefined : first });
    const versions = pages.flatMap((page) => page.versions);
    doubt = whyNotWhole(versions, count, first, again);
    if (doubt === "") return { versions, now: first.date, pages: size === pageSize ? toRemember(pages) : noMemory.pages };
  }
  throw new RetentionError(
    `${packageLabel(name)}: the list of versions could not be read consistently in ${maxAttempts} attempts (${doubt}); something changes the package just now. Run again later.`,
  );
}

function toRemember(pages: readonly Page[]): Map<number, RememberedPage> {
  return new Map(pages.flatMap(({ etag, versions }, index) => (etag === "" ? [] : [[index + 1, { etag, versions }]])));
}

/** Bounds the pages that `Link` announces by the count: it could name a million pages. */
function pagesFor(count: number, first: Page): number {
  return Math.max(1, Math.ceil(count / Math.max(1, first.versions.length)));
}

function pagesAfterFirst(last: number): number[] {
  return Array.from({ length: Math.max(0, last - 1) }, (_, index) => index + 2);
}

function whyNotWhole(versions: readonly Version[], count: number, first: Page, again: Page): string {
  if (new Set(versions.map(({ id }) => id)).size !== versions.length) return "a version stands on two pages";
  if (new Set(versions.map(({ digest }) => digest)).size !== versions.length) return "a digest stands on two versions";
  if (versions.length !== count) return `${counted(versions.length, "version")} listed, ${count} counted`;
  if (JSON.stringify(first.versions) !== JSON.stringify(again.versions)) return "the first page changed";
  return "";
}
