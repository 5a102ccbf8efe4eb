import assert from "node:assert/strict";
import fc from "fast-check";
import { DeletionSet } from "../../../components/plan/deletion-set";
import { patience, randomCase, randomDoubtfulCase, runs, somePlaces } from "../../support/builders/random-case";
import { goesByOwnTags } from "../../support/oracle/rule-oracle";

describe("any deletion set", function () {
  this.timeout(patience);

  it("orders each version before what it keeps alive, circles apart", () => {
    const property = fc.property(randomCase, (one) => {
      const { world } = one;
      const set = DeletionSet.largestSafe(one.graph, one.graph.nodes.keys());
      const order = set.inOrder().map(({ digest }) => world.versions.find((version) => version.digest === digest));
      assert.deepEqual(order.map((version) => version?.digest).sort(), set.digests().sort());
      for (const [place, version] of order.entries()) {
        for (const earlier of order.slice(0, place)) {
          if (!version || !earlier || !world.keeps(version, earlier)) continue;
          assert.ok(world.isAbove(earlier, version), `${earlier.id} goes before ${version.id}, which needs it`);
        }
      }
    });
    fc.assert(property, runs);
  });

  it("holds nothing that something outside needs, whatever it may hold", () => {
    const property = fc.property(randomDoubtfulCase, somePlaces(), (one, places) => {
      const { world, graph } = one;
      const allowed = places.map((place) => place % graph.nodes.length);
      assertSafe(world.versions, world, DeletionSet.largestSafe(graph, allowed).digests());
    });
    fc.assert(property, runs);
  });

  it("narrows to a part that is safe, and holds all of the part that is (S4)", () => {
    const property = fc.property(randomCase, somePlaces(), (one, places) => {
      const { world, plan } = one;
      const wanted = new Set(places.map((place) => world.versions[place % world.versions.length]?.digest ?? ""));
      const narrowed = plan.deletions.narrowedTo(wanted).digests();
      assert.ok(narrowed.every((digest) => wanted.has(digest) && plan.deletions.digests().includes(digest)));
      // A referrer that people tagged goes by its tags, although its subject may stay.
      const goingByTags = world.versions.filter((version) => goesByOwnTags(world, version)).map(({ digest }) => digest);
      assertSafe(world.versions, { keeps: (keeper, version) => world.keepsUnless(goingByTags, keeper, version) }, narrowed);
      const whole = plan.deletions.narrowedTo(new Set(plan.deletions.digests()));
      assert.deepEqual(whole.digests(), plan.deletions.digests());
    });
    fc.assert(property, runs);
  });
});

function assertSafe<Version extends { readonly digest: string; readonly id: number }>(
  versions: readonly Version[],
  world: { keeps(one: Version, other: Version): boolean },
  deleted: readonly string[],
): void {
  for (const version of versions.filter(({ digest }) => deleted.includes(digest))) {
    const keeper = versions.find((other) => !deleted.includes(other.digest) && world.keeps(other, version));
    assert.equal(keeper, undefined, `version ${keeper?.id} stays and needs ${version.id}`);
  }
}
