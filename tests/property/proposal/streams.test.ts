import assert from "node:assert/strict";
import fc from "fast-check";
import { policyOfEntry } from "../../../components/config-file/entry-policy";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import type { Inventory } from "../../../components/model/inventory";
import { computePlan } from "../../../components/plan/plan";
import { dayOf } from "../../../components/plan/plan-id";
import { propose } from "../../../components/proposal/propose";
import { draftSharedRules, packageTags, policyUnder } from "../../../components/proposal/propose-organization";
import { familyOf } from "../../../components/proposal/tag-family";
import type { Policy } from "../../../components/rules/policy";
import { day, type Entry, image, packageOf } from "../../support/builders/package";
import { agesIn, marks, newestOf, oneOfEach, randomStream } from "../../support/builders/random-stream";

function proposedFor(inventory: Inventory) {
  const { entry } = propose(buildGraph(inventory), stackDefaultsOf());
  const keeps = entry.rules.filter(({ rule }) => rule.action === "keep");
  return { entry, keeps, policy: policyOfEntry(entry, inventory.package.name) };
}

/** The first tag of each version that goes, once these days have passed and nothing was pushed. */
function goesAfter(days: number, inventory: Inventory): string[] {
  return goingFrom({ ...inventory, now: inventory.now + days * day }, proposedFor(inventory).policy);
}

function goingFrom(inventory: Inventory, policy: Policy): string[] {
  const { deletions } = computePlan(buildGraph(inventory), policy, { asOf: dayOf(inventory.now) });
  return deletions.nodes().map((node) => deletions.graph.nodes[node]?.version.tags[0] ?? "untagged");
}

function aged(tags: Readonly<Record<string, number>>): Entry[] {
  return Object.entries(tags).map(([tag, days]) => image(tag, { tags: [tag], days }));
}

/** LONG=1 makes it twenty times as many. */
const times = process.env.LONG ? 20 : 1;

describe("the streams of a proposed policy", () => {
  it("lose their newest image to no plan, today or a year later", () => {
    let went = 0;
    const property = fc.property(fc.uniqueArray(randomStream, { minLength: 1, maxLength: 5, selector: ({ form }) => form }), (streams) => {
      const ages = agesIn(streams);
      const inventory = packageOf(...aged(ages));
      for (const days of [0, 365]) {
        const goes = new Set(goesAfter(days, inventory));
        went += goes.size;
        for (const tag of goes) assert.ok(familyOf(tag), `${tag}, of no clear kind, goes after ${days} days`);
        for (const { form, tags } of streams) {
          const newest = newestOf(tags, ages);
          assert.ok(!goes.has(newest), `${newest}, the newest of ${form}, goes after ${days} days`);
        }
      }
    });
    fc.assert(property, { numRuns: 150 * times });
    assert.ok(went > 1_000, `${went} images went`);
  });

  it("of several packages lose it in none, under the rules that these share", () => {
    let went = 0;
    const several = fc.array(fc.array(randomStream, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });
    const property = fc.property(several, (packages) => {
      const defaults = stackDefaultsOf();
      const worlds = packages.map((streams, place) => {
        const ages = agesIn(streams);
        return { ages, streams, inventory: { ...packageOf(...aged(ages)), package: { owner: "acme", name: `app-${place}` } } };
      });
      const drafts = draftSharedRules(
        worlds.map(({ inventory }) => packageTags(buildGraph(inventory))),
        defaults,
      );
      for (const { ages, streams, inventory } of worlds) {
        const later = { ...inventory, now: inventory.now + 365 * day };
        const policy = policyUnder(drafts, "acme", inventory.package.name, defaults);
        const goes = goingFrom(later, policy);
        went += goes.length;
        for (const tag of goes) assert.ok(familyOf(tag), `${tag}, of no clear kind, goes from ${inventory.package.name}`);
        for (const { form, tags } of oneOfEach(streams)) {
          const newest = newestOf(tags, ages);
          assert.ok(!goes.includes(newest), `${newest}, the newest of ${form}, goes from ${inventory.package.name}`);
        }
      }
    });
    fc.assert(property, { numRuns: 50 * times });
    assert.ok(went > 100, `${went} images went`);
  });

  describe("when one of several is busy", () => {
    const busy = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`main-${place + 1}`, place + 1]));
    const inventory = packageOf(...aged({ ...busy, "staging-4": 62, "staging-3": 71, "trixie-20260801": 80 }));
    it("each have a keep rule of their own", () => {
      const { keeps } = proposedFor(inventory);
      assert.deepEqual(
        keeps.map(({ rule }) => [rule.name, rule.mostRecent]),
        [
          ["keep-newest-main", 20],
          ["keep-newest-staging", 20],
          ["keep-newest-trixie", 20],
        ],
      );
    });
    it("lose nothing that is quiet", () => {
      assert.deepEqual(goesAfter(0, inventory), []);
      assert.deepEqual(goesAfter(365, inventory).sort(), Array.from({ length: 10 }, (_, place) => `main-${place + 21}`).sort());
    });
  });

  describe("when a tag holds a commit and a time", () => {
    it("are one, whatever letters the commit begins with", () => {
      const tag = fc.tuple(marks.commit, marks.time).map(([commit, time]) => `main-${commit}-${time}`);
      fc.assert(
        fc.property(fc.uniqueArray(tag, { minLength: 100, maxLength: 100 }), (tags) => {
          const { keeps, entry } = proposedFor(packageOf(...tags.map((one, place) => image(one, { tags: [one], days: place }))));
          assert.deepEqual(
            keeps.map(({ rule }) => rule.name),
            ["keep-newest-main"],
          );
          assert.doesNotMatch(entry.comment.join("\n"), /no clear kind/);
        }),
        { numRuns: 30 },
      );
    });
    for (const tags of [
      ["main-abcdef1-1700000000", "main-1234567-1700000001", "main-fedcbaf-1700000002"],
      ["0abcde1-1700000000", "abcdef1-1700000001", "1234567-1700000002"],
      ["20260801-trixie", "20260802-trixie"],
      ["sha-0123abc-amd64", "sha-abcdef1-amd64"],
      ["api-main-42-amd64", "api-main-7-amd64"],
      ["main-sha0123abc", "main-shaabcdef1"],
      ["main-5-gabcdef1", "main-17-g0123456"],
      ["main-build42", "main-build7"],
      ["main-20260801.1", "main-20260801.22"],
      ["nightly-20260801T0300Z", "nightly-20260802T031500Z"],
      ["nightly-20260801030000", "nightly-20260802030000"],
    ]) {
      it(`is one in ${tags.join(", ")}`, () => {
        const { keeps, entry } = proposedFor(packageOf(...tags.map((one) => image(one, { tags: [one] }))));
        assert.equal(keeps.length, 1, JSON.stringify(entry.rules));
        assert.doesNotMatch(entry.comment.join("\n"), /no clear kind/);
      });
    }
  });

  it("are told apart where only what changes differs: a busy one does not push out the newest of the other", () => {
    const runs = Object.fromEntries(Array.from({ length: 25 }, (_, place) => [`main-2026${String(1000 + place).slice(1)}a`, place + 70]));
    const inventory = packageOf(...aged({ ...runs, "main-20240801": 800, "main-1700000000": 900, "main-42": 1000 }));
    const goes = goesAfter(0, inventory);
    assert.ok(goes.length > 0);
    for (const tag of ["main-20240801", "main-1700000000", "main-42"]) assert.ok(!goes.includes(tag), tag);
  });

  it("are told apart where a tag holds no word, and part of a commit may be a day", () => {
    const days = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`20260801-${20_260_801 + place}`, place + 70]));
    const goes = goesAfter(0, packageOf(...aged({ ...days, "0123abc-abcdef1": 1000 })));
    assert.ok(goes.length > 0);
    assert.ok(!goes.includes("0123abc-abcdef1"));
  });

  it("take no place from others, and lose none, where it is not clear what they are", () => {
    const unclear = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`${1_700_000_000 + place}-run1`, place + 70]));
    const commits = Object.fromEntries(Array.from({ length: 21 }, (_, place) => [`0123abc-run${place}`, place + 1000]));
    const inventory = packageOf(...aged({ ...unclear, ...commits }));
    assert.match(proposedFor(inventory).entry.comment.join("\n"), /^30 tags of no clear kind \(1700000000-run1, /m);
    assert.deepEqual(goesAfter(0, inventory), ["0123abc-run20"]);
  });

  it("stay whole beside tags of no clear kind that no pattern can exclude: it would be too long", () => {
    const commits = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`0123abc-abcdef1-0000000-run${place}`, place + 100]));
    const inventory = packageOf(...aged({ ...commits, "20260801-20260802-20260803-run1": 200 }));
    assert.match(proposedFor(inventory).entry.comment.join("\n"), /^31 tags of no clear kind /m);
    assert.deepEqual(goesAfter(0, inventory), []);
  });

  it("whose newest is a referrer stay whole: only images count among the newest", () => {
    const artifacts = Array.from({ length: 30 }, (_, place) => [
      image(`app ${place}`, { tags: [`pr-${place}`], days: 100 + place }),
      image(`report ${place}`, { tags: [`report-${20_260_101 + place}`], days: 100 + place, subject: `app ${place}` }),
    ]);
    const inventory = packageOf(...artifacts.flat());
    assert.match(proposedFor(inventory).entry.comment.join("\n"), /^30 tags of no clear kind \(report-20260101, /m);
    assert.ok(!goesAfter(0, inventory).includes("report-20260101"));
  });

  it("of which nobody can tell whether numbers are versions stay whole", () => {
    for (const tag of ["x-1.2.3", "api-1.4.2-0123abc", "ubuntu-22.04", "ci-ubuntu-22", "main-1.2.3", "2024-1234567"]) {
      assert.deepEqual(proposedFor(packageOf(image(tag, { tags: [tag] }))).keeps, [], tag);
    }
  });
});
