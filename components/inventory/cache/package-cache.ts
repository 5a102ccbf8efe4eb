import cacache from "cacache";
import envPaths from "env-paths";
import { z } from "zod";
import { Digest, Tag } from "../../model/digest";
import type { Manifest, PackageName, Version } from "../../model/inventory";
import { printable } from "../../model/printable";
import { tidy } from "./prune";

/** A page of GitHub's list as it was answered under this ETag. */
export interface RememberedPage {
  readonly etag: string;
  readonly versions: readonly Version[];
}

/**
 * What earlier looks at a package learned: manifests by digest, which never go stale, and pages by ETag, which GitHub
 * confirms or replaces. What exists is always asked of the servers.
 */
export interface Memory {
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly pages: ReadonlyMap<number, RememberedPage>;
}

export const noMemory: Memory = { manifests: new Map(), pages: new Map() };

/** Where memories are kept. `undefined`: nowhere. */
export type CacheFolder = string | undefined;

/** The setting, else GHCR_RETENTION_CACHE, else the platform's folder for caches. */
export function cacheFolderOf(setting: string | undefined): CacheFolder {
  return setting || process.env.GHCR_RETENTION_CACHE || envPaths("ghcr-retention", { suffix: "" }).cache;
}

/** The folder may be one that others write to, so nothing in it reaches a terminal or an address as it stands. */
const Text = z.string().refine((text) => text === printable(text));
const StoredManifest = z.object({
  index: z.boolean(),
  children: z.array(
    z.object({
      digest: Digest,
      index: z.boolean(),
      label: Text,
      platform: Text.exactOptional(),
      other: z.literal(true).exactOptional(),
    }),
  ),
  subject: Digest.exactOptional(),
  artifactType: Text.exactOptional(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
});
const StoredVersion = z.object({
  id: z.int(),
  digest: Digest,
  tags: z.array(Tag),
  createdAt: z.number(),
  updatedAt: z.number(),
});
const StoredMemory = z.object({
  manifests: z.array(z.tuple([Digest, StoredManifest])),
  pages: z.array(z.tuple([z.int(), z.object({ etag: z.string(), versions: z.array(StoredVersion) })])),
});

/** Rises when a distilled manifest says more than before. */
const form = 2;

function keyOf(registryUrl: string, name: PackageName): string {
  return `ghcr-retention ${form} ${registryUrl} ${name.owner.toLowerCase()}/${name.name}`;
}

/** What is remembered of a package; nothing where the cache is absent, corrupt or somebody else's. */
export async function recall(folder: CacheFolder, registryUrl: string, name: PackageName): Promise<Memory> {
  if (folder === undefined) return noMemory;
  const key = keyOf(registryUrl, name);
  try {
    const { data } = await cacache.get(folder, key);
    const parsed = StoredMemory.parse(JSON.parse(data.toString("utf8")));
    return { manifests: new Map(parsed.manifests), pages: new Map(parsed.pages) };
  } catch {
    return noMemory;
  }
}

/**
 * Replaces what is remembered of a package, whole: the new is written beside the old, which stays for those who are reading
 * it until the cache is tidied. A cache that cannot be written is no reason to fail: it is only slower next time.
 */
export async function remember(
  folder: CacheFolder,
  registryUrl: string,
  name: PackageName,
  { memory, before }: { readonly memory: Memory; readonly before: Memory },
): Promise<void> {
  if (folder === undefined) return;
  const key = keyOf(registryUrl, name);
  try {
    const replaced = await cacache.get.info(folder, key);
    if (replaced && isSame(memory, before) && Date.now() - replaced.time < refreshedAfter) return;
    const text = JSON.stringify({ manifests: [...memory.manifests], pages: [...memory.pages] });
    await cacache.put(folder, key, text);
    if (replaced) await cacache.index.compact(folder, key, (a, b) => a.key === b.key);
    await tidy(folder);
  } catch {
    // A full disk, or another run that cleans up at the same time.
  }
}

/** An entry that is used stays young, so that tidying keeps it. */
const refreshedAfter = 30 * 86_400_000;

function isSame(memory: Memory, before: Memory): boolean {
  const samePages = [...memory.pages].every(([page, { etag }]) => before.pages.get(page)?.etag === etag);
  const sameManifests = [...memory.manifests.keys()].every((digest) => before.manifests.has(digest));
  return samePages && sameManifests && memory.pages.size === before.pages.size && memory.manifests.size === before.manifests.size;
}
