import type { BlobList } from "./blobs";
import type { DeploymentAnswers } from "./deployments";

/** One version of a package: one manifest digest with 0..n tags. Times are epoch milliseconds of GitHub's clock. */
export interface Version {
  readonly id: number;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it was last seen with a tag, where it has none now: GitHub's stamps do not tell. Added by the record of earlier runs. */
  readonly lastTagged?: LastTagged;
}

/** The last day on which a run saw an image tagged. */
export interface LastTagged {
  /** The end of that day, epoch milliseconds: ages count from it. */
  readonly at: number;
  readonly day: string;
  /** The tag that it had, where another image has it now. */
  readonly tag?: string;
}

/** A manifest that an index lists. Descriptors of blobs are not children. */
export interface Child {
  readonly digest: string;
  /** Whether the descriptor's media type is that of an index. */
  readonly index: boolean;
  /** Set if the media type is neither index nor image manifest: a blob, unless the package lists the digest as a version. */
  readonly other?: true;
  /** A description for people: `linux/arm64`, `attestation of linux/arm64`. */
  readonly label: string;
  /** The platform, such as `linux/arm64`; absent for attestations and for descriptors that name none. */
  readonly platform?: string;
}

/** What a layer or the config of a manifest names: a digest, or a tag of the same package. */
export interface Reference {
  readonly to: { readonly digest: string } | { readonly tag: string };
  /** A description for people: `image`, `base model`. */
  readonly label: string;
}

/** The parts of a manifest that decide what stays, and the blobs that it lists, which decide nothing. */
export interface Manifest {
  readonly index: boolean;
  readonly children: readonly Child[];
  readonly subject?: string;
  /** What its layers or its config name, where a tool that reads them needs it too. A digest may be in another package. */
  readonly references?: readonly Reference[];
  /** `artifactType`, or the media type of the config if that is not the one of an ordinary image. */
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Absent if an earlier build read the manifest, or nobody can. */
  readonly blobs?: BlobList;
  /** Set if the registry does not have the manifest and the policy lists it as `unreadable`: its references are unknown. */
  readonly gone?: true;
}

/** Returns the digests that the layers or the config of a manifest name. */
export function digestsNamedBy(manifest: Manifest | undefined): string[] {
  return (manifest?.references ?? []).flatMap(({ to }) => ("digest" in to ? [to.digest] : []));
}

/** A version that GitHub can still restore. */
export interface DeletedVersion {
  readonly id: number;
  readonly digest: string;
  /** The tags that GitHub still lists, possibly none. */
  readonly tags: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds; absent if GitHub does not report it. */
  readonly deletedAt?: number;
}

export interface PackageName {
  readonly owner: string;
  readonly name: string;
}

/** Another package of the same owner, in which a rule looks for the subjects of referrers. */
export interface Neighbour {
  readonly name: string;
  /** Of its versions, and of those that GitHub can still restore. */
  readonly digests: readonly string[];
}

/** What GitHub's answers show of the token that got them. */
export interface TokenAccess {
  /** Of a classic token; absent for GITHUB_TOKEN, whose permissions GitHub does not list. */
  readonly scopes?: readonly string[];
  /** Why GitHub refuses the list of deleted versions. */
  readonly deletedRefusal?: string;
}

/** The state of a package: GitHub's list of versions and the manifests read. A version without a manifest was not read. */
export interface Inventory {
  readonly package: PackageName;
  /** The time of the inventory by GitHub's `Date` header, in epoch milliseconds (S7). */
  readonly now: number;
  readonly versions: readonly Version[];
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** The versions that GitHub can still restore; absent if GitHub does not list them. */
  readonly deleted?: readonly DeletedVersion[];
  /** The packages that rules name in `subjectsIn`. */
  readonly neighbours?: readonly Neighbour[];
  /** What the answers showed of the token. */
  readonly token?: TokenAccess;
  /** Where versions run, as far as GitHub was asked. */
  readonly deployments?: DeploymentAnswers;
}
