import { shortDigest } from "../reading/digest";
import type { Planned } from "../reading/planned";
import { forEachConcurrently } from "./concurrency";
import type { Registry } from "./registry";
import { type Shape, shapeOf } from "./shape";
import { Unreadable } from "./unreadable";

const concurrency = 8;
/** The tags that tools write for a digest: the referrers fallback tag, and that with a suffix. A sha512 may be cut to 64 digits. */
const schemeTag = /^((?:sha256|sha512)-[0-9a-f]{64})(?:[0-9a-f]{64})?(?:\..+)?$/;

function fallbackTag(digest: string): string {
  return digest.replace(":", "-").slice(0, "sha256-".length + 64);
}

interface Need {
  readonly digest: string;
  /** Its part in the tagged image: `linux/arm64`. */
  readonly as: string;
  readonly tag: string;
}

/**
 * Finds the planned deletions that a remaining tag needs according to the registry: everything under the tag, and everything
 * that refers to it. Returns a line for each: `digest (platform), needed by tag`. Throws {@link Unreadable} on any doubt.
 */
export async function neededByTags(registry: Registry, { deletions, pending }: Planned, unreadable: readonly string[]): Promise<string[]> {
  const approved = new Set(deletions);
  const planned = new Set([...deletions, ...(pending?.deletions ?? [])]);
  if (planned.size === 0) return [];

  const tags = new Map<string, string>();
  await forEachConcurrently(await registry.tags(), concurrency, async (tag) => {
    tags.set(tag, await registry.digestOf(tag));
  });
  const tagged = new Set([...tags].filter(([tag]) => !schemeTag.test(tag)).map(([, digest]) => digest));
  const shapes = new Map<string, Promise<Shape | undefined>>();
  function shape(digest: string): Promise<Shape | undefined> {
    let found = shapes.get(digest);
    if (found === undefined) {
      found = registry.manifest(digest).then((manifest) => (manifest === undefined ? undefined : shapeOf(manifest, digest)));
      shapes.set(digest, found);
    }
    return found;
  }
  await forEachConcurrently(planned, concurrency, async (digest) => {
    // A version that is already deleted has no manifest.
    await shape(digest);
  });

  const lines = new Set<string>();
  for (const set of [approved, planned]) {
    for (const { digest, as, tag } of await neededOf(set)) lines.add(`${digest}${as === "" ? "" : ` (${as})`}, needed by ${tag}`);
  }
  return [...lines].sort();

  /** Returns the members of the set that a tag outside of it needs. */
  async function neededOf(set: ReadonlySet<string>): Promise<Need[]> {
    const needed = new Map<string, Need>();
    const read = new Set<string>();
    const staying = [...tags].filter(([, digest]) => !set.has(digest));
    await forEachConcurrently(staying, concurrency, ([tag, digest]) => follow({ digest, as: "", tag }, false));
    for (let before = -1; before !== needed.size; ) {
      before = needed.size;
      for (const need of await referrers(set)) await follow(need, false);
    }
    return [...needed.values()].filter(({ digest }) => set.has(digest));

    async function follow(need: Need, isLeaf: boolean): Promise<void> {
      if (!needed.has(need.digest)) needed.set(need.digest, need);
      if (isLeaf || read.has(need.digest)) return;
      read.add(need.digest);
      const found = await shape(need.digest);
      if (found === undefined) {
        if (unreadable.includes(need.digest)) return;
        throw new Unreadable(`the registry does not know ${need.digest}, which ${need.tag} needs`);
      }
      for (const child of found.children) {
        await follow({ digest: child.digest, as: child.platform || need.as, tag: need.tag }, child.isLeaf);
      }
    }

    /**
     * Returns the members of the set that refer to something needed, by their subject or by a tag written for it. What a person
     * tagged is an image of its own, which may go by that tag.
     */
    async function referrers(set: ReadonlySet<string>): Promise<Need[]> {
      const found: Need[] = [];
      for (const digest of set) {
        if (tagged.has(digest)) continue;
        const about = (await shape(digest))?.subject;
        const need = about === undefined ? undefined : needed.get(about);
        if (need && !needed.has(digest)) found.push({ digest, as: `refers to ${shortDigest(need.digest)}`, tag: need.tag });
      }
      const byTag = new Map([...needed.values()].map((need) => [fallbackTag(need.digest), need]));
      for (const [tag, digest] of tags) {
        const need = byTag.get(schemeTag.exec(tag)?.[1] ?? "");
        if (need && set.has(digest) && !needed.has(digest)) found.push({ digest, as: tag, tag: need.tag });
      }
      return found;
    }
  }
}
