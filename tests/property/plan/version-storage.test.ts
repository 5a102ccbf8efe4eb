import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../components/graph/graph";
import { storageByVersion } from "../../../components/plan/version-storage";
import { digestOf, image, packageOf, unread } from "../../support/builders/package";
import { patience, runs } from "../../support/builders/random-case";
import { storing } from "../../support/builders/storing";

const listed = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(1, 10, 100, null), { noNullPrototype: true });
const world = fc.array(fc.record({ listed, isRead: fc.boolean() }), { minLength: 1, maxLength: 5 });

describe("the storage of single versions, of random packages", function () {
  this.timeout(patience);

  it("is what it lists, and what it lists alone; unknown wherever that may be wrong", () => {
    fc.assert(
      fc.property(world, (versions) => {
        const entries = versions.map((one, place) => (one.isRead ? storing(image(`v${place}`), one.listed) : unread(`v${place}`)));
        const graph = buildGraph(packageOf(...entries));
        const read = versions.filter(({ isRead }) => isRead);
        const sizesOf = (blob: string) => new Set(read.flatMap((one) => one.listed[blob] ?? []));
        const sumOf = (blobs: readonly string[]) => {
          const sizes = blobs.map(sizesOf);
          return sizes.every(({ size }) => size === 1)
            ? sizes.flatMap((each) => [...each]).reduce((sum, bytes) => sum + bytes, 0)
            : undefined;
        };
        const storage = storageByVersion(graph);
        versions.forEach((one, place) => {
          const { content, alone } = storage[graph.byDigest.get(digestOf(`v${place}`)) ?? -1] ?? {};
          const own = Object.keys(one.listed).filter((blob) => read.filter(({ listed: other }) => blob in other).length === 1);
          assert.equal(content, one.isRead ? sumOf(Object.keys(one.listed)) : undefined);
          const isKnown = one.isRead && (own.length === 0 || read.length === versions.length);
          assert.equal(alone, isKnown ? sumOf(own) : undefined);
        });
      }),
      runs,
    );
  });

  it("is known of every version where everything was read", () => {
    const sized = fc.array(fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constant(7), { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(sized, (versions) => {
        const graph = buildGraph(packageOf(...versions.map((one, place) => storing(image(`v${place}`), one))));
        for (const { content, alone } of storageByVersion(graph))
          assert.ok(content !== undefined && alone !== undefined && alone <= content);
      }),
      runs,
    );
  });
});
