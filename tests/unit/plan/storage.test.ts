import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { type FreedStorage, freedBy, sumOfFreed, withUnknownBlobs } from "../../../components/plan/storage";
import { digestOf, type Entry, image, index, packageOf, unread } from "../../support/builders/package";
import { storing } from "../../support/builders/storing";

const prod = storing(image("prod", { tags: ["prod"] }), { base: 1_000, prod: 10 });
const old = storing(image("old"), { base: 1_000, shared: 300, old: 7 });
const older = storing(image("older"), { shared: 300, older: 5 });

function freed(entries: readonly Entry[], going: readonly string[], before: readonly string[] = []): FreedStorage | undefined {
  const graph = buildGraph(packageOf(...entries));
  const nodes = (names: readonly string[]) => names.map((name) => graph.byDigest.get(digestOf(name)) ?? -1);
  return freedBy(graph, nodes(going), nodes(before));
}

const exactly = (bytes: number): FreedStorage => ({ bytes, accuracy: "exact", unread: 0 });

describe("the storage that deletions free", () => {
  it("is what nothing that stays lists, each blob once", () => {
    assert.deepEqual(freed([prod, old, older], ["old", "older"]), exactly(312));
    assert.deepEqual(freed([prod, old, older], ["old"]), exactly(7));
    assert.deepEqual(freed([prod, old, older], ["prod", "old", "older"]), exactly(1_322));
    assert.deepEqual(freed([prod], []), exactly(0));
  });

  it("counts a blob for the plan that goes last, so that two plans free together what both free", () => {
    assert.deepEqual(freed([prod, old, older], ["older"]), exactly(5));
    assert.deepEqual(freed([prod, old, older], ["old"], ["older"]), exactly(307));
  });

  it("is an upper bound where something that stays was not read: it may share blobs", () => {
    assert.deepEqual(freed([prod, old, unread("part"), unread("other")], ["old"]), { bytes: 307, accuracy: "at-most", unread: 2 });
  });

  it("is exact where all of it is shared anyway, whatever was not read", () => {
    assert.deepEqual(freed([prod, storing(image("copy"), { base: 1_000 }), unread("part")], ["copy"]), exactly(0));
  });

  it("is a lower bound where the blobs of something that goes are not known", () => {
    assert.deepEqual(freed([prod, old, image("kept-by-earlier-build")], ["old", "kept-by-earlier-build"]), {
      bytes: 307,
      accuracy: "at-least",
      unread: 1,
    });
  });

  it("is neither where both are", () => {
    const both = freed([prod, old, unread("part"), image("unsized")], ["old", "unsized"]);
    assert.deepEqual(both, { bytes: 307, accuracy: "about", unread: 2 });
  });

  it("is not known where nothing of it is", () => {
    assert.equal(freed([prod, image("unsized")], ["unsized"]), undefined);
  });

  it("says of what the registry has lost that nobody can read it", () => {
    const gone: Entry = { ...image("gone"), manifest: { index: false, children: [], gone: true } };
    assert.deepEqual(freed([prod, old, gone], ["old"]), { bytes: 307, accuracy: "at-most", unread: 0 });
    assert.deepEqual(freed([prod, old, gone], ["old", "gone"]), { bytes: 307, accuracy: "at-least", unread: 0 });
    assert.deepEqual(withUnknownBlobs(buildGraph(packageOf(prod, gone, unread("part")))).length, 1);
  });

  it("leaves out bytes that a manifest does not tell, unless another one does", () => {
    const foreign = storing(image("windows"), { windows: null, app: 4 });
    assert.deepEqual(freed([prod, foreign], ["windows"]), { bytes: 4, accuracy: "at-least", unread: 0 });
    assert.deepEqual(freed([prod, foreign, storing(image("pushed"), { windows: 50 })], ["windows", "pushed"]), exactly(54));
    assert.deepEqual(freed([storing(image("kept"), { windows: null }), foreign], ["windows"]), exactly(4));
  });

  it("takes the smallest of sizes that contradict each other, as a lower bound", () => {
    const [small, large, none] = [0, 10, 10].map((bytes, place) => storing(image(`lying-${place}`), { same: bytes }));
    const all = ["lying-0", "lying-1", "lying-2"];
    assert.deepEqual(freed([prod, small as Entry, large as Entry, none as Entry], all), { bytes: 0, accuracy: "at-least", unread: 0 });
  });

  it("stays a number that can be counted, however absurd the sizes", () => {
    const huge = storing(image("huge"), { one: Number.MAX_SAFE_INTEGER, two: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(freed([prod, huge], ["huge"]), { bytes: Number.MAX_SAFE_INTEGER, accuracy: "at-least", unread: 0 });
  });

  it("counts no version as a blob where an index lists it among its layers", () => {
    const entry = storing(index("cache", [{ digest: digestOf("layer"), index: false, other: true, label: "manifest" }]), { layer: 5 });
    const listed = `${entry.manifest?.blobs} ${digestOf("prod").slice(7, 39)}:400`;
    const cache: Entry = { ...entry, manifest: { index: true, children: [], ...entry.manifest, blobs: listed } };
    assert.deepEqual(freed([prod, cache], ["cache"]), exactly(5));
  });
});

describe("the storage that several packages free", () => {
  it("is the sum, as accurate as the least of them", () => {
    assert.deepEqual(sumOfFreed([exactly(1), exactly(2)]), exactly(3));
    const atMost: FreedStorage = { bytes: 4, accuracy: "at-most", unread: 3 };
    assert.deepEqual(sumOfFreed([exactly(1), atMost]), { bytes: 5, accuracy: "at-most", unread: 3 });
    assert.deepEqual(sumOfFreed([atMost, undefined]), { bytes: 4, accuracy: "about", unread: 3 });
    assert.equal(sumOfFreed([undefined]), undefined);
    assert.equal(sumOfFreed([]), undefined);
  });
});
