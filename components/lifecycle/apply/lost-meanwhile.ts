import { plansByPrefix } from "../../approval/deleted-by";
import { digestPrefix } from "../../approval/record";
import type { Node } from "../../graph/graph";
import { subjectsInUse } from "../../graph/subjects-in-use";
import { resolveReference } from "../../inventory/registry/registry";
import { nameOf } from "../../plan/node-names";
import { type ApplyRun, type Deletion, type Recheck, retainedIn } from "./apply-run";
import type { Broken } from "./verify";

/** A tag that went with a deleted version; `digest` is absent where GitHub does not tell which version that was. */
interface LostTag {
  readonly tag: string;
  readonly digest?: string;
}

/**
 * Finds what somebody attached to a version between the last look and its deletion. GitHub deletes a version together with a tag
 * that was put on it a moment ago, and takes no condition.
 */
export async function lostMeanwhile(run: ApplyRun, now: Recheck): Promise<Broken[]> {
  const lost = [...gainedTags(run, now), ...movedTags(run, now)];
  const answers = await Promise.all(lost.map(({ tag }) => resolveReference(run.connection.registry, run.name, tag)));
  const tags = lost.filter((_, index) => answers[index] === undefined);
  return [
    ...tags.map(({ tag, digest }) => ({
      image: `the tag ${tag}`,
      tag,
      lacks: digest === undefined ? [] : [digest],
      attached: true as const,
    })),
    ...lostSubjects(run, now),
  ];
}

/**
 * The tags of deleted versions that the look before their deletion, or the approval, does not know. Whoever pushes such a version once more
 * need not know them either.
 */
function gainedTags({ progress, stored }: ApplyRun, { graph }: Recheck): LostTag[] {
  const approvedTags = Object.values(stored.deleted).flatMap(({ tags }) => Object.entries(tags).map(([tag, prefix]) => `${tag} ${prefix}`));
  const known = new Set(approvedTags);
  const own = deletedBy(progress);
  for (const { version } of own) for (const tag of version.tags) known.add(`${tag} ${digestPrefix(version.digest)}`);
  // What an earlier run deleted is compared with what was approved, where that is on record.
  const approved = plansByPrefix(stored.deleted);
  const found = progress.found.filter(({ version }) => approved.has(digestPrefix(version.digest)));
  const ids = new Set([...own, ...found].map(({ version }) => version.id));
  return (graph.inventory.deleted ?? [])
    .filter(({ id, digest }) => ids.has(id) && !progress.restored.has(digest))
    .flatMap(({ tags, digest }) => tags.filter((tag) => !known.has(`${tag} ${digestPrefix(digest)}`)).map((tag) => ({ tag, digest })));
}

/** The tags that were to stay, that their image has no longer, and that GitHub lists nowhere: it may not list those of deleted versions. */
function movedTags({ first, progress }: ApplyRun, { graph }: Recheck): LostTag[] {
  const own = deletedBy(progress);
  if (own.every(({ version }) => progress.restored.has(version.digest))) return [];
  const listed = new Set([...graph.inventory.versions, ...(graph.inventory.deleted ?? [])].flatMap(({ tags }) => tags));
  return retainedIn(first).flatMap((index) => {
    const { version, userTags } = first.graph.nodes[index] as Node;
    if (!graph.byDigest.has(version.digest)) return [];
    return userTags.filter((tag) => !listed.has(tag)).map((tag) => ({ tag }));
  });
}

/** All that the run deleted, whatever became of it since. */
function deletedBy({ deleted, pushedAgain }: ApplyRun["progress"]): readonly Deletion[] {
  return [...deleted, ...pushedAgain];
}

/** The deleted versions that somebody has just signed, or otherwise referred to: that says that they are in use. */
function lostSubjects({ policy, progress }: ApplyRun, now: Recheck): Broken[] {
  const { graph } = now;
  const deleted = [...progress.deleted, ...progress.found]
    .map(({ version }) => version.digest)
    .filter((digest) => !graph.byDigest.has(digest));
  if (deleted.length === 0) return [];
  const clock = { now: graph.inventory.now, minimumAge: policy.minimumAge };
  return graph.nodes.flatMap((node) => {
    const lacks = subjectsInUse(node, deleted, clock);
    return lacks.length === 0 ? [] : [{ image: nameOf(node), lacks, attached: true as const }];
  });
}
