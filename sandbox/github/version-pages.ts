import type { Package } from "../store/package";
import type { Switches } from "../store/switches";
import type { Version } from "../store/version";
import { linkedUrl, linkHeader, type Paging } from "./pagination";
import { presentVersion, type VersionLinks, versionLinks } from "./presenters";
import type { PackageScene } from "./scene";

export interface Page {
  readonly body: Buffer;
  readonly link: string | undefined;
  /** Set on the first request. */
  etag?: string;
}

interface KeptPages {
  revision: number;
  readonly pages: Map<string, Page>;
}

const maxCachedPages = 2000;
const kept = new WeakMap<Package, KeptPages>();

/** Returns a page of a package's versions, cached until the package changes, since benchmarks request the same pages repeatedly. */
export function versionPage(scene: PackageScene, state: "active" | "deleted", paging: Paging): Page {
  const { pkg, exchange, store } = scene;
  if (Object.keys(exchange.bent).length > 0) return makePage(scene, state, paging);

  pkg.purge(store.clock.now());
  let pages = kept.get(pkg);
  if (pages?.revision !== pkg.revision || pages.pages.size > maxCachedPages) {
    pages = { revision: pkg.revision, pages: new Map() };
    kept.set(pkg, pages);
  }
  const { deletedListsTags, deletedListsTimes } = store.switches;
  const key = `${deletedListsTags} ${deletedListsTimes} ${exchange.url}`;
  const page = pages.pages.get(key) ?? makePage(scene, state, paging);
  pages.pages.set(key, page);
  return page;
}

function makePage(scene: PackageScene, state: "active" | "deleted", paging: Paging): Page {
  const { owner, pkg, apiUrl, exchange, store } = scene;
  const { versions, total } = pick(scene, state, paging);
  const links = versionLinks(apiUrl, owner, pkg);
  const present = (version: Version) =>
    state === "deleted" ? presentDeleted(links, version, store.switches) : presentActive(links, version);
  const body = versions.map((version) => JSON.stringify(present(version))).join(",");
  return { body: Buffer.from(`[${body}]`), link: linkHeader(linkedUrl(scene, owner), exchange.query, paging, total) };
}

function presentActive(links: VersionLinks, version: Version): object {
  return presentVersion(links, version, [...version.tags, ...version.alsoListedTags]);
}

function presentDeleted(links: VersionLinks, version: Version, { deletedListsTags, deletedListsTimes }: Switches): object {
  const shown = deletedListsTimes ? version : { ...version, deletedAt: undefined };
  return presentVersion(links, shown, deletedListsTags ? version.tags : []);
}

function pick(
  { pkg, exchange }: PackageScene,
  state: "active" | "deleted",
  { page, perPage }: Paging,
): { versions: readonly Version[]; total: number } {
  const { oldLists, deletedStillThere, shift = 0, repeatPage } = exchange.bent;
  const shown = repeatPage === true && page > 1 ? page - 1 : page;
  const start = (shown - 1) * perPage + shift;
  const old = oldLists?.get(pkg.id);
  if (state === "active" && (old !== undefined || deletedStillThere === true)) {
    const all = old ?? undeleted(pkg);
    return { versions: all.slice(start, start + perPage), total: all.length };
  }
  const list = state === "active" ? pkg.active : pkg.deleted;
  return { versions: list.slice(start, perPage), total: list.size };
}

/** Returns all versions newest first, as if none had been deleted. */
function undeleted(pkg: Package): Version[] {
  const there = pkg.deleted.all().map((version) => ({ ...version, deletedAt: undefined }));
  return [...pkg.active.all(), ...there].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}
