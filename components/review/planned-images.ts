import { digestPrefix } from "../approval/record";
import type { Graph, Node } from "../graph/graph";
import { describeAge } from "../messages/age";
import { deletionText } from "../messages/deletion-reason";
import { lastTaggedText } from "../messages/last-tagged";
import { kindNameOf } from "../model/artifact-kinds";
import type { Version } from "../model/inventory";
import { movingTags } from "../plan/moving-tags";
import type { Plan } from "../plan/plan";
import type { Day } from "../plan/plan-id";
import type { PlannedDeletion } from "../plan/reasons";
import { deletionReasons } from "../plan/reasons";
import { describeParts, imagesOf } from "../report/images-table";
import { day } from "../rules/duration";

/** An image that a plan deletes. */
export interface PlannedImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Those of its tags that are on another image from time to time, such as `latest`. */
  readonly moving: readonly string[];
  /** `Helm chart`, where its type has a name. */
  readonly kind?: string;
  /** Tags that it had when an earlier run recorded it. */
  readonly tagsBefore: readonly string[];
  /** `41 days`; empty where it is not known. */
  readonly age: string;
  /** Whole days; absent where the age is not known. */
  readonly days?: number;
  /** The rules that delete it, or what else takes it along. */
  readonly because: string;
  /** `linux/amd64, linux/arm64, 2 attestations`. */
  readonly platforms: string;
  readonly parts: readonly PlannedPart[];
}

export interface PlannedPart {
  readonly digest: string;
  /** `linux/arm64`. */
  readonly as: string;
  /** The digest that lists it, or that it refers to. */
  readonly above: string;
}

/** An image before its history and its platforms are added. */
export type ImageWithParts = Omit<PlannedImage, "tagsBefore" | "platforms">;

/** Each tag to the {@link digestPrefix} of its version. */
export type TagMap = Readonly<Record<string, string>>;

/** Returns the images of a plan that these digests belong to, youngest first. Pure. */
export function plannedImages({ plan, digests, dayOf, earlierTags = [] }: PlannedDigests): PlannedImage[] {
  const { graph } = plan.deletions;
  const reasons = deletionReasons(plan, dayOf);
  const rows = imagesOf(plan, digests);
  const moving = new Set(
    movingTags(
      graph,
      rows.map(({ node }) => node),
    ).map(({ tag }) => tag),
  );
  const images = rows.map(({ node, parts }): ImageWithParts => {
    const { version, userTags, manifest } = graph.nodes[node] as Node;
    const kind = kindNameOf(manifest?.artifactType);
    const reason = reasons.get(node)?.reason;
    const isImage = reason?.kind === "tagged-image" || reason?.kind === "untagged-image";
    const tags = reason?.kind === "tagged-image" ? reason.tags : userTags;
    return {
      digest: version.digest,
      tags,
      moving: tags.filter((tag) => moving.has(tag)),
      ...(kind === undefined ? {} : { kind }),
      age: isImage ? describeAge(reason.age) : "",
      ...(isImage ? { days: Math.floor(reason.age / day) } : {}),
      because: isImage ? [reason.rules.join(", "), ...sinceText(version)].join("; ") : reason === undefined ? "" : deletionText(reason),
      parts: parts.flatMap((part) => plannedPart(graph, part)),
    };
  });
  return withHistory(images, earlierTags);
}

function sinceText({ lastTagged }: Version): string[] {
  return lastTagged ? [lastTaggedText(lastTagged)] : [];
}

export interface PlannedDigests {
  readonly plan: Plan;
  readonly digests: readonly string[];
  /** The day that an age is as of; that of the plan unless given. */
  readonly dayOf?: (digest: string) => Day;
  readonly earlierTags?: readonly TagMap[];
}

function plannedPart({ nodes }: Graph, { node, reason, above }: PlannedDeletion): PlannedPart[] {
  if (reason.kind !== "part" || above === undefined) return [];
  return [{ digest: (nodes[node] as Node).version.digest, as: reason.as, above: (nodes[above] as Node).version.digest }];
}

/** Sorts images, youngest first, and adds the tags that they had before and the platforms of their parts. */
export function withHistory(images: readonly ImageWithParts[], earlierTags: readonly TagMap[]): PlannedImage[] {
  const before = tagsByPrefix(earlierTags);
  return [...images].sort(byAge).map((image) => ({
    ...image,
    tagsBefore: (before.get(digestPrefix(image.digest)) ?? []).filter((tag) => !image.tags.includes(tag)).sort(),
    platforms: describeParts(image.parts.map(({ as }) => as).sort()),
  }));
}

function tagsByPrefix(maps: readonly TagMap[]): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [tag, prefix] of new Map(maps.flatMap((map) => Object.entries(map).map(([tag, prefix]) => [`${tag}=${prefix}`, prefix])))) {
    tags.set(prefix, [...(tags.get(prefix) ?? []), tag.slice(0, -prefix.length - 1)]);
  }
  return tags;
}

function byAge(a: ImageWithParts, b: ImageWithParts): number {
  const daysOf = ({ days = Number.MAX_SAFE_INTEGER }: ImageWithParts) => days;
  return daysOf(a) - daysOf(b) || compare(a.tags.join(), b.tags.join()) || compare(a.digest, b.digest);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
