import { json, type Reply, reply } from "../http/reply";
import type { Owner } from "../store/owners";
import { isRestorable, type Package } from "../store/package";
import { hasScope, roleOn, type Token } from "../store/tokens";
import { linkedUrl, linkHeader, pagingOf } from "./pagination";
import { presentPackage } from "./presenters";
import { refusals } from "./refusals";
import type { PackageScene, Scene } from "./scene";

const manyDownloads = 5000;

export function listPackages(scene: Scene, owner: Owner): Reply {
  const { store, exchange, token, apiUrl } = scene;
  if (token.kind !== "classic") return refusals.notForLists();
  if (!hasScope(token, "read:packages")) return refusals.scope("read:packages", "list packages");
  if (exchange.query.get("package_type") === null)
    return refusals.invalid("Invalid request.\n\nFor 'properties/package_type', nil is not a string.");
  if (exchange.query.get("package_type") !== "container") return json(200, []);

  const visibility = exchange.query.get("visibility");
  const packages = store
    .packagesOf(owner.login)
    .filter((pkg) => mayRead(token, pkg) && (visibility === null || pkg.visibility === visibility));
  const paging = pagingOf(exchange.query);
  const start = (paging.page - 1) * paging.perPage;
  const link = linkHeader(linkedUrl(scene, owner), exchange.query, paging, packages.length);
  const body = packages.slice(start, start + paging.perPage).map((pkg) => presentPackage(apiUrl, owner, pkg));
  return json(200, body, link === undefined ? {} : { link });
}

export function getPackage({ apiUrl, owner, pkg, token }: PackageScene): Reply {
  if (!hasScope(token, "read:packages")) return refusals.scope("read:packages", "get a package");
  return json(200, { ...presentPackage(apiUrl, owner, pkg), version_count: pkg.active.size });
}

export function deletePackage({ store, pkg, token }: PackageScene): Reply {
  if (!hasScope(token, "read:packages") || !hasScope(token, "delete:packages")) {
    return refusals.scope("read:packages and delete:packages", "delete a package");
  }
  if (roleOn(token, pkg.repository) !== "admin") return refusals.packageNotFound();
  const popular = pkg.active.all().some((version) => version.downloads > manyDownloads);
  if (pkg.visibility === "public" && popular) return refusals.tooManyPackageDownloads();
  store.deletePackage(pkg);
  return reply(204);
}

export function restorePackage({ store, token }: Scene, repository: string): Reply {
  if (!hasScope(token, "read:packages") || !hasScope(token, "write:packages")) {
    return refusals.scope("read:packages and write:packages", "restore a package");
  }
  if (roleOn(token, repository.toLowerCase()) !== "admin") return refusals.packageNotFound();
  const pkg = store.findDeleted(repository);
  if (pkg?.deletedAt === undefined) return refusals.packageNotFound();
  if (!isRestorable(pkg.deletedAt, store.clock.now())) return refusals.packageRestoreTooLate();
  if (store.find(repository) !== undefined) return refusals.packageReused();
  store.restorePackage(pkg);
  return reply(204);
}

export function mayRead(token: Token, pkg: Package): boolean {
  return pkg.visibility === "public" || roleOn(token, pkg.repository) !== "none";
}
