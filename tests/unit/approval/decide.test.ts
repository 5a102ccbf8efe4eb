import assert from "node:assert/strict";
import { digestPrefix } from "../../../components/approval/record";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { digestOf, type Entry, fallbackTagOf, image, index, namesOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import {
  approve,
  approved,
  decided,
  goingOf,
  prod,
  tomorrow,
  waiting,
  waitsIn,
  whole,
  without,
  world,
} from "../../support/builders/pull-request";
import { noticesIn, textsOf } from "../../support/builders/texts";

describe("the decision", () => {
  describe("when nothing is approved (S2)", () => {
    it("lets nothing go, and the plan wait with its tags and reasons", () => {
      assert.deepEqual(goingOf(waiting), []);
      assert.deepEqual(waiting.pending?.tags, { "pr-1": digestPrefix(digestOf("pr")) });
      assert.deepEqual(textsOf(waiting.pending?.deletions), {
        [digestOf("pr")]: "pr-1, 30 days old (drop-pr)",
        [digestOf("p1")]: "linux/amd64 of pr-1",
        [digestOf("lone")]: "untagged, 20 days old, nothing needs it (drop-untagged)",
      });
      assert.deepEqual([waiting.deletions, waiting.plans, waiting.deleted, waiting.restoring, waiting.notices], [{}, {}, {}, {}, []]);
    });
    it("remembers no days without `grace`", () => assert.ok(!("candidates" in waiting)));
    it("lets the digests wait in their order, so that nothing moves in the config's history", () => {
      assert.deepEqual(Object.keys(waiting.pending?.deletions ?? {}), ["pr", "p1", "lone"].map(digestOf).sort());
    });
    it("has nothing waiting where nothing may go", () => assert.ok(!("pending" in decided([prod, image("amd64")]))));
  });

  describe("when the waiting plan is approved", () => {
    it("lets exactly that go, and remembers what is an image, what a part, and the tags", () => {
      assert.deepEqual(goingOf(approved), ["lone", "p1", "pr"]);
      assert.equal(approved.pending, undefined);
      assert.deepEqual(approved.deletions, waiting.pending?.deletions);
      assert.deepEqual(approved.notices, []);
      const { images = [], parts = [], tags } = approved.plans[approve] ?? {};
      assert.deepEqual([[...images].sort(), parts, tags], [[3, 5], [4], ["pr-1"]]);
    });
    it("remembers the tags of several images in their order", () => {
      const more = [...world, ...numbered([image("early", { tags: ["pr-0", "a-tag"] }), image("late", { tags: ["pr-9"] })], 9)];
      const rules = [dropUntagged, { ...dropPullRequests, tags: ["pr-*", "a-tag"] }];
      const before = decisionOn(more, policyOf(rules, { limits: whole }));
      assert.deepEqual(Object.keys(before.pending?.tags ?? {}), ["a-tag", "pr-0", "pr-1", "pr-9"]);
      const id = before.pending?.id ?? "";
      for (const record of [before, nothing]) {
        const decision = decisionOn(more, policyOf(rules, { limits: whole, approve: id }), record);
        assert.deepEqual(decision.plans[id]?.tags, ["a-tag", "pr-0", "pr-1", "pr-9"]);
      }
    });
    it("remembers the images for the way back", () => {
      const { images = [], tags } = approved.deleted?.[approve] ?? {};
      assert.deepEqual(images.map((members) => members.length).sort(), [1, 2]);
      assert.deepEqual(Object.keys(tags ?? {}), ["pr-1"]);
    });
    it("goes on where a run broke off, under the same id", () => {
      const rest = decided(without("pr"), { approve }, approved);
      assert.deepEqual(goingOf(rest), ["lone", "p1"]);
      assert.deepEqual(Object.keys(rest.deletions).sort(), Object.keys(approved.deletions).sort());
      assert.deepEqual(rest.plans[approve], { images: [5], parts: [4], tags: ["pr-1"] });
    });
    it("keeps the approval as long as the config names it, with nothing left to do", () => {
      const done = decided(without("pr", "p1", "lone"), { approve }, approved);
      assert.deepEqual(done.plans, { [approve]: { images: [], parts: [], tags: ["pr-1"] } });
      assert.deepEqual(goingOf(done), []);
    });
    it("forgets an approval that is done and that the config names no more", () => {
      const later = [...without("pr", "p1", "lone"), ...numbered([image("new", { tags: ["pr-2"] })], 9)];
      const done = decided(later, { approve }, approved);
      const next = done.pending?.id ?? "";
      assert.deepEqual(Object.keys(decided(later, { approve: next }, done).plans), [next]);
    });
    it("goes on with an older approval under a newer one that was offered beside it", () => {
      const later = [...without("pr", "p1"), ...numbered([image("new", { tags: ["pr-2"] })], 9)];
      const second = decided(later, { approve }, approved);
      const next = second.pending?.id ?? "";
      const both = decided(later, { approve: next }, second);
      assert.deepEqual(goingOf(both, later), ["lone", "new"]);
      assert.deepEqual(Object.keys(both.plans), [approve, next].sort());
      const { images = [], parts = [] } = both.plans[approve] ?? {};
      assert.deepEqual([images, parts], [[5], []]);
    });
    it("remembers an older one as long as an image and a part of it are left", () => {
      const later = [...without("lone"), ...numbered([image("new", { tags: ["pr-2"] })], 9)];
      const second = decided(later, { approve }, approved);
      const both = decided(later, { approve: second.pending?.id ?? "" }, second);
      assert.deepEqual(both.plans[approve], { images: [3], parts: [4], tags: ["pr-1"] });
    });
    it("remembers approvals in their order, whichever was honoured first", () => {
      const tags = ["pr-1"];
      const plans = {
        "2026-11-22-000000000000": { images: [5], parts: [], tags },
        "2026-11-20-000000000000": { images: [3], parts: [4], tags },
        "2026-11-21-000000000000": { images: [], parts: [], tags },
      };
      const last = { images: [], parts: [], tags, continues: ["2026-11-20-000000000000", "2026-11-22-000000000000"] };
      const named = "2026-11-21-000000000000";
      const decision = decided(world, { approve: named }, { ...approved, plans: { ...plans, [named]: last } });
      assert.deepEqual(Object.keys(decision.plans), Object.keys(plans).sort());
      assert.deepEqual(goingOf(decision), ["lone", "p1", "pr"]);
    });
    it("stops all that is not done when the approval is taken back", () => {
      const stopped = decided(without("pr"), {}, approved);
      assert.deepEqual(goingOf(stopped), []);
      assert.deepEqual([namesOf(Object.keys(stopped.deletions), ...world), stopped.plans], [["pr"], {}]);
      assert.deepEqual(Object.values(textsOf(stopped.deletions)), ["pr-1, 30 days old (drop-pr)"]);
      assert.deepEqual(waitsIn(stopped), ["lone", "p1"]);
    });
  });

  describe("when what was approved changed meanwhile (S4)", () => {
    const noticesOf = (entries: readonly Entry[]) => noticesIn(decided(entries, { approve }, waiting));
    const tagged = world.map((entry) => (entry.name === "lone" ? { ...entry, version: { ...entry.version, tags: ["pr-9"] } } : entry));

    it("leaves what was tagged since, even where the rules let that tag go", () => {
      const decision = decided(tagged, { approve }, waiting);
      assert.deepEqual(goingOf(decision), ["p1", "pr"]);
      assert.deepEqual(waitsIn(decision), ["lone"]);
      assert.deepEqual(noticesIn(decision), [
        `approval ${approve}: 1 of its 3 versions stays, since it is needed, tagged, changed or gone by now`,
      ]);
    });
    it("leaves what an image needs by now", () => {
      const entries = [...world, ...numbered([index("new", ["p1"], { tags: ["v1"], days: 2 })], 9)];
      assert.deepEqual(goingOf(decided(entries, { approve }, waiting)), ["lone", "pr"]);
      assert.equal(noticesOf(entries).length, 1);
    });
    it("counts what is gone by now", () => {
      assert.match(noticesOf(without("lone"))[0] ?? "", /: 1 of its 3 versions stays, /);
      assert.deepEqual(goingOf(decided(without("lone"), { approve }, waiting)), ["p1", "pr"]);
    });
    it("lets what comes newly wait under an id of its own", () => {
      const entries = [...world, ...numbered([image("new", { tags: ["pr-2"] })], 9)];
      const decision = decided(entries, { approve }, waiting);
      assert.deepEqual([goingOf(decision), waitsIn(decision, entries)], [["lone", "p1", "pr"], ["new"]]);
      assert.notEqual(decision.pending?.id, approve);
      assert.deepEqual(noticesIn(decision), []);
    });
    it("takes a digest that was pushed again for a new version", () => {
      const again = [...without("lone"), ...numbered([image("lone", { days: 20 })], 9)];
      const decision = decided(again, { approve }, approved);
      assert.deepEqual([goingOf(decision), waitsIn(decision)], [["p1", "pr"], ["lone"]]);
    });
    it("keeps what was approved on record while its manifest is not read (S3)", () => {
      const doubtful = world.map((entry) => (entry.name === "p1" ? { ...entry, manifest: undefined } : entry));
      const decision = decided(doubtful, { approve }, approved);
      assert.deepEqual(namesOf(Object.keys(decision.deletions), ...world), ["lone", "p1", "pr"]);
      assert.deepEqual(goingOf(decision), ["lone", "pr"]);
    });
    it("has no say over an image without tags that the rules keep today", () => {
      const keep = { name: "keep", action: "keep" as const, digests: [digestOf("lone")] };
      const untagged = { name: "keep", action: "keep" as const, untagged: true as const };
      for (const rule of [keep, untagged]) {
        const decision = decisionOn(world, policyOf([dropUntagged, dropPullRequests, rule], { limits: whole, approve }), approved);
        assert.deepEqual([goingOf(decision), waitsIn(decision)], [["p1", "pr"], []]);
      }
    });
    it("lets what hangs under something new wait with that", () => {
      const later = [...world, ...numbered([index("pr9", ["p1"], { tags: ["pr-9"], days: 20 })], 9)];
      const decision = decided(later, { approve }, approved);
      assert.deepEqual(
        [goingOf(decision), waitsIn(decision, later)],
        [
          ["lone", "pr"],
          ["p1", "pr9"],
        ],
      );
      const both = decided(later, { approve: decision.pending?.id ?? "" }, decision);
      assert.deepEqual(goingOf(both, later), ["lone", "p1", "pr", "pr9"]);
    });
    it("has no say over what the rules keep today", () => {
      const keep = { name: "keep", action: "keep" as const, tags: ["pr-1"] };
      const decision = decisionOn(world, policyOf([dropUntagged, dropPullRequests, keep], { limits: whole, approve }), approved);
      assert.deepEqual([goingOf(decision), waitsIn(decision)], [["lone"], []]);
      assert.deepEqual(namesOf(Object.keys(decision.deletions), ...world), ["lone"]);
    });
  });

  describe("when the config approves what is not on record", () => {
    it("honours the plan as of its day, when it comes out the same", () => {
      const decision = decided(world, { approve });
      assert.deepEqual(goingOf(decision), ["lone", "p1", "pr"]);
      assert.deepEqual(noticesIn(decision), []);
      assert.deepEqual(goingOf(decided(world, { approve }, nothing, { days: 9 })), ["lone", "p1", "pr"]);
    });
    it("is void when another set comes out", () => {
      const decision = decided(without("lone"), { approve });
      assert.deepEqual(goingOf(decision), []);
      assert.deepEqual(noticesIn(decision), [
        `approval ${approve} is void: no plan of that id is on record here, and the plan as of 2026-11-23 is another one. Either the id is mistyped, ` +
          `or one of its versions was tagged, pushed again or deleted since; the plan that waits today is ${decision.pending?.id}; nothing is deleted under it`,
      ]);
      assert.deepEqual(waitsIn(decision), ["p1", "pr"]);
    });
    it("is void on a day to come", () => {
      const next = decided(world, {}, nothing, { days: 1 }).pending?.id ?? "";
      assert.equal(next.slice(0, 10), tomorrow.slice(0, 10));
      const decision = decided(world, { approve: next });
      assert.deepEqual(goingOf(decision), []);
      assert.deepEqual(noticesIn(decision), [
        `approval ${next} is void: its day is still to come (today is 2026-11-23), and no preview can have printed it; nothing is deleted under it`,
      ]);
      assert.deepEqual(goingOf(decided(world, { approve: next }, nothing, { days: 1 })), ["lone", "p1", "pr"]);
    });
  });

  describe("when the same set waits from day to day", () => {
    it("keeps its id and its words", () => {
      assert.deepEqual(decided(world, {}, waiting, { days: 3 }).pending, waiting.pending);
    });
    it("keeps it when a client tags a signature of what waits, and knows that tag for the way back", () => {
      const signed = (...tags: string[]) => [...world, ...numbered([image("sig", { subject: "pr", tags })], 9)];
      const before = decided(signed());
      const tag = `${fallbackTagOf("pr")}.sig`;
      const { id, tags } = decided(signed(tag), {}, before).pending ?? {};
      assert.equal(id, before.pending?.id);
      assert.deepEqual(tags, { "pr-1": digestPrefix(digestOf("pr")), [tag]: digestPrefix(digestOf("sig")) });
    });
    it("keeps it for an image whose tag names itself, which is a person's", () => {
      const tag = fallbackTagOf("odd");
      const entries = [...world, ...numbered([image("odd", { tags: [tag] })], 9)];
      const more = { rules: [dropUntagged, dropPullRequests, { name: "odd", action: "delete" as const, tags: ["sha256-*"] }] };
      const before = decided(entries, more);
      assert.ok(waitsIn(before, entries).includes("odd"));
      assert.deepEqual(decided(entries, more, before, { days: 1 }).pending, before.pending);
    });
    it("gets a new id when one version more or less is in it, or a tag changed", () => {
      const idIn = (entries: readonly Entry[]) => decided(entries, {}, waiting).pending?.id;
      assert.notEqual(idIn(without("lone")), approve);
      assert.notEqual(idIn([...world, ...numbered([image("new")], 9)]), approve);
      assert.notEqual(idIn([...without("lone"), ...numbered([image("other", { days: 20 })], 9)]), approve);
      const moved = world.map((entry) => (entry.name === "pr" ? { ...entry, version: { ...entry.version, tags: ["pr-2"] } } : entry));
      assert.notEqual(idIn(moved), approve);
    });
  });
});
