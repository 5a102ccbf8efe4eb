import assert from "node:assert/strict";
import fc from "fast-check";
import { reachableFrom } from "../../../components/graph/reachability";
import type { Version } from "../../../components/model/inventory";
import { moment, today } from "../../support/builders/package";
import { type Case, randomCase, randomDoubtfulCase } from "../../support/builders/random-case";
import { deletedBeforeReserve } from "../../support/oracle/oracle";
import { goesByOwnTags, isKept, matches } from "../../support/oracle/rule-oracle";

const sampleSize = 2_000;
const seed = 20231206;

describe("the random cases", function () {
  this.timeout(120_000);

  let cases: Case[] = [];
  let doubtful: Case[] = [];

  before(() => {
    cases = fc.sample(randomCase, { seed, numRuns: sampleSize });
    doubtful = fc.sample(randomDoubtfulCase, { seed, numRuns: sampleSize });
  });

  function assertShare(sample: readonly Case[], least: number, test: (one: Case) => boolean): void {
    const share = (100 * sample.filter(test).length) / sample.length;
    assert.ok(share >= least, `${share.toFixed(1)}% of the cases, expected ${least}% at the least`);
  }

  it("delete something", () => assertShare(cases, 40, ({ deleted }) => deleted.length > 0));
  it("delete three and more", () => assertShare(cases, 16, ({ deleted }) => deleted.length >= 3));
  it("withhold something", () => assertShare(cases, 30, ({ plan }) => plan.withheld.length > 0));
  it("withhold and delete", () => assertShare(cases, 20, ({ plan }) => plan.withheld.length > 0 && plan.deletions.size > 0));
  it("take children and referrers along with an image", () => assertShare(cases, 8, hasParts));
  it("withhold a part of an image", () =>
    assertShare(cases, 15, ({ plan }) => plan.withheld.some(({ because }) => because.kind === "needed")));
  it("share a child among images of which one goes and one stays", () => assertShare(cases, 12, sharesChild));
  it("are three and more levels deep", () => assertShare(cases, 40, (one) => depthOf(one) >= 3));
  it("are five levels deep", () => assertShare(cases, 5, (one) => depthOf(one) >= 5));
  it("hold circles", () => assertShare(cases, 20, hasCircle));
  it("hold referrers of referrers", () => assertShare(cases, 14, hasReferrerOfReferrer));
  it("hold tagged children", () => assertShare(cases, 30, hasTaggedChild));
  it("name a version in a layer that no index lists", () => assertShare(cases, 8, namesVersion));
  it("hold images that only tools tagged", () =>
    assertShare(cases, 5, ({ world }) => world.versions.some((one) => world.userTags(one).length < world.knownTags(one).length)));
  it("hold the subject of what a rule keeps", () => assertShare(cases, 2, holdsSubjectOfKept));
  it("count a part of another match for nothing", () => assertShare(cases, 1, countsPartForNothing));
  it("delete a referrer that people tagged", () =>
    assertShare(cases, 0.1, (one) => deletes(one, (version) => goesByOwnTags(one.world, version))));
  it("hold referrers without their subject", () => assertShare(cases, 20, ({ graph }) => graph.nodes.some(isDangling)));
  it("hold indexes without a child", () =>
    assertShare(cases, 35, ({ graph }) => graph.nodes.some(({ missingChildren }) => missingChildren.length > 0)));
  it("hold versions of after the moment", () =>
    assertShare(cases, 10, ({ world }) => world.versions.some((one) => world.lastTouched(one) > moment)));
  it("hold the subject of what is young or protected", () => assertShare(cases, 4, holdsSubject));
  it("reserve a version", () => assertShare(cases, 8, reserves));
  it("let `mostRecent` decide", () => assertShare(cases, 10, mostRecentDecides));
  it("let a keep rule decide", () => assertShare(cases, 33, ({ world }) => world.versions.some((one) => isKept(world, one))));
  it("delete a referrer that dangles", () => assertShare(cases, 2, (one) => deletes(one, (version) => one.world.isDangling(version))));
  it("delete a broken index", () => assertShare(cases, 10, (one) => deletes(one, (version) => one.world.isBroken(version))));
  it("know of a manifest that it is gone", () =>
    assertShare(cases, 15, ({ world }) => world.versions.some((version) => world.isGone(version))));
  it("nest platforms", () => assertShare(cases, 10, nestsPlatforms));
  it("leave manifests unread and delete all the same", () => assertShare(doubtful, 1.5, (one) => isUnread(one) && one.deleted.length > 0));
  it("ask for manifests", () => assertShare(doubtful, 22, ({ plan }) => plan.unread.length > 0));
  it("delete what is left over of an image", () =>
    assertShare(doubtful, 14, ({ world, deleted }) => world.leftovers.some((one) => deleted.includes(one))));
});

function deletes({ world, deleted }: Case, test: (version: Version) => boolean): boolean {
  return world.versions.some((version) => deleted.includes(version.digest) && test(version));
}

function nestsPlatforms({ world }: Case): boolean {
  return world.versions.some(
    (version) => world.platforms(version).length > world.children(version).flatMap(({ platform }) => platform ?? []).length,
  );
}

function hasParts({ plan }: Case): boolean {
  return plan.deletions.nodes().some((node) => plan.verdicts.get(node)?.action !== "delete");
}

function sharesChild({ plan, graph }: Case): boolean {
  const goes = (node: number) => plan.deletions.has(node);
  return graph.nodes.some(
    (_, node) => !goes(node) && graph.keptBy[node]?.some(goes) && graph.keptBy[node]?.some((keeper) => !goes(keeper)),
  );
}

/** Levels below the deepest image, along the shortest ways. */
function depthOf({ graph }: Case): number {
  let depth = 0;
  for (const [start, { role }] of graph.nodes.entries()) {
    if (role !== "root") continue;
    const ways = reachableFrom(graph, [start]);
    for (const node of ways.keys()) {
      let levels = 1;
      for (let up = ways.get(node)?.from; up !== undefined; up = ways.get(up)?.from) levels++;
      depth = Math.max(depth, levels);
    }
  }
  return depth;
}

function hasCircle({ graph }: Case): boolean {
  return graph.nodes.some((_, node) => graph.keeps[node]?.some(({ to }) => reachableFrom(graph, [to]).has(node)));
}

function hasReferrerOfReferrer({ graph }: Case): boolean {
  return graph.nodes.some(
    ({ role, subjects }) => role === "referrer" && subjects.some((subject) => graph.nodes[subject]?.role === "referrer"),
  );
}

function hasTaggedChild({ world }: Case): boolean {
  return world.versions.some((child) => world.userTags(child).length > 0 && world.versions.some((one) => world.lists(one, child)));
}

function isDangling({ role, subjects }: { readonly role: string; readonly subjects: readonly number[] }): boolean {
  return role === "referrer" && subjects.length === 0;
}

function holdsSubject({ plan }: Case): boolean {
  return plan.withheld.some(({ because }) => because.kind === "held-by-referrer");
}

function holdsSubjectOfKept({ plan }: Case): boolean {
  return [...plan.stays.values()].some((reason) => reason.kind === "held-by-referrer" && reason.referrer.kind === "kept-by-rule");
}

function namesVersion({ world }: Case): boolean {
  return world.versions.some((one) => world.versions.some((other) => world.names(other, one) && !world.lists(other, one)));
}

function countsPartForNothing({ world, policy }: Case): boolean {
  return policy.rules.some((rule) => {
    if (rule.action !== "keep" || rule.mostRecent === undefined || rule.scope === "versions") return false;
    const matched = world.versions.filter((version) => matches(world, rule, version));
    return matched.some((one) => matched.some((other) => other !== one && world.isAbove(other, one)));
  });
}

function reserves(one: Case): boolean {
  return deletedBeforeReserve(one.inventory, one.policy, today).length > one.deleted.length;
}

function mostRecentDecides(one: Case): boolean {
  const unlimited = one.rules.map((rule) => ({ ...rule, mostRecent: undefined }));
  return one.with({ rules: unlimited }).deleted.length !== one.deleted.length;
}

function isUnread({ inventory }: Case): boolean {
  return inventory.manifests.size < inventory.versions.length;
}
