import cacache from "cacache";
import { z } from "zod";
import { blobListForm } from "../../model/blobs";
import { Digest, Tag } from "../../model/digest";
import type { Manifest, PackageName, Version } from "../../model/inventory";
import { printable } from "../../model/printable";
import type { CacheFolder } from "./cache-folder";
import { tidy } from "./prune";

/** A page of GitHub's list, with its ETag. */
export interface RememberedPage {
  readonly etag: string;
  readonly versions: readonly Version[];
}

/**
 * The cached results of earlier observations: manifests by digest, which never go stale, and pages by ETag, which GitHub
 * confirms or replaces. Which versions exist is always requested.
 */
export interface Memory {
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly pages: ReadonlyMap<number, RememberedPage>;
}

export const noMemory: Memory = { manifests: new Map(), pages: new Map() };

/** Others may write to the folder, so its texts are validated before they reach a terminal or a URL. */
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
  references: z
    .array(z.object({ to: z.union([z.strictObject({ digest: Digest }), z.strictObject({ tag: Tag })]), label: Text }))
    .exactOptional(),
  artifactType: Text.exactOptional(),
  annotations: z.record(z.string(), z.string()).exactOptional(),
  // Entries without it are valid: a manifest is not read again for the sizes of its blobs alone.
  blobs: z.string().regex(blobListForm).exactOptional(),
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

/** Version of the cached form; it rises when a distilled manifest holds more than before that decides what stays. */
const form = 3;

function keyOf(registryUrl: string, name: PackageName): string {
  return `ghcr-retention ${form} ${registryUrl} ${name.owner.toLowerCase()}/${name.name}`;
}

/** Reads a package's cached results; none if the cache is absent, corrupt or unreadable. */
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
 * Replaces a package's cached results as a whole: the new entry is written beside the old one, which stays for its readers
 * until the cache is pruned. A cache that cannot be written does not fail the run: the next one is slower.
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
    const replaced = before === noMemory ? undefined : await cacache.get.info(folder, key);
    if (replaced && isSame(memory, before) && Date.now() - replaced.time < refreshedAfter) return;
    const text = JSON.stringify({ manifests: [...memory.manifests], pages: [...memory.pages] });
    await cacache.put(folder, key, text);
    if (replaced) await cacache.index.compact(folder, key, (a, b) => a.key === b.key);
    await tidy(folder);
  } catch {
    // The disk is full, or another run prunes the cache at the same time.
  }
}

/** An entry in use is rewritten after this time, so that pruning keeps it. */
const refreshedAfter = 30 * 86_400_000;

function isSame(memory: Memory, before: Memory): boolean {
  const samePages = [...memory.pages].every(([page, { etag }]) => before.pages.get(page)?.etag === etag);
  const isKnown = ([digest, { blobs }]: [string, Manifest]) =>
    before.manifests.has(digest) && before.manifests.get(digest)?.blobs === blobs;
  const sameManifests = [...memory.manifests].every(isKnown);
  return samePages && sameManifests && memory.pages.size === before.pages.size && memory.manifests.size === before.manifests.size;
}
