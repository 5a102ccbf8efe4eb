import { digestsNamedBy, type Manifest, type Version } from "../model/inventory";

/** Maximum break between pushes of versions that may belong to one image, milliseconds. */
const maxBreakMilliseconds = 120_000;
const maxRound = 1_024;
/** The positions of further indexes are guessed from the last ones; a wrong guess is a wasted download. */
const maxGuessed = 8;

/** Untagged versions pushed one after the other, latest first: an index is pushed after its children. */
interface Burst {
  readonly digests: readonly string[];
  /** The first digest that is neither read nor described. */
  next: number;
  /** Manifests to read in the next round: it grows while all of them are of one kind. */
  quota: number;
  /** Distance between them: the images of a package mostly have the same number of parts. */
  stride: number;
}

/**
 * Plans which manifests to read, in rounds: first all tagged versions, then those that no index describes as an image
 * manifest. Reading counts as a download, so a version that an index may still describe waits for that index.
 */
export class ReadPlanner {
  readonly #versions: ReadonlySet<string>;
  readonly #manifests: ReadonlyMap<string, Manifest>;
  readonly #described = new Set<string>();
  /** Digests requested so far, whatever the response. */
  readonly #taken = new Set<string>();
  readonly #listedOtherwise: string[] = [];
  readonly #bursts: readonly Burst[];
  #urgent: string[];
  #asked: { burst: Burst; digests: readonly string[] }[] = [];

  constructor(versions: readonly Version[], manifests: ReadonlyMap<string, Manifest>, alsoFirst: ReadonlySet<string>) {
    this.#versions = new Set(versions.map(({ digest }) => digest));
    this.#manifests = manifests;
    const isFirst = ({ digest, tags }: Version) => tags.length > 0 || alsoFirst.has(digest);
    this.#urgent = versions.filter(isFirst).map(({ digest }) => digest);
    this.#bursts = burstsOf(versions.filter((version) => !isFirst(version)));
    for (const manifest of manifests.values()) this.#learn(manifest);
  }

  /** Adds a manifest that was read. */
  add(manifest: Manifest): void {
    this.#learn(manifest);
  }

  /** Returns the digests to read in the next round; none once every deciding manifest is read. */
  nextRound(): string[] {
    const first = this.#unread([...this.#urgent, ...this.#listedOtherwise.splice(0)]);
    this.#urgent = [];
    if (first.length > 0) return first;
    this.#adjustQuotas();
    let taken = 0;
    for (const burst of this.#bursts) {
      if (taken >= maxRound) break;
      const digests = this.#take(burst);
      if (digests.length > 0) this.#asked.push({ burst, digests });
      taken += digests.length;
    }
    return this.#asked.flatMap(({ digests }) => digests);
  }

  #learn(manifest: Manifest): void {
    for (const child of manifest.children) {
      if (child.index || child.other) this.#listedOtherwise.push(child.digest);
      else this.#described.add(child.digest);
    }
    this.#listedOtherwise.push(...digestsNamedBy(manifest));
  }

  #adjustQuotas(): void {
    for (const { burst, digests } of this.#asked) {
      const indexes = digests.filter((digest) => this.#manifests.get(digest)?.index).length;
      const before = burst.next;
      this.#skipDecided(burst);
      const isRegular = indexes === digests.length;
      if (indexes === 0) burst.quota *= 2;
      else burst.quota = isRegular ? Math.min(burst.quota * 2, maxGuessed) : 1;
      burst.stride = isRegular ? Math.max(1, Math.round((burst.next - before) / indexes)) : 1;
    }
    this.#asked = [];
  }

  #take(burst: Burst): string[] {
    this.#skipDecided(burst);
    const digests: string[] = [];
    for (let index = burst.next; digests.length < burst.quota && index < burst.digests.length; index += burst.stride) {
      const digest = burst.digests[index] as string;
      if (!this.#isDecided(digest)) digests.push(digest);
    }
    for (const digest of digests) this.#taken.add(digest);
    return digests;
  }

  #skipDecided(burst: Burst): void {
    while (burst.next < burst.digests.length && this.#isDecided(burst.digests[burst.next] as string)) burst.next += 1;
  }

  #isDecided(digest: string): boolean {
    return this.#manifests.has(digest) || this.#described.has(digest) || this.#taken.has(digest);
  }

  #unread(digests: readonly string[]): string[] {
    // A descriptor of a blob, as in a legacy BuildKit cache, names no version.
    return [...new Set(digests)].filter((digest) => this.#versions.has(digest) && !this.#manifests.has(digest));
  }
}

function burstsOf(versions: readonly Version[]): Burst[] {
  const bursts: string[][] = [];
  let before: Version | undefined;
  for (const version of [...versions].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)) {
    if (before && before.createdAt - version.createdAt <= maxBreakMilliseconds) bursts.at(-1)?.push(version.digest);
    else bursts.push([version.digest]);
    before = version;
  }
  return bursts.map((digests) => ({ digests, next: 0, quota: 1, stride: 1 }));
}
