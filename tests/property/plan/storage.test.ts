import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../components/graph/graph";
import { freedBy, sumOfFreed } from "../../../components/plan/storage";
import { digestOf, type Entry, image, packageOf, unread } from "../../support/builders/package";
import { patience, runs } from "../../support/builders/random-case";
import { storing } from "../../support/builders/storing";

/** Every blob has one size, whatever lists it. */
const sizeOf = (blob: string) => ({ a: 0, b: 1, c: 10, d: 100, e: 1_000, f: 10_000 })[blob] ?? Number.NaN;

interface Stored {
  readonly blobs: readonly string[];
  readonly becomes: "stays" | "goes" | "went";
  readonly isRead: boolean;
}

const version: fc.Arbitrary<Stored> = fc.record({
  blobs: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 4 }),
  becomes: fc.constantFrom("stays", "goes", "went"),
  isRead: fc.boolean(),
});
const world = fc.array(version, { maxLength: 8 });

/** Written from the sentence: what those that go list, apart from what those that stay list. */
function truth(versions: readonly Stored[]): number {
  const listedBy = (becomes: Stored["becomes"]) => versions.filter((one) => one.becomes === becomes).flatMap(({ blobs }) => blobs);
  const left = new Set(listedBy("stays"));
  return [...new Set(listedBy("goes"))].filter((blob) => !left.has(blob)).reduce((sum, blob) => sum + sizeOf(blob), 0);
}

function freed(versions: readonly Stored[]) {
  const entries = versions.map(({ blobs, isRead }, place): Entry => {
    const listed = Object.fromEntries(blobs.map((blob) => [blob, sizeOf(blob)]));
    return isRead ? storing(image(`v${place}`), listed) : unread(`v${place}`);
  });
  const graph = buildGraph(packageOf(...entries));
  const those = (becomes: Stored["becomes"]) =>
    versions.flatMap((one, place) => (one.becomes === becomes ? [graph.byDigest.get(digestOf(`v${place}`)) ?? -1] : []));
  return freedBy(graph, those("goes"), those("went"));
}

describe("the storage that deletions free, of random packages", function () {
  this.timeout(patience);

  it("is the truth where everything was read", () => {
    fc.assert(
      fc.property(world, (versions) => {
        const read = versions.map((one) => ({ ...one, isRead: true }));
        assert.deepEqual(freed(read), { bytes: truth(read), accuracy: "exact", unread: 0 });
      }),
      runs,
    );
  });

  it("never claims more than it knows", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(world, (versions) => {
        const found = freed(versions);
        const going = versions.filter(({ becomes }) => becomes === "goes");
        if (found === undefined) return assert.ok(going.length > 0 && going.every(({ isRead }) => !isRead));
        seen.add(found.accuracy);
        if (found.accuracy === "exact") assert.equal(found.bytes, truth(versions));
        if (found.accuracy === "at-least") assert.ok(found.bytes <= truth(versions));
        if (found.accuracy === "at-most") assert.ok(found.bytes >= truth(versions));
        const unreadIn = (becomes: Stored["becomes"]) => versions.filter((one) => one.becomes === becomes && !one.isRead).length;
        const expected = {
          exact: 0,
          "at-least": unreadIn("goes"),
          "at-most": unreadIn("stays"),
          about: unreadIn("goes") + unreadIn("stays"),
        };
        assert.equal(found.unread, expected[found.accuracy]);
      }),
      { ...runs, examples: [[[]]] },
    );
    assert.deepEqual([...seen].sort(), ["about", "at-least", "at-most", "exact"]);
  });

  it("is the same in one step as in two", () => {
    fc.assert(
      fc.property(world, (versions) => {
        const read = versions.map((one) => ({ ...one, isRead: true }));
        const first = read.map((one) => ({ ...one, becomes: one.becomes === "went" ? ("goes" as const) : ("stays" as const) }));
        const together = read.map((one) => ({ ...one, becomes: one.becomes === "stays" ? one.becomes : ("goes" as const) }));
        assert.deepEqual(sumOfFreed([freed(first), freed(read)]), freed(together));
      }),
      runs,
    );
  });
});
