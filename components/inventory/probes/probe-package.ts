import type { DeletedFacts, Needs, PackageFacts, Probe } from "../../diagnosis/facts";
import { packageLabel, RetentionError } from "../../model/errors";
import type { PackageName, Version } from "../../model/inventory";
import { noMemory } from "../cache/package-cache";
import type { Connection } from "../connection";
import { listDeleted } from "../github/list-deleted";
import { listVersions } from "../github/list-versions";
import type { PackageRoute } from "../github/route";
import { listTags } from "../registry/list-tags";
import { fetchManifest } from "../registry/registry";
import { probe } from "./probe";

/** What was found of a package. */
export interface PackageProbe {
  readonly facts: PackageFacts;
  /** The newest version, one with a tag if there is any. */
  readonly newest?: Version;
}

/** Asks for a package's versions and tags, in the API and in the registry. Reads no manifest. */
export async function probePackage({ github, registry }: Connection, route: PackageRoute, { reads }: Needs): Promise<PackageProbe> {
  const name: PackageName = { owner: route.owner, name: route.name };
  const listed = await probe(() => listVersions(github, name, route, noMemory));
  // A refusal repeats itself: nothing more is asked of this package's versions.
  if (listed.kind !== "reached") return { facts: { name, versions: listed } };
  const { versions } = listed.found;
  const tags = [...new Set(versions.flatMap((version) => version.tags))];
  const [deleted, served] = await Promise.all([
    probe(async (): Promise<DeletedFacts> => {
      const all = await listDeleted(github, name, route);
      return { count: all.length, timed: all.every(({ deletedAt }) => deletedAt !== undefined) };
    }),
    reads ? probe(() => listTags(registry, name)) : undefined,
  ]);
  const newest = versions.find((version) => version.tags.length > 0) ?? versions[0];
  return {
    facts: { name, versions: { kind: "reached", found: { count: versions.length, tags } }, deleted, ...(served ? { tags: served } : {}) },
    ...(newest ? { newest } : {}),
  };
}

/** Reads one manifest, which counts as a download of its version. */
export function probeManifest({ registry }: Connection, name: PackageName, { digest, tags }: Version): Promise<Probe<string>> {
  return probe(async () => {
    if ((await fetchManifest(registry, name, digest)) !== undefined) return tags[0] ?? digest;
    throw new RetentionError(
      `${packageLabel(name)}@${digest}: GitHub lists this version and the registry does not know it, so nothing of this package would be deleted. ` +
        "Push or delete that version, or name it under `unreadable` if it is known to be gone.",
    );
  });
}
