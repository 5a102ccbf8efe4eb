import type { Exchange } from "../http/exchange";
import { segmentsOf } from "../http/exchange";
import type { Package } from "../store/package";
import type { Store } from "../store/store";
import type { Version } from "../store/version";

export interface Victim {
  readonly pkg: Package;
  readonly version: Version;
}

/** Returns the named versions, or without names the one that the request is about, if they still exist. */
export function victimsOf(
  store: Store,
  exchange: Exchange,
  named: readonly { readonly package: string; readonly version: string | number }[] | undefined,
): Victim[] {
  if (named !== undefined) return named.flatMap((one) => pick(store.find(one.package), one.version));
  const segments = segmentsOf(exchange.path) ?? [];
  const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(exchange.path);
  if (manifest !== null) return pick(store.find(manifest[1] ?? ""), decodeURIComponent(manifest[2] ?? ""));
  const at = segments.indexOf("packages");
  const owner = segments[1] === "user" ? exchange.token?.login : segments[2];
  return pick(store.find(`${owner}/${segments[at + 2]}`), Number(segments[at + 4]));
}

/** Finds a version by id, digest or tag. */
export function findVersion(pkg: Package, reference: string | number): Version | undefined {
  const found = typeof reference === "number" ? pkg.byId(reference) : (pkg.byDigest(reference) ?? pkg.byTag(reference));
  return found?.deletedAt === undefined ? found : undefined;
}

function pick(pkg: Package | undefined, reference: string | number): Victim[] {
  const version = pkg === undefined ? undefined : findVersion(pkg, reference);
  return pkg === undefined || version === undefined ? [] : [{ pkg, version }];
}
