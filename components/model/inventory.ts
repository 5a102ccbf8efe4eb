/** One version of a package: one manifest digest with 0..n tags. Times are epoch milliseconds of GitHub's clock. */
export interface Version {
  readonly id: number;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A manifest that an index lists. Descriptors of blobs are no children. */
export interface Child {
  readonly digest: string;
  /** The descriptor says that this is an index. */
  readonly index: boolean;
  /** The descriptor says neither index nor image manifest: a blob, unless the package lists the digest as a version. */
  readonly other?: true;
  /** For people: `linux/arm64`, `attestation of linux/arm64`. */
  readonly label: string;
  /** `linux/arm64`; absent for attestations and whatever names none. */
  readonly platform?: string;
}

/** What a manifest says, distilled to what decides about keeping it. */
export interface Manifest {
  readonly index: boolean;
  readonly children: readonly Child[];
  readonly subject?: string;
  /** `artifactType`, or the config's media type where that tells more than 'image'. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The registry does not know it, and the policy says that it is gone: what it listed is not known. */
  readonly gone?: true;
}

/** A version that GitHub can still restore. */
export interface DeletedVersion {
  readonly id: number;
  readonly digest: string;
  /** Those that GitHub still names; it may name none. */
  readonly tags: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds; absent where GitHub does not say. */
  readonly deletedAt?: number;
}

export interface PackageName {
  readonly owner: string;
  readonly name: string;
}

/** What is there: GitHub's list and the manifests read. A version without a manifest was not read. */
export interface Inventory {
  readonly package: PackageName;
  /** GitHub's `Date` at the look, epoch milliseconds (S7). */
  readonly now: number;
  readonly versions: readonly Version[];
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** What GitHub can still restore; absent where it does not tell. */
  readonly deleted?: readonly DeletedVersion[];
}
