import type { Inventory, Version } from "../../../components/model/inventory";
import { goesByOwnTags, isKept, isSelected } from "./rule-oracle";
import { type OraclePolicy, World } from "./world";

export type { OraclePolicy } from "./world";
export { World } from "./world";

/** Which digests a policy deletes, written straight from the specification: slow, plain, and sharing nothing with the core. */
export function deletedByOracle(inventory: Inventory, policy: OraclePolicy, day: string, leftovers: readonly string[] = []): string[] {
  const world = new World(inventory, policy, Date.parse(`${day}T00:00:00Z`), leftovers);
  const staying = stays(world);
  const deleted = largestSafeSet(world, staying);
  const all = inventory.versions;
  const tagged = all.filter((version) => version.tags.length > 0);
  const images = tagged.filter((version) => world.isRoot(version));
  const last = images.length > 0 ? images : tagged.length > 0 ? tagged : all;
  if (last.length === 0 || last.some((version) => !deleted.includes(version.digest))) return deleted;
  return largestSafeSet(world, [...staying, newest(last).digest]);
}

/** What the rules and the graph would delete if GitHub did not refuse the last tagged version. */
export function deletedBeforeReserve(inventory: Inventory, policy: OraclePolicy, day: string): string[] {
  const world = new World(inventory, policy, Date.parse(`${day}T00:00:00Z`), []);
  return largestSafeSet(world, stays(world));
}

function newest(versions: readonly Version[]): Version {
  const isNewer = (one: Version, other: Version) =>
    one.createdAt === other.createdAt ? one.id > other.id : one.createdAt > other.createdAt;
  const found = versions.find((version) => !versions.some((other) => isNewer(other, version)));
  if (found === undefined) throw new Error("no newest of none");
  return found;
}

/** Of what was not read, anything above it may be the subject, or what stands beside it and refers to something itself. */
function mayBeSubject(world: World, version: Version, referrer: Version): boolean {
  if (world.isRead(referrer)) return world.isSubject(version, referrer);
  const refers = world.versions.some((subject) => world.isSubject(subject, version));
  return world.isAbove(version, referrer) || (refers && world.isBeside(version, referrer));
}

/** What stays for its own sake. */
export function stays(world: World): string[] {
  const untouchable = world.versions.filter((version) => world.isProtected(version) || world.isYoung(version) || isKept(world, version));
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
    if (isKept(world, version)) return true;
    const stands = world.isRoot(version) || world.userTags(version).length > 0 || world.isDangling(version);
    return stands && !isSelected(world, version);
  });
  return [...untouchable, ...others].map((version) => version.digest);
}

function largestSafeSet(world: World, staying: readonly string[]): string[] {
  if (world.versions.some((version) => world.isObscure(version))) return [];
  const goingByTags = world.versions.filter((version) => goesByOwnTags(world, version)).map(({ digest }) => digest);
  const keeps = (one: Version, other: Version) => world.keepsUnless(goingByTags, one, other);
  let reached = world.versions.filter((version) => isSelected(world, version));
  for (;;) {
    const grown = world.versions.filter((version) => reached.includes(version) || reached.some((keeper) => keeps(keeper, version)));
    if (grown.length === reached.length) break;
    reached = grown;
  }
  let candidates = reached.filter((version) => !staying.includes(version.digest));
  for (;;) {
    const outside = world.versions.filter((version) => !candidates.includes(version));
    const safe = candidates.filter((version) => !outside.some((keeper) => keeps(keeper, version)));
    if (safe.length === candidates.length) break;
    candidates = safe;
  }
  return candidates.map((version) => version.digest).sort();
}
