import { latestGone } from "../approval/found";
import { digestPrefix } from "../approval/record";
import { restorableFor } from "../approval/restore-references";
import { noMemory } from "../inventory/cache/package-cache";
import type { Connection } from "../inventory/connection";
import { deletedVersions } from "../inventory/deleted-versions";
import { listVersions } from "../inventory/github/list-versions";
import { findRoute } from "../inventory/github/packages-api";
import { timeText } from "../lifecycle/state/ledger";
import { count, firstOf } from "../messages/plurals";
import type { PackageName } from "../model/inventory";
import { shortDigest } from "../plan/node-names";
import { dayOf } from "../plan/plan-id";
import { renderTable } from "../report/text-table";
import type { RecordedPolicy } from "./recorded-policies";

/** An image that GitHub can still restore. */
interface RestorableImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** The parts that went with it, as far as a record names them. */
  readonly parts: number;
  /** Epoch milliseconds; absent where neither GitHub nor a record tells. */
  readonly deletedAt?: number;
  /** The plan that deleted it; absent where no run recorded it. */
  readonly plan?: string;
}

export interface RestorableList {
  readonly images: readonly RestorableImage[];
  /** False where the token may not read GitHub's list: then only what the stack recorded is known. */
  readonly isListed: boolean;
}

/** Lists what of a package can be restored, by GitHub's list and by the stack's record, the latest deletion first. */
export async function listRestorable(
  connection: Connection,
  name: PackageName,
  recorded: RecordedPolicy | undefined,
): Promise<RestorableList> {
  const { route } = await findRoute(connection.github, name);
  const { versions } = await listVersions(connection.github, name, route, noMemory);
  const there = new Set(versions.map(({ digest }) => digest));
  const { versions: listed } = await deletedVersions(connection.github, name, route);
  const gone = new Map(latestGone(listed, there).map((version) => [version.digest, version]));
  const entries = new Map((recorded?.entries ?? []).filter(({ digest }) => !there.has(digest)).map((entry) => [entry.digest, entry]));
  const digests = [...new Set([...gone.keys(), ...(listed === undefined ? entries.keys() : [])])];
  const groups = Object.values(recorded?.deleted ?? {}).flatMap(({ images }) => images);
  const partOf = new Set(groups.flatMap((members) => members.slice(1)));
  const partsOf = new Map(groups.map((members) => [members[0] ?? "", members.length - 1]));
  const images = digests
    .filter((digest) => !partOf.has(digestPrefix(digest)))
    .map((digest): RestorableImage => {
      const [onList, entry] = [gone.get(digest), entries.get(digest)];
      const deletedAt = onList?.deletedAt ?? entry?.at;
      return {
        digest,
        tags: [...new Set([...(entry?.tags ?? []), ...(onList?.tags ?? [])])],
        parts: partsOf.get(digestPrefix(digest)) ?? 0,
        ...(deletedAt === undefined ? {} : { deletedAt }),
        ...(entry === undefined ? {} : { plan: entry.plan }),
      };
    });
  return { images: images.sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0)), isListed: listed !== undefined };
}

/** What can be restored of one package: `owner/name`. */
export interface LabelledList extends RestorableList {
  readonly label: string;
}

/** Writes a table for each package, each image with the day until which GitHub keeps it. Packages that have none come last, in one line. */
export function renderRestorable(lists: readonly LabelledList[]): string {
  const empty = lists.filter(({ images }) => images.length === 0);
  const nothing = [true, false].flatMap((isListed) => {
    const labels = empty.filter((list) => list.isListed === isListed).map(({ label }) => label);
    return labels.length === 0 ? [] : [`${firstOf(labels, 10)}: nothing that can be restored${knownText(isListed)}`];
  });
  return [...lists.filter(({ images }) => images.length > 0).map(renderOne), ...nothing].join("\n\n");
}

function renderOne({ label, images, isListed }: LabelledList): string {
  const rows = images.map(({ digest, tags, parts, deletedAt, plan }) => [
    tags.length === 0 ? "untagged" : firstOf(tags, 5),
    shortDigest(digest),
    parts === 0 ? "–" : count(parts, "part"),
    deletedAt === undefined ? "not known" : timeText(deletedAt),
    deletedAt === undefined ? "not known" : dayOf(deletedAt + restorableFor),
    plan ?? "on no record",
  ]);
  return [
    `${label}: ${count(images.length, "image")} can be restored${knownText(isListed)}`,
    renderTable(["image", "digest", "with", "deleted", "restorable until", "by plan"], rows, rows.length),
  ].join("\n");
}

function knownText(isListed: boolean): string {
  return isListed ? "" : " on record (GitHub refuses its list of deleted versions to this token)";
}

/** Renders the lists as JSON, one for each package. Pure. */
export function restorableAsJson(lists: readonly LabelledList[]): string {
  const packages = lists.map(({ label, images, isListed }) => ({
    package: label,
    listedByGitHub: isListed,
    images: images.map(({ digest, tags, parts, deletedAt, plan = null }) => ({
      digest,
      tags,
      parts,
      deletedAt: deletedAt === undefined ? null : timeText(deletedAt),
      restorableUntil: deletedAt === undefined ? null : dayOf(deletedAt + restorableFor),
      plan,
    })),
  }));
  return JSON.stringify({ packages }, undefined, 2);
}
