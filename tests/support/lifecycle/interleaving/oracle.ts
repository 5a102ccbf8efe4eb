import type { Sandbox } from "../../../../sandbox";
import { goneIn, isKeptTag, isLackedIn, isYoung, name, needs, partsBelow, type Seen, short, type View, viewOf } from "./package-view";
import type { Watcher } from "./scheduler";

/** An order in which something went that should not have. */
export class Loss extends Error {
  override readonly name = "Loss";
}

/** A run looks again after so many deletions. */
const largestBatch = 29;

/** What a run may delete, by its name. */
export type Approvals = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Judges every step of an order by what is in the registry. It knows of the code under test only which requests it sends, and what a
 * person approved.
 */
export class Oracle implements Watcher {
  readonly #sandbox: Sandbox;
  readonly #approvals: Approvals;
  #view: View;
  /** Tag to the digest that somebody put it on. */
  readonly #tags = new Map<string, string>();
  /**
   * By run, the versions that came, or gained a tag, since the list was last shown to it, and how many versions the run has deleted since
   * they did.
   */
  readonly #unseen = new Map<string, Map<string, number>>();
  /** By run, what another run has put back, or put a tag back on, since then. One of both is to mend what comes of it. */
  readonly #unseenBack = new Map<string, Set<string>>();
  /** Digest to the run that deleted it, or to `somebody`. */
  readonly #deletedBy = new Map<string, string>();
  /** A version that was pushed again and then deleted by a person is another one than the run deleted. */
  readonly #idsDeletedByRuns = new Set<number>();
  readonly #deletedWithTag = new Set<string>();
  /** What runs undid: digest to the run. */
  readonly #putBack = new Map<string, string>();
  readonly #killed = new Set<string>();
  /** Digests that somebody pushed or restored. */
  readonly #brought = new Set<string>();
  readonly #firstTags: ReadonlyMap<string, readonly string[]>;
  #viewWhenLagging: View | undefined;
  /** By run, the package as it was last shown to it. */
  readonly #viewShown = new Map<string, View>();
  /** Deletions of what an image needed that the run could not know of. */
  readonly #unavoidable = new Set<string>();

  constructor(sandbox: Sandbox, approvals: Approvals) {
    this.#sandbox = sandbox;
    this.#approvals = approvals;
    this.#view = viewOf(sandbox);
    this.#firstTags = new Map([...this.#view].map(([digest, { tags }]) => [digest, tags]));
    for (const { digest, tags } of this.#view.values()) for (const tag of tags) if (isKeptTag(tag)) this.#tags.set(tag, digest);
    for (const run of approvals.keys()) {
      this.#unseen.set(run, new Map());
      this.#unseenBack.set(run, new Set());
    }
  }

  /** What it remembers, for comparing two orders. */
  memory(): unknown {
    const ofRuns = [...this.#unseen].map(([run, unseen]) => [run, [...unseen].sort(), [...(this.#unseenBack.get(run) ?? [])].sort()]);
    const lists = [
      this.#tags,
      this.#deletedBy,
      this.#idsDeletedByRuns,
      this.#deletedWithTag,
      this.#putBack,
      this.#killed,
      this.#brought,
      this.#unavoidable,
    ].map((list) => [...list].sort());
    return [lists, ofRuns, [...(this.#viewWhenLagging?.values() ?? [])].map(({ id, tags }) => [id, tags])];
  }

  lagsFromNow(): void {
    this.#viewWhenLagging = this.#view;
  }

  killed(run: string): void {
    this.#killed.add(run);
  }

  tagged(tag: string, digest: string): void {
    if (isKeptTag(tag)) this.#tags.set(tag, digest);
  }

  /** Carries out what somebody else does, and remembers what no run has seen yet. */
  somebody(act: () => void): void {
    const before = this.#view;
    act();
    this.#view = viewOf(this.#sandbox);
    for (const version of this.#view.values()) {
      const old = before.get(version.digest);
      if (old === undefined) this.#brought.add(version.digest);
      this.#deletedBy.delete(version.digest);
      if (old !== undefined && version.tags.every((tag) => old.tags.includes(tag))) continue;
      for (const unseen of this.#unseen.values()) unseen.set(version.digest, 0);
    }
    for (const { digest, tags } of before.values()) {
      if (this.#view.has(digest)) continue;
      this.#deletedBy.set(digest, "somebody");
      for (const tag of tags) this.#tags.delete(tag);
      if (tags.some(isKeptTag)) this.#deletedWithTag.add(digest);
    }
  }

  before(): void {
    this.#view = viewOf(this.#sandbox);
  }

  after(run: string, { method, url }: { readonly method: string; readonly url: string }): void {
    const before = this.#view;
    this.#view = viewOf(this.#sandbox);
    // Whose deletion it was, nobody can tell when the answer is lost.
    const isAnswerLost = ["500", "drop"].some((fault) => this.#sandbox.requests().at(-1)?.faults.includes(fault));
    if (method === "DELETE" && isAnswerLost) this.#idsDeletedByRuns.add(Number(url.split("/").at(-1)));
    if (method === "GET" && url.includes("state=active")) this.#shown(run);
    for (const version of before.values()) if (!this.#view.has(version.digest)) this.#deleted(run, before, version);
    for (const version of this.#view.values()) {
      const old = before.get(version.digest);
      if (old === undefined) this.#cameBack(run, before, version);
      if (old !== undefined && version.tags.every((tag) => old.tags.includes(tag))) continue;
      for (const [other, unseen] of this.#unseenBack) if (other !== run) unseen.add(version.digest);
    }
  }

  /** What a person deleted stays deleted, unless an image lacks it or the run was to restore it. */
  #cameBack(run: string, before: View, version: Seen): void {
    const by = this.#deletedBy.get(version.digest);
    this.#deletedBy.delete(version.digest);
    if (this.#approvals.get(run)?.size !== 0) this.#putBack.set(version.digest, run);
    // What lacked it may have gone since the run was shown it, or was put to use just before it went, and comes back after its parts.
    const isOfUsed = [...this.#tags.values()].some((digest) => partsBelow(before, digest).has(version.digest));
    const isLacked =
      isOfUsed || [before, this.#viewShown.get(run) ?? before].some((view) => isLackedIn(view, version, this.#sandbox.now().getTime()));
    const restores = this.#approvals.get(run)?.size === 0 || this.#idsDeletedByRuns.has(version.id);
    // Nobody can tell who deleted it: a run that was killed would have lost a tag that somebody had put there.
    const wasTagged = this.#deletedWithTag.has(version.digest);
    if (by === "somebody" && !isLacked && !restores && !wasTagged)
      throw new Loss(`${run} restored ${name(version)}, which a person deleted and nothing lacks`);
  }

  /** A list that lags shows no new image. That a tag which it shows has moved, the registry knows. */
  #shown(run: string): void {
    const unseen = this.#unseen.get(run);
    const lags = this.#sandbox.requests().at(-1)?.faults.includes("lag") ?? false;
    if (!lags) {
      unseen?.clear();
      this.#unseenBack.get(run)?.clear();
      this.#viewShown.set(run, this.#view);
    }
    const tagsShown = new Set([...(this.#viewWhenLagging?.values() ?? [])].flatMap(({ tags }) => tags));
    for (const digest of unseen?.keys() ?? []) {
      if (this.#view.get(digest)?.tags.some((tag) => tagsShown.has(tag) && isKeptTag(tag))) unseen?.delete(digest);
    }
  }

  #deleted(run: string, before: View, version: Seen): void {
    const { digest } = version;
    this.#deletedBy.set(digest, run);
    this.#idsDeletedByRuns.add(version.id);
    if (!this.#approvals.get(run)?.has(digest)) throw new Loss(`${run} deleted ${name(version)}, which nobody approved`);
    const unseen = this.#unseen.get(run) ?? new Map<string, number>();
    const unseenBack = this.#unseenBack.get(run) ?? new Set<string>();
    const needing = [...before.values()].filter((other) => needs(before, other, version, this.#sandbox.now().getTime()));
    for (const other of needing) {
      if (unseenBack.has(other.digest)) continue;
      if (!unseen.has(other.digest)) throw new Loss(`${run} deleted ${name(version)}, which ${name(other)} needs`);
      if ((unseen.get(other.digest) ?? 0) > largestBatch)
        throw new Loss(`${run} did not look again before it deleted ${name(version)}, which ${name(other)} needs`);
      this.#unavoidable.add(`${digest} of ${other.digest}`);
    }
    const gained = version.tags.filter((tag) => !this.#firstTags.get(digest)?.includes(tag));
    if (gained.length > 0 && !unseen.has(digest) && !unseenBack.has(digest))
      throw new Loss(`${run} deleted ${name(version)}, which carried ${gained.join(", ")}`);
    if (gained.length > 0) this.#unavoidable.add(`${digest} as ${gained.join(" ")}`);
    for (const [since, count] of unseen) unseen.set(since, count + 1);
  }

  /**
   * Throws unless every image that is there is complete and every tag is where somebody put it. Returns the images that are excused:
   * they came after the last list that the run which deleted a part of them was shown, and it had ended well. The run after it, which is
   * the `last` one, completes them.
   */
  judgeEnd(endedWell: (run: string) => boolean, last = false): string[] {
    this.#view = viewOf(this.#sandbox);
    const excused: string[] = [];
    for (const version of this.#view.values()) {
      for (const part of partsBelow(this.#view, version.digest)) {
        const by = this.#deletedBy.get(part);
        if (this.#view.has(part) || by === "somebody") continue;
        if (by === undefined || last || !this.#isExcused(version, by, endedWell))
          throw new Loss(`${name(version)} lacks ${short(part)}, deleted by ${by ?? "nobody"}`);
        excused.push(version.digest);
      }
      const { subject } = version;
      if (subject === undefined || this.#view.has(subject) || this.#deletedBy.get(subject) === "somebody") continue;
      if (!isYoung(version, this.#sandbox.now().getTime())) continue;
      const by = this.#deletedBy.get(subject) ?? "";
      if (last || !this.#isExcused(version, by, endedWell)) throw new Loss(`${name(version)} lost its subject, deleted by ${by}`);
      excused.push(version.digest);
    }
    for (const [tag, digest] of this.#tags) {
      if (this.#view.get(digest)?.tags.includes(tag)) continue;
      const holder = [...this.#view.values()].find(({ tags }) => tags.includes(tag));
      if (holder === undefined && this.#isLeftToPeople(tag, digest, endedWell)) {
        excused.push(digest);
        continue;
      }
      throw new Loss(`${tag} is on ${holder === undefined ? "nothing" : name(holder)} and was put on ${short(digest)}`);
    }
    return excused;
  }

  /**
   * A run that could not know of the tag deleted what carried it, and ended before it could verify or record that, while the next run, which
   * keeps the version, was under way. Whether a person deleted it is not to be known: the ledger has it as found. Or a run was killed between
   * the restoration of the version and that of its tag.
   */
  #isLeftToPeople(tag: string, digest: string, endedWell: (run: string) => boolean): boolean {
    const by = this.#deletedBy.get(digest);
    const runs = [...this.#approvals.keys()];
    const isBackAlone = this.#killed.has(this.#putBack.get(digest) ?? "");
    const isUnverified = by !== undefined && by !== "somebody" && !endedWell(by) && runs.indexOf(by) === 0 && runs.length > 2;
    if (!isBackAlone && !isUnverified) return false;
    return [...this.#unavoidable].some((one) => one.startsWith(`${digest} as `) && one.split(" ").includes(tag));
  }

  /** It came after the last look of the run that deleted a part of it or, where that one was cut off, of the run that verified for it. */
  #isExcused({ digest }: Seen, by: string, endedWell: (run: string) => boolean): boolean {
    const isUnseenBy = (run: string) => this.#unseen.get(run)?.has(digest) ?? false;
    return isUnseenBy(by) && [...this.#unseen.keys()].some((run) => endedWell(run) && isUnseenBy(run));
  }

  /** What runs have put back, and what somebody brought for an image that a person deleted: no plan has shown it, and nothing needs it. */
  mayStay(): string[] {
    const deleted = [...this.#deletedBy].filter(([, by]) => by === "somebody");
    const orphans = deleted.flatMap(([digest]) => [...partsBelow(this.#view, digest)]).filter((part) => this.#brought.has(part));
    return [...this.#putBack.keys(), ...orphans];
  }

  /** Digests that are gone by a run's deletion. */
  goneByRuns(): string[] {
    return goneIn(this.#sandbox).filter((digest) => this.#approvals.has(this.#deletedBy.get(digest) ?? ""));
  }
}
