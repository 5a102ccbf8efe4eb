import type { Child, Inventory, Version } from "../../components/inventory/inventory";
import type { Policy, Rule } from "../../components/rules/policy";
import { globMatches } from "./glob-oracle";
import { schemeTarget } from "./scheme-tag-oracle";

/** Which digests a policy deletes, written straight from the specification: slow, plain, and sharing nothing with the core. */
export function deletedByOracle(inventory: Inventory, policy: OraclePolicy, day: string, leftovers: readonly string[] = []): string[] {
  const world = new World(inventory, policy, Date.parse(`${day}T00:00:00Z`), leftovers);
  const deleted = largestSafeSet(world, stays(world));
  const all = inventory.versions;
  const tagged = all.filter((version) => version.tags.length > 0);
  const images = tagged.filter((version) => world.isRoot(version));
  const last = images.length > 0 ? images : tagged.length > 0 ? tagged : all;
  if (last.length === 0 || last.some((version) => !deleted.includes(version.digest))) return deleted;
  return largestSafeSet(world, [...stays(world), newest(last).digest]);
}

/** What the rules and the graph would delete if GitHub did not refuse the last tagged version. */
export function deletedBeforeReserve(inventory: Inventory, policy: OraclePolicy, day: string): string[] {
  const world = new World(inventory, policy, Date.parse(`${day}T00:00:00Z`), []);
  return largestSafeSet(world, stays(world));
}

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
    return version.tags.filter((tag) => schemeTarget(tag) === undefined);
  }

  isRead(version: Version): boolean {
    return this.inventory.manifests.has(version.digest);
  }

  /** Approved earlier as a part of an image that is gone: rules do not see it. */
  isLeftover(version: Version): boolean {
    return this.leftovers.includes(version.digest) && this.userTags(version).length === 0;
  }

  /** Not read, and no index vouches that it lists nothing: then anything may hang under it. */
  isObscure(version: Version): boolean {
    if (this.isRead(version)) return false;
    const descriptions = this.versions.flatMap((other) => this.children(other)).filter((child) => child.digest === version.digest);
    return version.tags.length > 0 || descriptions.length === 0 || descriptions.some((child) => child.index || child.other);
  }

  children(version: Version): readonly Child[] {
    return this.inventory.manifests.get(version.digest)?.children ?? [];
  }

  lists(one: Version, other: Version): boolean {
    return one !== other && this.children(one).some((child) => child.digest === other.digest);
  }

  isReferrer(version: Version): boolean {
    if (this.inventory.manifests.get(version.digest)?.subject !== undefined) return true;
    return this.userTags(version).length === 0 && version.tags.length > 0;
  }

  isTaggedReferrer(version: Version): boolean {
    return this.isReferrer(version) && this.userTags(version).length > 0;
  }

  isRoot(version: Version): boolean {
    if (this.isReferrer(version)) return false;
    if (this.userTags(version).length > 0) return true;
    return version.tags.length === 0 && !this.versions.some((other) => this.lists(other, version));
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
    return this.lists(one, other) || this.isSubject(one, other);
  }

  isAbove(one: Version, other: Version, below: readonly Version[] = []): boolean {
    if (this.keeps(one, other)) return true;
    return this.versions.some((next) => !below.includes(next) && this.keeps(next, other) && this.isAbove(one, next, [...below, other]));
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

  matches(rule: Rule, version: Version): boolean {
    if (this.lastTouched(version) > this.moment || this.isLeftover(version)) return false;
    if (rule.scope === "images" && !this.isRoot(version) && !this.isTaggedReferrer(version)) return false;
    const userTags = this.userTags(version);
    const age = this.moment - (userTags.length > 0 ? version.createdAt : this.lastTouched(version));
    if (rule.olderThan !== undefined && age < rule.olderThan) return false;
    if (rule.tags === undefined && rule.untagged === undefined) return true;
    if (rule.untagged === true && userTags.length === 0) return true;
    return userTags.some((tag) => covers(rule, tag));
  }

  isKept(version: Version): boolean {
    return this.policy.rules.some((rule) => {
      if (rule.action !== "keep" || !this.matches(rule, version)) return false;
      if (typeof rule.mostRecent !== "number") return true;
      const competitors = this.versions.filter((other) => this.matches(rule, other) && (rule.scope === "versions" || this.isRoot(other)));
      if (!competitors.includes(version)) return false;
      return competitors.filter((other) => isNewer(other, version)).length < rule.mostRecent;
    });
  }

  isSelected(version: Version): boolean {
    if (this.isLeftover(version)) return true;
    if (this.isKept(version)) return false;
    const rules = this.policy.rules.filter((rule) => rule.action === "delete" && this.matches(rule, version));
    if (rules.length === 0) return false;
    return this.userTags(version).every((tag) =>
      rules.some((rule) => covers(rule, tag) || (rule.tags === undefined && rule.untagged === undefined)),
    );
  }
}

function covers(rule: Rule, tag: string): boolean {
  return rule.tags?.some((glob) => globMatches(glob, tag)) ?? false;
}

function isNewer(one: Version, other: Version): boolean {
  return one.createdAt === other.createdAt ? one.id > other.id : one.createdAt > other.createdAt;
}

function newest(versions: readonly Version[]): Version {
  const found = versions.find((version) => !versions.some((other) => isNewer(other, version)));
  if (found === undefined) throw new Error("no newest of none");
  return found;
}

/** Of what was not read, anything above it may be the subject. */
function mayBeSubject(world: World, version: Version, referrer: Version): boolean {
  return world.isRead(referrer) ? world.isSubject(version, referrer) : world.isAbove(version, referrer);
}

/** What stays for its own sake. */
export function stays(world: World): string[] {
  const untouchable = world.versions.filter((version) => world.isProtected(version) || world.isYoung(version));
  for (;;) {
    const more = world.versions.find(
      (version) => !untouchable.includes(version) && untouchable.some((referrer) => mayBeSubject(world, version, referrer)),
    );
    if (more === undefined) break;
    untouchable.push(more);
  }
  const others = world.versions.filter((version) => {
    if (!world.isRead(version)) return true;
    if (world.isLeftover(version)) return false;
    if (world.isKept(version)) return true;
    if (world.isReferrer(version) && !world.versions.some((subject) => world.isSubject(subject, version))) return true;
    return (world.isRoot(version) || world.userTags(version).length > 0) && !world.isSelected(version);
  });
  return [...untouchable, ...others].map((version) => version.digest);
}

function largestSafeSet(world: World, staying: readonly string[]): string[] {
  if (world.versions.some((version) => world.isObscure(version))) return [];
  let reached = world.versions.filter((version) => world.isSelected(version));
  for (;;) {
    const grown = world.versions.filter((version) => reached.includes(version) || reached.some((keeper) => world.keeps(keeper, version)));
    if (grown.length === reached.length) break;
    reached = grown;
  }
  let candidates = reached.filter((version) => !staying.includes(version.digest));
  for (;;) {
    const outside = world.versions.filter((version) => !candidates.includes(version));
    const safe = candidates.filter((version) => !outside.some((keeper) => world.keeps(keeper, version)));
    if (safe.length === candidates.length) break;
    candidates = safe;
  }
  return candidates.map((version) => version.digest).sort();
}
