import { hash } from "node:crypto";
import type { Graph, Node } from "../graph/graph";
import type { LastTagged } from "../model/inventory";
import { type Day, dayOf, startOf } from "../plan/plan-id";
import { type Renewal, renewalIn, withPushTimes } from "../plan/renewed-stamps";
import { day } from "../rules/duration";

/**
 * What the runs of a policy saw of the package's tags. GitHub's stamps do not tell when an image lost its tag, so the last run that saw it
 * tagged does (S7a). Images are named by {@link sightingKey}.
 */
export interface Sightings {
  /** The day of the first run on record, and of the last one. */
  readonly first: Day;
  readonly last: Day;
  /** Images that carried a tag at the last run, each with the {@link tagKey} of its tags. */
  readonly tagged: ReadonlyMap<string, string>;
  /** Images without a tag that an earlier run saw tagged. */
  readonly untagged: ReadonlyMap<string, Untagged>;
  /** Set by builds whose `mostRecent` counts releases; earlier ones counted their tagged parts too. */
  readonly countsReleases?: true;
}

/** The last day on which an image was seen tagged, and the tag. */
export type Untagged = Omit<LastTagged, "at">;

/** The length of a {@link sightingKey} and of a {@link tagKey}: sixteen bytes together for each tagged image. */
export const keyLength = 11;
export const tagKeyLength = 5;

/** Returns the first 66 bits of a digest as eleven characters, which tell the versions of one package apart. */
export function sightingKey(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1);
  return Buffer.from(hex.slice(0, 18), "hex").toString("base64url").slice(0, keyLength);
}

/** Returns five characters by which a tag is recognised that moved to another image. */
export function tagKey(tags: readonly string[]): string {
  const text = [...tags].sort().join(" ");
  return hash("sha256", text, "base64url").slice(0, tagKeyLength);
}

/** The package as the record lets it be seen. */
export interface Seen {
  readonly graph: Graph;
  readonly renewal?: Renewal;
}

/** Lets ages count from what runs saw where GitHub's stamps do not tell: after a renewal of all stamps, and after the loss of a tag. */
export function seenBy(sightings: Sightings | undefined, observed: Graph): Seen {
  const renewal = renewalIn(observed);
  if (renewal === undefined) return { graph: withLastTagged(observed, sightings) };
  // What had no tag at the first run on record, and at none since, had lost it by the end of that day.
  const untaggedFrom = sightings === undefined ? renewal.at : startOf(sightings.first) + day;
  return { graph: withLastTagged(withPushTimes(observed, renewal, untaggedFrom), sightings), renewal };
}

/** Adds to the graph when images without a tag were last seen with one. */
function withLastTagged(graph: Graph, sightings: Sightings | undefined): Graph {
  const untagged = untaggedIn(graph, sightings);
  if (untagged.size === 0) return graph;
  const nodes = graph.nodes.map((node): Node => {
    const found = node.userTags.length > 0 ? undefined : untagged.get(sightingKey(node.version.digest));
    if (found === undefined) return node;
    // The tag may have been there until the end of that day.
    return { ...node, version: { ...node.version, lastTagged: { at: startOf(found.day) + day, ...found } } };
  });
  return { ...graph, nodes };
}

/** Returns what to remember of this run. The package is as {@link seenBy} returns it. */
export function sightingsOf({ nodes, inventory }: Graph, before: Sightings | undefined): Sightings {
  const today = dayOf(inventory.now);
  const tagged = new Map<string, string>();
  const untagged = new Map<string, Untagged>();
  for (const { version, userTags } of nodes) {
    const { digest, lastTagged } = version;
    if (userTags.length > 0) tagged.set(sightingKey(digest), tagKey(userTags));
    else if (lastTagged !== undefined) untagged.set(sightingKey(digest), withoutTime(lastTagged));
  }
  return { first: before?.first ?? today, last: today, tagged, untagged, countsReleases: true };
}

function withoutTime({ at: _at, ...untagged }: LastTagged): Untagged {
  return untagged;
}

/** Returns the images without a tag that a run saw tagged; a version that is gone, or tagged again, is left out. */
function untaggedIn({ nodes }: Graph, before: Sightings | undefined): Map<string, Untagged> {
  const found = new Map<string, Untagged>();
  if (before === undefined) return found;
  let tagsNow: ReadonlyMap<string, string> | undefined;
  for (const { version, userTags } of nodes) {
    if (userTags.length > 0) continue;
    const key = sightingKey(version.digest);
    const known = before.untagged.get(key);
    const lost = before.tagged.get(key);
    // Earlier builds took the tags that tools derive from an image's own digest for a person's.
    if (lost !== undefined && lost !== tagKey(version.tags)) {
      tagsNow ??= new Map(nodes.flatMap((node) => node.userTags).map((tag) => [tagKey([tag]), tag]));
      const tag = tagsNow.get(lost);
      found.set(key, { day: before.last, ...(tag === undefined ? {} : { tag }) });
    } else if (known !== undefined) found.set(key, known);
  }
  return found;
}
