import assert from "node:assert/strict";
import { ReadPlanner } from "../../../components/inventory/read-planner";
import type { Manifest, Version } from "../../../components/model/inventory";
import { childOf, type Entry, image, index, packageOf } from "../../support/builders/package";

const second = 1 / 86_400;

/** An untagged image, pushed so many seconds before the day: its parts a second apart, the index last. */
function untaggedImage(name: string, seconds: number, parts = 4): Entry[] {
  const names = Array.from({ length: parts }, (_, place) => `${name}-part-${place}`);
  return [
    ...names.map((part, place) => image(part, { days: (seconds + parts - place) * second })),
    index(
      name,
      names.map((part) => childOf(part)),
      { days: seconds * second },
    ),
  ];
}

/** Reads until nothing more is asked for; in how many rounds, and what. */
function readAll(entries: readonly Entry[]): { rounds: number; read: string[] } {
  const { versions, manifests } = packageOf(...entries);
  const known = new Map<string, Manifest>();
  const list = new ReadPlanner(versions as Version[], known, new Set());
  const read: string[] = [];
  let rounds = 0;
  for (let next = list.nextRound(); next.length > 0; next = list.nextRound()) {
    rounds += 1;
    for (const digest of next) {
      const manifest = manifests.get(digest) as Manifest;
      known.set(digest, manifest);
      list.add(manifest);
      read.push(digest);
    }
  }
  return { rounds, read };
}

function indexesOf(entries: readonly Entry[]): string[] {
  return entries.filter(({ manifest }) => manifest?.index).map(({ version }) => version.digest);
}

describe("what is read of untagged versions", () => {
  describe("when images were pushed hours apart", () => {
    it("is each index and none of its parts, in one round", () => {
      const entries = Array.from({ length: 100 }, (_, place) => untaggedImage(`image-${place}`, place * 3_600)).flat();
      const { rounds, read } = readAll(entries);
      assert.deepEqual(read.sort(), indexesOf(entries).sort());
      assert.equal(rounds, 1);
    });
  });

  describe("when a busy package was pushed to without a break", () => {
    const entries = Array.from({ length: 2_000 }, (_, place) => untaggedImage(`image-${place}`, place * 30)).flat();

    it("is each index and none of its parts", () => {
      assert.deepEqual(readAll(entries).read.sort(), indexesOf(entries).sort());
    });

    it("takes a round for every eight of them, once it knows how large they are", () => {
      const { rounds } = readAll(entries);
      assert.ok(rounds <= 2_000 / 8 + 6, `${rounds} rounds`);
    });
  });

  describe("when images of other sizes lie between", () => {
    it("is each index, and few parts besides", () => {
      const entries = Array.from({ length: 300 }, (_, place) =>
        untaggedImage(`image-${place}`, place * 30, place % 20 === 0 ? 2 : 4),
      ).flat();
      const { rounds, read } = readAll(entries);
      for (const digest of indexesOf(entries)) assert.ok(read.includes(digest));
      assert.ok(read.length <= 400, `${read.length} read`);
      assert.ok(rounds <= 100, `${rounds} rounds`);
    });
  });

  describe("when all parts were pushed first, and then all indexes", () => {
    it("is each index, and few parts besides", () => {
      const entries = Array.from({ length: 1_000 }, (_, place) => untaggedImage(`image-${place}`, 0)).flat();
      const { rounds, read } = readAll(entries);
      for (const digest of indexesOf(entries)) assert.ok(read.includes(digest));
      assert.ok(read.length < 1_008, `${read.length} read`);
      assert.ok(rounds <= 1_000 / 8 + 12, `${rounds} rounds`);
    });
  });

  describe("when they are images for one platform, which nothing lists", () => {
    it("is each of them, in few rounds", () => {
      const entries = Array.from({ length: 1_000 }, (_, place) => image(`image-${place}`, { days: place * 30 * second }));
      const { rounds, read } = readAll(entries);
      assert.equal(read.length, 1_000);
      assert.ok(rounds <= 16, `${rounds} rounds`);
    });
  });

  describe("when the registry does not know what is asked for", () => {
    it("asks for nothing twice", () => {
      const { versions } = packageOf(...untaggedImage("image", 0));
      const list = new ReadPlanner(versions, new Map(), new Set());
      const asked: string[] = [];
      for (let next = list.nextRound(); next.length > 0; next = list.nextRound()) asked.push(...next);
      assert.equal(asked.length, 5);
      assert.equal(new Set(asked).size, 5);
    });
  });
});
