import type { Sandbox } from "../../../../sandbox";
import { repository } from "./worlds";

/** A version as anybody sees it who reads its manifest. */
export interface Seen {
  readonly id: number;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly parts: readonly string[];
  readonly subject: string | undefined;
}

/** Digest to version. */
export type View = ReadonlyMap<string, Seen>;

/** Images that a person would keep are not named so. */
const mayGo = /^pr-|^dev-/;
/** Policies keep what is as young as this, in milliseconds. */
const minimumAge = 86_400_000;

interface Read {
  readonly parts: readonly string[];
  readonly subject: string | undefined;
}

const read = new Map<string, Read>();

export function viewOf({ store }: Sandbox): View {
  const versions = store.find(repository)?.active.all() ?? [];
  return new Map(
    versions.map(({ id, digest, tags, createdAt, manifest }) => [digest, { id, digest, tags, createdAt, ...readOnce(digest, manifest) }]),
  );
}

/** The digests that were deleted and are not there. */
export function goneIn({ store }: Sandbox): string[] {
  const pkg = store.find(repository);
  const deleted = new Set((pkg?.deleted.all() ?? []).map(({ digest }) => digest));
  return [...deleted].filter((digest) => pkg?.byDigest(digest) === undefined).sort();
}

/**
 * The digests that a version consists of, at any depth, whether they are there or not; with `visible`, as far as anybody can read it now:
 * the parts of a deleted index are not.
 */
export function partsBelow(view: View, digest: string, visible = false): ReadonlySet<string> {
  const below = new Set<string>();
  const queue = [digest];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const part of view.get(next)?.parts ?? (visible ? undefined : read.get(next)?.parts) ?? []) {
      if (below.has(part)) continue;
      below.add(part);
      queue.push(part);
    }
  }
  return below;
}

/** The digests of the versions whose subject it is. */
export function referrersOf(view: View, digest: string): string[] {
  return [...view.values()].filter(({ subject }) => subject === digest).map((version) => version.digest);
}

/** A version needs its parts, and one that was just pushed also what it is about. */
export function needs(view: View, version: Seen, part: Seen, now: number): boolean {
  if (version.digest === part.digest) return false;
  return partsBelow(view, version.digest, true).has(part.digest) || (version.subject === part.digest && isYoung(version, now));
}

/** Whether something in the package lacks a version: parts come back before the index that lists them. */
export function isLackedIn(view: View, part: Seen, now: number): boolean {
  return [...view.values()].some((version) => {
    const subject = version.subject !== undefined && isYoung(version, now) ? [version.subject] : [];
    return subject.includes(part.digest) || [version.digest, ...subject].some((one) => partsBelow(view, one).has(part.digest));
  });
}

export function isYoung({ createdAt }: Seen, now: number): boolean {
  return now - createdAt < minimumAge;
}

function readOnce(digest: string, manifest: Buffer): Read {
  const known = read.get(digest);
  if (known !== undefined) return known;
  const { manifests = [], subject } = JSON.parse(manifest.toString()) as {
    readonly manifests?: readonly { readonly digest: string }[];
    readonly subject?: { readonly digest: string };
  };
  const learned = { parts: manifests.map((part) => part.digest), subject: subject?.digest };
  read.set(digest, learned);
  return learned;
}

export function name({ digest, tags }: Seen): string {
  return tags.length > 0 ? `${tags.join(", ")} (${short(digest)})` : short(digest);
}

export function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 8);
}

/** Whether a person keeps what carries the tag. */
export function isKeptTag(tag: string): boolean {
  return !mayGo.test(tag);
}
