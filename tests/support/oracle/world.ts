import type { Child, Inventory, Version } from "../../../components/model/inventory";
import type { Policy } from "../../../components/rules/policy";
import { schemeTarget } from "./scheme-tag-oracle";

export type OraclePolicy = Pick<Policy, "rules" | "protect" | "minimumAge">;

/** The facts, each looked up the long way whenever it is asked for. */
export class World {
  constructor(
    readonly inventory: Inventory,
    readonly policy: OraclePolicy,
    readonly moment: number,
    readonly leftovers: readonly string[],
  ) {}

  get versions(): readonly Version[] {
    return this.inventory.versions;
  }

  userTags(version: Version): string[] {
    const isOfImgpkg = (tag: string) => tag.endsWith(".imgpkg") && /^[0-9a-f]{64}$/.test(tag.split("-sha256-").at(-1)?.split(".")[0] ?? "");
    return version.tags.filter((tag) => schemeTarget(tag) === undefined && !(tag.includes("-sha256-") && isOfImgpkg(tag)));
  }

  /** The tags by which rules on tags know it: those that people chose, or else those that tools made of its own digest, where all are such. */
  knownTags(version: Version): readonly string[] {
    const chosen = this.userTags(version);
    return chosen.length === 0 && !this.namesAnother(version) ? version.tags : chosen;
  }

  /** Does it carry a tool's tag that names another version than itself? */
  namesAnother(version: Version): boolean {
    return version.tags.some((tag) => {
      const target = schemeTarget(tag);
      return target !== undefined && !version.digest.startsWith(target);
    });
  }

  isRead(version: Version): boolean {
    return this.inventory.manifests.has(version.digest);
  }

  /** The registry does not know it, and the policy says so: it needs nothing. */
  isGone(version: Version): boolean {
    return this.inventory.manifests.get(version.digest)?.gone === true;
  }

  /** Approved earlier as a part of an image that is gone: rules do not see it. */
  isLeftover(version: Version): boolean {
    return this.leftovers.includes(version.digest) && this.userTags(version).length === 0;
  }

  /** Not read, and no index vouches that it lists nothing: then anything may hang under it. */
  isObscure(version: Version): boolean {
    if (this.isRead(version)) return false;
    const descriptions = this.versions.flatMap((other) => this.children(other)).filter((child) => child.digest === version.digest);
    if (this.versions.some((other) => this.names(other, version))) return true;
    return version.tags.length > 0 || descriptions.length === 0 || descriptions.some((child) => child.index || child.other);
  }

  /** A layer or the config of one names the other. */
  names(one: Version, other: Version): boolean {
    const references = this.inventory.manifests.get(one.digest)?.references ?? [];
    return one !== other && references.some(({ to }) => ("tag" in to ? other.tags.includes(to.tag) : to.digest === other.digest));
  }

  children(version: Version): readonly Child[] {
    return this.inventory.manifests.get(version.digest)?.children ?? [];
  }

  lists(one: Version, other: Version): boolean {
    return one !== other && this.children(one).some((child) => child.digest === other.digest);
  }

  isReferrer(version: Version): boolean {
    if (this.inventory.manifests.get(version.digest)?.subject !== undefined) return true;
    return this.userTags(version).length === 0 && this.namesAnother(version);
  }

  /** A referrer of nothing that the package holds. */
  isDangling(version: Version): boolean {
    return this.isReferrer(version) && !this.versions.some((subject) => this.isSubject(subject, version));
  }

  /** The other package was listed, and holds nothing that this one refers to. */
  isLostIn(name: string, version: Version): boolean {
    const there = this.inventory.neighbours?.find((neighbour) => neighbour.name === name);
    if (there === undefined || !this.isDangling(version)) return false;
    const targets = version.tags.map(schemeTarget).filter((target) => target !== undefined && !version.digest.startsWith(target));
    const subject = this.inventory.manifests.get(version.digest)?.subject;
    return there.digests.every((digest) => digest !== subject && !targets.some((target) => digest.startsWith(target ?? "")));
  }

  /** It lists manifests that are not here, or nobody knows what it lists. */
  isBroken(version: Version): boolean {
    if (this.isGone(version)) return true;
    return this.children(version).some((child) => {
      const there = this.versions.find(({ digest }) => digest === child.digest);
      return there === undefined ? child.other !== true : this.isGone(there);
    });
  }

  /** Nothing of what it lists is here. */
  isGhost(version: Version): boolean {
    if (this.isGone(version)) return true;
    return this.children(version).every((child) => {
      const there = this.versions.find(({ digest }) => digest === child.digest);
      return child.other === true || there === undefined || this.isGone(there);
    });
  }

  /** The platforms of the index and of every index under it. */
  platforms(version: Version, above: readonly Version[] = []): string[] {
    const nested = this.versions.filter((other) => this.lists(version, other) && !above.includes(other) && other !== version);
    return [
      ...this.children(version).flatMap(({ platform }) => platform ?? []),
      ...nested.flatMap((index) => this.platforms(index, [...above, version])),
    ];
  }

  isTaggedReferrer(version: Version): boolean {
    return this.isReferrer(version) && this.userTags(version).length > 0;
  }

  isRoot(version: Version): boolean {
    if (this.isReferrer(version)) return false;
    if (this.userTags(version).length > 0) return true;
    return !this.versions.some((other) => this.lists(other, version) || this.names(other, version));
  }

  /** `one` is the subject of `other`, by field or by tag. */
  isSubject(one: Version, other: Version): boolean {
    if (one === other) return false;
    if (this.inventory.manifests.get(other.digest)?.subject === one.digest) return true;
    return other.tags.some((tag) => {
      const target = schemeTarget(tag);
      return target !== undefined && one.digest.startsWith(target);
    });
  }

  keeps(one: Version, other: Version): boolean {
    return this.lists(one, other) || this.names(one, other) || this.isSubject(one, other);
  }

  /** As `keeps`, but the subjects of these digests do not keep them. */
  keepsUnless(goingByTags: readonly string[], one: Version, other: Version): boolean {
    return goingByTags.includes(other.digest) ? this.lists(one, other) || this.names(one, other) : this.keeps(one, other);
  }

  isAbove(one: Version, other: Version, below: readonly Version[] = []): boolean {
    if (this.keeps(one, other)) return true;
    return this.versions.some((next) => !below.includes(next) && this.keeps(next, other) && this.isAbove(one, next, [...below, other]));
  }

  isBeside(one: Version, other: Version): boolean {
    return one !== other && this.versions.some((index) => this.lists(index, one) && this.lists(index, other));
  }

  lastTouched(version: Version): number {
    return Math.max(version.createdAt, version.updatedAt);
  }

  isYoung(version: Version): boolean {
    return this.moment - this.lastTouched(version) < this.policy.minimumAge;
  }

  isProtected(version: Version): boolean {
    return this.policy.protect.some((name) => name === version.digest || version.tags.includes(name));
  }
}
