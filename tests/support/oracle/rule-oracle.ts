import type { Version } from "../../../components/model/inventory";
import type { Rule } from "../../../components/rules/policy";
import { tagFits, textFits } from "./pattern-oracle";
import { groupName, isInRange, isNewerVersion, type OracleVersion, oracleVersion } from "./version-oracle";
import type { World } from "./world";

/** Written from the texts of the rule reference, a sentence each. */
export function matches(world: World, rule: Rule, version: Version): boolean {
  if (world.lastTouched(version) > world.moment || world.isLeftover(version)) return false;
  return isSeen(world, rule, version) && isSelectedByTag(world, rule, version) && meetsConditions(world, rule, version);
}

/** Images, and referrers that people tagged; parts and other referrers only where a rule asks for them. */
function isSeen(world: World, rule: Rule, version: Version): boolean {
  // Without `dangling` no rule deletes what lost its subject: it may belong to an image elsewhere.
  if (rule.action === "delete" && rule.dangling === undefined && world.isDangling(version)) return false;
  if (rule.scope === "versions" || rule.dangling === true) return true;
  if (rule.action === "keep" && rule.digests !== undefined) return true;
  return world.isRoot(version) || world.isTaggedReferrer(version);
}

function asksForTags({ tags, semver, untagged }: Rule): boolean {
  return tags !== undefined || semver !== undefined || untagged !== undefined;
}

function isSelectedByTag(world: World, rule: Rule, version: Version): boolean {
  if (!asksForTags(rule)) return true;
  const tags = world.knownTags(version);
  if (tags.length === 0) return rule.untagged === true;
  return tags.some((tag) => speaksFor(rule, tag));
}

/** Does the rule speak for this tag? With `tags` and `semver`: tags that are both. */
export function speaksFor(rule: Rule, tag: string): boolean {
  if (!asksForTags(rule)) return true;
  if (rule.tags === undefined && rule.semver === undefined) return false;
  if (rule.tags !== undefined && !tagFits(rule.tags, tag)) return false;
  return rule.semver === undefined || isInRange(tag, rule.semver);
}

function meetsConditions(world: World, rule: Rule, version: Version): boolean {
  const manifest = world.inventory.manifests.get(version.digest);
  const age = world.moment - ageFrom(world, rule, version);
  const answers: boolean[] = [];
  if (rule.olderThan !== undefined) answers.push(age >= rule.olderThan);
  if (rule.newerThan !== undefined) answers.push(age < rule.newerThan);
  for (const pattern of rule.notTags ?? []) answers.push(!world.knownTags(version).some((tag) => tagFits([pattern], tag)));
  if (rule.platforms !== undefined) answers.push(anyFits(rule.platforms, world.platforms(version)));
  if (rule.artifactType !== undefined) answers.push(anyFits(rule.artifactType, [manifest?.artifactType]));
  for (const key of Object.keys(rule.annotations ?? {})) {
    answers.push(anyFits([rule.annotations?.[key] ?? ""], [manifest?.annotations?.[key]]));
  }
  if (rule.digests !== undefined) answers.push(rule.digests.some((digest) => digest === version.digest));
  if (rule.dangling === true) answers.push(world.isDangling(version));
  for (const name of rule.subjectsIn ?? []) answers.push(world.isLostIn(name, version));
  if (rule.broken !== undefined) answers.push(world.isBroken(version));
  if (rule.broken === "ghost") answers.push(world.isGhost(version));
  if (rule.broken === "partial") answers.push(!world.isGhost(version));
  return !answers.includes(false);
}

/** By default a tagged image's age counts from creation, an untagged one's from the later of creation and last change. */
function ageFrom(world: World, { age }: Rule, version: Version): number {
  if (age === "updated") return version.updatedAt;
  if (age === "unneeded" || (age === undefined && world.userTags(version).length === 0)) return world.lastTouched(version);
  return version.createdAt;
}

function anyFits(patterns: readonly string[], texts: readonly (string | undefined)[]): boolean {
  return texts.some((text) => text !== undefined && patterns.some((pattern) => textFits(pattern, text)));
}

export function isKept(world: World, version: Version): boolean {
  return world.policy.rules.some((rule) => rule.action === "keep" && matches(world, rule, version) && isRecent(world, rule, version));
}

type KeepRule = Extract<Rule, { action: "keep" }>;

function isRecent(world: World, rule: KeepRule, version: Version): boolean {
  const setting = typeof rule.mostRecent === "number" ? { count: rule.mostRecent, by: "created" as const } : rule.mostRecent;
  if (setting === undefined) return true;
  const matched = world.versions.filter((other) => matches(world, rule, other));
  if (!matched.includes(version)) return false;
  // A part of another match uses up no place and goes the way of that one, unless the rule asks for what is no image.
  const asks = seesAll(rule);
  const competitors = asks ? matched : matched.filter((other) => !isPartOfAnother(world, other, matched));
  return competitors.some((other) => {
    if (other !== version && (asks || !world.isAbove(other, version))) return false;
    return isAhead(world, rule, setting, competitors, other);
  });
}

/** A referrer that people tagged is an image of its own: it goes by its tags, whatever becomes of its subject. */
export function goesByOwnTags(world: World, version: Version): boolean {
  return world.isTaggedReferrer(version) && isSelected(world, version);
}

function seesAll(rule: Rule): boolean {
  return rule.scope === "versions" || rule.dangling === true || rule.digests !== undefined;
}

/** Of several that need each other, the newest one stands for all. */
function isPartOfAnother(world: World, version: Version, matched: readonly Version[]): boolean {
  return matched.some((other) => {
    if (other === version || !world.isAbove(other, version)) return false;
    return !world.isAbove(version, other) || isLater(other, version, "createdAt");
  });
}

type Setting = { readonly by: "created" | "updated" } | ({ readonly by: "semver" } & BySemver);

function isAhead(
  world: World,
  rule: Rule,
  setting: Setting & { readonly count: number },
  competitors: readonly Version[],
  version: Version,
) {
  if (setting.by === "semver") return isRecentVersion(world, rule, { per: undefined, ...setting }, competitors, version);
  const key = setting.by === "updated" ? "updatedAt" : "createdAt";
  return competitors.filter((other) => isLater(other, version, key)).length < setting.count;
}

function isLater(one: Version, other: Version, key: "createdAt" | "updatedAt"): boolean {
  return one[key] === other[key] ? one.id > other.id : one[key] > other[key];
}

interface BySemver {
  readonly count: number;
  readonly per?: "major" | "minor" | "patch" | undefined;
}

/** In one of the groups that its versions belong to, fewer than `count` other images have a newer one. */
function isRecentVersion(world: World, rule: Rule, { count, per }: BySemver, competitors: readonly Version[], version: Version): boolean {
  const inGroup = (image: Version, group: string): OracleVersion[] =>
    world
      .userTags(image)
      .filter((tag) => speaksFor(rule, tag))
      .flatMap((tag) => oracleVersion(tag) ?? [])
      .filter((found) => groupName(found, per) === group);
  const groups = world.userTags(version).flatMap((tag) => {
    const found = speaksFor(rule, tag) ? oracleVersion(tag) : undefined;
    return found === undefined ? [] : [groupName(found, per)];
  });
  return groups.some((group) => {
    const own = inGroup(version, group);
    const ahead = competitors.filter((other) => {
      if (other === version) return false;
      const theirs = inGroup(other, group);
      if (theirs.some((one) => own.every((mine) => isNewerVersion(one, mine)))) return true;
      const behind = theirs.length === 0 || own.some((mine) => theirs.every((one) => isNewerVersion(mine, one)));
      return !behind && other.id > version.id;
    });
    return ahead.length < count;
  });
}

/** Keep beats delete; a tagged image goes only when every one of its tags may go. */
export function isSelected(world: World, version: Version): boolean {
  if (world.isLeftover(version)) return true;
  if (isKept(world, version)) return false;
  const rules = world.policy.rules.filter((rule) => rule.action === "delete" && matches(world, rule, version));
  return rules.length > 0 && world.userTags(version).every((tag) => rules.some((rule) => speaksFor(rule, tag)));
}
