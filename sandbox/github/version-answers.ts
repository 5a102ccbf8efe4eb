import { json, type Reply, reply } from "../http/reply";
import { isRestorable } from "../store/package";
import { hasScope, roleOn } from "../store/tokens";
import type { Version } from "../store/version";
import { etagOf } from "./etag";
import { pagingOf } from "./pagination";
import { presentVersion, versionLinks } from "./presenters";
import { refusals } from "./refusals";
import type { PackageScene } from "./scene";
import { versionPage } from "./version-pages";

const manyDownloads = 5000;

export function listVersions(scene: PackageScene): Reply {
  const { exchange, token, store } = scene;
  if (!hasScope(token, "read:packages")) return refusals.scope("read:packages", "get a package's versions");
  const state = exchange.query.get("state") ?? "active";
  if (state !== "active" && state !== "deleted")
    return refusals.invalid('Invalid request.\n\nstate is not a member of ["active", "deleted"].');
  if (state === "deleted" && !store.switches.deletedListsToReaders && !mayChange(scene)) return refusals.notForReaders();
  const page = versionPage(scene, state, pagingOf(exchange.query));
  page.etag ??= etagOf(page.body);
  const headers: Record<string, string> = { "content-type": "application/json; charset=utf-8", etag: page.etag };
  if (page.link !== undefined) headers.link = page.link;
  return reply(200, headers, page.body);
}

function mayChange({ token, pkg }: PackageScene): boolean {
  const role = roleOn(token, pkg.repository);
  const isReader = token.kind === "classic" && !token.scopes.some((scope) => scope === "write:packages" || scope === "delete:packages");
  return (role === "admin" || role === "write") && !isReader;
}

export function getVersion(scene: PackageScene, id: string): Reply {
  const { token, apiUrl, owner, pkg } = scene;
  if (!hasScope(token, "read:packages")) return refusals.scope("read:packages", "get a package version");
  const version = findVersion(scene, id);
  if (version === undefined) return refusals.versionNotFound();
  const shown = { ...version, deletedAt: undefined };
  return json(200, presentVersion(versionLinks(apiUrl, owner, pkg), shown, [...version.tags, ...version.alsoListedTags]));
}

export function deleteVersion(scene: PackageScene, id: string): Reply {
  const { store, token, pkg } = scene;
  if (!hasScope(token, "read:packages") || !hasScope(token, "delete:packages")) {
    return refusals.scope("read:packages and delete:packages", "delete a package version");
  }
  if (roleOn(token, pkg.repository) !== "admin") return refusals.packageNotFound();
  const version = pkg.byId(Number(id));
  if (version === undefined || version.deletedAt !== undefined) return refusals.versionNotFound();
  if (pkg.visibility === "public" && version.downloads > manyDownloads) return refusals.tooManyDownloads();
  if (pkg.active.size === 1) return refusals.lastVersion();
  if (version.tags.length > 0 && pkg.taggedCount === 1) {
    return store.switches.lastTaggedRefusal === "downloads" ? refusals.tooManyDownloads() : refusals.lastTaggedVersion();
  }
  store.delete(pkg, version);
  return reply(204);
}

export function restoreVersion(scene: PackageScene, id: string): Reply {
  const { store, token, pkg } = scene;
  if (!hasScope(token, "read:packages") || !hasScope(token, "write:packages")) {
    return refusals.scope("read:packages and write:packages", "restore a package version");
  }
  if (roleOn(token, pkg.repository) !== "admin") return refusals.packageNotFound();
  const version = pkg.byId(Number(id));
  if (version?.deletedAt === undefined) return refusals.versionNotFound();
  if (!isRestorable(version.deletedAt, store.clock.now())) return refusals.restoreTooLate();
  if (pkg.byDigest(version.digest) !== undefined) return refusals.versionReused();
  store.restore(pkg, version);
  return reply(204);
}

function findVersion({ pkg, exchange }: PackageScene, id: string): Version | undefined {
  const version = pkg.byId(Number(id));
  if (version?.deletedAt !== undefined && exchange.bent.deletedStillThere !== true) return undefined;
  return version;
}
