import { shortDigest } from "../reading/digest";
import type { Planned } from "../reading/planned";
import { atOnce } from "./at-once";
import type { Registry } from "./registry";
import { type Shape, shapeOf } from "./shape";
import { Unreadable } from "./unreadable";

const requestsAtOnce = 8;
/** The referrers fallback tag and cosign's, which clients write for a digest; a sha512's may be cut to 64 digits. */
const schemeTag = /^((?:sha256|sha512)-[0-9a-f]{64})(?:[0-9a-f]{64})?(?:\.(?:sig|att|sbom))?$/;

function fallbackTag(digest: string): string {
  return digest.replace(":", "-").slice(0, "sha256-".length + 64);
}

interface Need {
  readonly digest: string;
  /** What it is for the tag: `linux/arm64`. */
  readonly as: string;
  readonly tag: string;
}

/**
 * What the plan deletes though a tag that stays needs it, by what the registry itself says: everything under the tag, and
 * what refers to any of that. `digest (platform), needed by tag`, one line each. Throws {@link Unreadable} on any doubt.
 */
export async function secondOpinion(registry: Registry, { deletions, pending }: Planned, unreadable: readonly string[]): Promise<string[]> {
  const going = new Set(deletions);
  const ever = new Set([...deletions, ...(pending?.deletions ?? [])]);
  if (ever.size === 0) return [];

  const tags = new Map<string, string>();
  await atOnce(await registry.tags(), requestsAtOnce, async (tag) => {
    tags.set(tag, await registry.digestOf(tag));
  });
  const shapes = new Map<string, Promise<Shape | undefined>>();
  function shape(digest: string): Promise<Shape | undefined> {
    let found = shapes.get(digest);
    if (found === undefined) {
      found = registry.manifest(digest).then((manifest) => (manifest === undefined ? undefined : shapeOf(manifest, digest)));
      shapes.set(digest, found);
    }
    return found;
  }
  await atOnce(ever, requestsAtOnce, async (digest) => {
    // What is deleted already has none.
    await shape(digest);
  });

  const lines = new Set<string>();
  for (const set of [going, ever]) {
    for (const { digest, as, tag } of await torn(set)) lines.add(`${digest}${as === "" ? "" : ` (${as})`}, needed by ${tag}`);
  }
  return [...lines].sort();

  /** What is in the set and needed by a tag that is not. */
  async function torn(set: ReadonlySet<string>): Promise<Need[]> {
    const needed = new Map<string, Need>();
    const read = new Set<string>();
    const staying = [...tags].filter(([, digest]) => !set.has(digest));
    await atOnce(staying, requestsAtOnce, ([tag, digest]) => follow({ digest, as: "", tag }, false));
    for (let before = -1; before !== needed.size; ) {
      before = needed.size;
      for (const need of await referrers(set)) await follow(need, false);
    }
    return [...needed.values()].filter(({ digest }) => set.has(digest));

    async function follow(need: Need, leaf: boolean): Promise<void> {
      if (!needed.has(need.digest)) needed.set(need.digest, need);
      if (leaf || read.has(need.digest)) return;
      read.add(need.digest);
      const found = await shape(need.digest);
      if (found === undefined) {
        if (unreadable.includes(need.digest)) return;
        throw new Unreadable(`the registry does not know ${need.digest}, which ${need.tag} needs`);
      }
      for (const child of found.children) {
        await follow({ digest: child.digest, as: child.platform || need.as, tag: need.tag }, child.leaf);
      }
    }

    /** What of the set refers to what is needed, by its subject or by a tag written for it. */
    async function referrers(set: ReadonlySet<string>): Promise<Need[]> {
      const found: Need[] = [];
      for (const digest of set) {
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
