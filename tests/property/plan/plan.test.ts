import assert from "node:assert/strict";
import fc from "fast-check";
import { stayText } from "../../../components/messages/stay-reason";
import { today } from "../../support/builders/package";
import { patience, randomCase, randomDoubtfulCase, randomReleaseCase, runs } from "../../support/builders/random-case";
import { deletedByOracle } from "../../support/oracle/oracle";
import { goesByOwnTags, isKept, isSelected } from "../../support/oracle/rule-oracle";

describe("any plan", function () {
  this.timeout(patience);

  it("deletes exactly what the oracle deletes", () => {
    const property = fc.property(randomCase, (one) => {
      assert.deepEqual(one.deleted, deletedByOracle(one.inventory, one.policy, today));
    });
    fc.assert(property, runs);
  });

  it("deletes exactly what the oracle deletes of a package of releases", () => {
    const property = fc.property(randomReleaseCase, (one) => {
      assert.deepEqual(one.deleted, deletedByOracle(one.inventory, one.policy, today));
    });
    fc.assert(property, runs);
  });

  it("deletes exactly what the oracle deletes when manifests are unread or left over", () => {
    const property = fc.property(randomDoubtfulCase, (one) => {
      assert.deepEqual(one.deleted, deletedByOracle(one.inventory, one.policy, today, one.leftovers));
    });
    fc.assert(property, runs);
  });

  it("takes nothing from what stays (S1)", () => {
    const property = fc.property(randomDoubtfulCase, (one) => {
      const { world, deleted } = one;
      const [gone, stay] = [true, false].map((goes) => world.versions.filter(({ digest }) => deleted.includes(digest) === goes));
      for (const version of gone ?? []) {
        const goingByTags = goesByOwnTags(world, version) ? [version.digest] : [];
        const keeper = stay?.find((other) => world.keepsUnless(goingByTags, other, version));
        assert.equal(keeper, undefined, `version ${keeper?.id} needs ${version.id}`);
      }
    });
    fc.assert(property, runs);
  });

  it("deletes only what a delete rule matched, and what hangs under that", () => {
    const property = fc.property(randomCase, (one) => {
      const { world, deleted } = one;
      const selected = world.versions.filter((version) => isSelected(world, version) && deleted.includes(version.digest));
      for (const version of world.versions.filter(({ digest }) => deleted.includes(digest))) {
        const cause = selected.some((above) => above === version || world.isAbove(above, version));
        assert.ok(cause, `nothing that a rule matched and that goes has ${version.id} under it`);
      }
    });
    fc.assert(property, runs);
  });

  it("never deletes what is protected, young, kept, tagged beyond the rules, or unread", () => {
    const property = fc.property(randomDoubtfulCase, (one) => {
      const { world, deleted } = one;
      for (const version of world.versions.filter(({ digest }) => deleted.includes(digest))) {
        assert.ok(world.isRead(version) && !world.isProtected(version) && !world.isYoung(version));
        assert.ok(world.isLeftover(version) || !isKept(world, version));
        assert.ok(world.userTags(version).length === 0 || isSelected(world, version));
      }
    });
    fc.assert(property, runs);
  });

  it("leaves an image that people tagged, where there was one", () => {
    const property = fc.property(randomCase, (one) => {
      const { world, deleted } = one;
      const images = world.versions.filter((version) => world.isRoot(version) && version.tags.length > 0);
      assert.ok(images.length === 0 || images.some(({ digest }) => !deleted.includes(digest)));
    });
    fc.assert(property, runs);
  });

  it("says of all that it withholds what really holds it", () => {
    const property = fc.property(randomCase, (one) => {
      const { world, plan, graph } = one;
      const at = (node: number) => world.versions.find(({ digest }) => digest === graph.nodes[node]?.version.digest);
      for (const { node, because } of plan.withheld) {
        const version = at(node);
        assert.ok(version && isSelected(world, version) && !plan.deletions.has(node));
        if (because.kind !== "needed") continue;
        const keeper = at(because.keeper);
        assert.ok(keeper && !plan.deletions.has(because.keeper) && world.isAbove(keeper, version), stayText(because, graph));
        assert.ok(
          !plan.withheld.some((other) => other.node === because.keeper && other.because.kind === "needed"),
          "a reason has a reason of its own",
        );
      }
    });
    fc.assert(property, runs);
  });

  it("does not depend on the order in which the package was listed", () => {
    const shuffled = randomCase.chain((one) =>
      fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray([...one.inventory.versions], { minLength: one.inventory.versions.length }),
        fc.shuffledSubarray([...one.inventory.manifests], { minLength: one.inventory.manifests.size }),
      ),
    );
    const property = fc.property(shuffled, ([one, versions, manifests]) => {
      const other = one.with({ inventory: { ...one.inventory, versions, manifests: new Map(manifests) } });
      const [plan, again] = [one.plan, other.planFor(one.policy)];
      assert.deepEqual(again.deletions.digests(), plan.deletions.digests());
      assert.deepEqual(again.withheld, plan.withheld);
      assert.deepEqual(again.unread, plan.unread);
    });
    fc.assert(property, runs);
  });
});
