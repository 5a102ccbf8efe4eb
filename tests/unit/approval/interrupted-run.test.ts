import assert from "node:assert/strict";
import type { ApprovalRecord } from "../../../components/approval/record";
import { digestPrefix } from "../../../components/approval/record";
import { planIdOf } from "../../../components/plan/plan-id";
import { decisionOn, deletedVersion, nothing, numbered } from "../../support/builders/decided";
import { digits } from "../../support/builders/ledger";
import { day, digestOf, type Entry, image, index, moment, namesOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { approve, decided, goingOf, prod, waiting, whole, without, world } from "../../support/builders/pull-request";
import { noticesIn, recorded, textsOf } from "../../support/builders/texts";

describe("the decision where a run was cut off and nothing of it was stored", () => {
  const entry = (name: string) => world.find((one) => one.name === name) as Entry;
  const gone = (...names: string[]) => names.map((name) => deletedVersion(entry(name), world.indexOf(entry(name)) + 1));
  const cutOff = (record: ApprovalRecord, ...names: string[]) =>
    decided(without(...names), { approve }, record, { deleted: gone(...names) });

  for (const [what, record] of [
    ["on record", waiting],
    ["proven by its id", nothing],
  ] as const) {
    describe(`and the plan is ${what}`, () => {
      it("goes on with the rest, and takes what is gone into the ledger", () => {
        const rest = cutOff(record, "pr");
        assert.deepEqual(goingOf(rest), ["lone", "p1"]);
        assert.deepEqual(namesOf(Object.keys(rest.deletions), ...world), ["lone", "p1", "pr"]);
        assert.deepEqual(rest.notices, []);
        assert.deepEqual(rest.plans[approve]?.tags, ["pr-1"]);
        assert.deepEqual(Object.keys(rest.deleted?.[approve]?.tags ?? {}), ["pr-1"]);
      });
      it("knows when all of it is gone", () => {
        const done = cutOff(record, "pr", "p1", "lone");
        assert.deepEqual(goingOf(done), []);
        assert.deepEqual(namesOf(Object.keys(done.deletions), ...world), ["lone", "p1", "pr"]);
        assert.deepEqual(done.notices, []);
      });
    });
  }

  it("brings back at once all that it deleted when `restore` names one of it: what belongs together is not known", () => {
    const more = [deletedVersion(image("unrelated"), 70, moment - 1)];
    const decision = decided(without("pr", "lone"), { approve, restore: ["pr-1", "nobody"] }, waiting, {
      deleted: [...gone("pr", "lone"), ...more],
    });
    assert.deepEqual(namesOf(Object.keys(decision.restoring ?? {}), ...world), ["lone", "pr"]);
    assert.deepEqual([decision.deletions, goingOf(decision)], [{}, []]);
    assert.ok(noticesIn(decision).some((notice) => notice.startsWith("restore: nothing that ")));
  });

  it("brings back the image alone whose parts the record holds, from an approval that was withdrawn and given again", () => {
    const deleted = { [approve]: { images: [digits("pr", "p1"), digits("lone")], tags: { "pr-1": digestPrefix(digestOf("pr")) } } };
    const decision = decided(
      without("pr", "p1", "lone"),
      { approve, restore: ["pr-1"] },
      { ...nothing, deleted },
      { deleted: gone("pr", "p1", "lone") },
    );
    assert.deepEqual(namesOf(Object.keys(decision.restoring ?? {}), ...world), ["p1", "pr"]);
    assert.deepEqual(decision.deleted?.[approve], deleted[approve]);
  });

  it("brings back one image alone where another id of the same plan was carried out, whose deletions are on record", () => {
    const deleted = { [`${approve.slice(0, -12)}0123456789ab`]: { images: [digits("pr", "p1"), digits("lone")], tags: {} } };
    const deletions = recorded(Object.fromEntries(["pr", "p1", "lone"].map((name) => [digestOf(name), `${name}, as recorded`])));
    const decision = decided(
      without("pr", "p1", "lone"),
      { approve, restore: [digestOf("lone")] },
      { ...nothing, deletions, deleted },
      { deleted: gone("pr", "p1", "lone") },
    );
    assert.deepEqual(namesOf(Object.keys(decision.restoring ?? {}), ...world), ["lone"]);
    assert.equal(textsOf(decision.deletions)[digestOf("pr")], "pr, as recorded");
  });

  it("brings back what GitHub's list tells, where a policy goes by itself and no approval counts: the next run finds the same", () => {
    const automatic = { approve, approval: "automatic" as const, restore: ["pr-1"] };
    const all = { deleted: gone("pr", "p1", "lone") };
    const first = decided(without("pr", "p1", "lone"), automatic, nothing, all);
    assert.deepEqual(namesOf(Object.keys(first.restoring ?? {}), ...world), ["pr"]);
    assert.deepEqual(decided(without("pr", "p1", "lone"), automatic, first, all).restoring, first.restoring);
  });

  it("takes nothing into the ledger that the plan did not hold", () => {
    const other = deletedVersion(image("other", { tags: ["v0"] }), 77);
    const decision = decided(without("pr"), { approve }, waiting, { deleted: [...gone("pr"), other] });
    assert.deepEqual(namesOf(Object.keys(decision.deletions), ...world), ["lone", "p1", "pr"]);
  });

  it("says of what nothing tells any more why it went", () => {
    assert.deepEqual(textsOf(cutOff(nothing, "pr").deletions)[digestOf("pr")], "deleted by a run that was cut off");
    assert.deepEqual(textsOf(cutOff(waiting, "pr").deletions)[digestOf("pr")], "pr-1, 30 days old (drop-pr)");
  });

  describe("and several images are gone, each with parts that are left", () => {
    const policy = policyOf([dropPullRequests], { limits: whole });
    const tenMinutes = 600_000 / day;
    const multi = (name: string, days: number) => index(name, [`${name} part`], { tags: [`pr-${name}`], days });
    const goingWith = (orphanDays: number, partDays = 30) => {
      const entries = numbered([
        prod,
        image("amd64"),
        multi("one", 30),
        image("one part", { days: partDays }),
        multi("two", 60),
        image("two part", { days: 60 }),
      ]);
      const id = decisionOn(entries, policy).pending?.id ?? "";
      const left = [
        ...entries.filter(({ name }) => name !== "one" && name !== "two"),
        ...numbered([image("orphan", { days: orphanDays })], 20),
      ];
      const deleted = [deletedVersion(multi("one", 30), 3), deletedVersion(multi("two", 60), 5)];
      return goingOf(decisionOn(left, { ...policy, approve: id }, nothing, { deleted }), entries);
    };
    const parts = ["one part", "two part"];

    it("finds the parts of each by when they were pushed", () => assert.deepEqual(goingWith(45), parts));
    it("takes nothing for a part that was pushed after all of them", () => assert.deepEqual(goingWith(29.9), parts));
    it("takes for a part what was pushed ten minutes before, and no more", () => {
      assert.deepEqual(goingWith(45, 30 + tenMinutes), parts);
      assert.deepEqual(goingWith(45, 30 + tenMinutes + 1e-6), []);
    });
  });

  describe("and the rules would take a part for an image of its own", () => {
    const rules = [dropPullRequests];
    const policy = policyOf(rules, { limits: whole });
    const part = (name: string, days: number) => image(name, { days });
    const resumed = (record: "on record" | "not on record", parts: readonly Entry[], others: readonly Entry[] = []) => {
      const multi = index(
        "pr",
        parts.map(({ name }) => name),
        { tags: ["pr-1"], days: 30 },
      );
      const entries = numbered([prod, image("amd64"), multi, ...parts, ...others]);
      const before = decisionOn(entries, policy);
      const id = before.pending?.id ?? "";
      const left = entries.filter(({ name }) => name !== "pr");
      const decision = decisionOn(left, { ...policy, approve: id }, record === "on record" ? before : nothing, {
        deleted: [deletedVersion(multi, 3)],
      });
      return { decision, id, going: goingOf(decision, entries) };
    };

    it("leaves a part whose image GitHub does not list as deleted: nobody knows what became of it", () => {
      const entries = numbered([prod, image("amd64"), index("pr", ["p1"], { tags: ["pr-1"], days: 30 }), part("p1", 30)]);
      const before = decisionOn(entries, policy);
      const decision = decisionOn(
        entries.filter(({ name }) => name !== "pr"),
        { ...policy, approve: before.pending?.id ?? "" },
        before,
      );
      assert.deepEqual(goingOf(decision, entries), []);
    });
    it("is void while nothing was deleted, although the id fits what could be left of an image", () => {
      const entries = numbered([prod, image("amd64"), part("p1", 30)]);
      const id = planIdOf({ owner: "logto-io", name: "logto" }, "2026-11-23", [{ digest: digestOf("p1"), tags: [] }]);
      const decision = decisionOn(entries, { ...policy, approve: id }, nothing, { deleted: [] });
      assert.deepEqual(goingOf(decision, entries), []);
      assert.match(noticesIn(decision)[0] ?? "", / is void: /);
    });
    it("shows no part as free to go while the approval is not honoured", () => {
      const entries = numbered([prod, image("amd64"), index("pr", ["p1"], { tags: ["pr-1"], days: 30 }), part("p1", 30)]);
      const before = decisionOn(entries, policy);
      const decision = decisionOn(
        entries.filter(({ name }) => name !== "pr"),
        { ...policy, limits: { deletions: 200, percent: 1 }, approve: before.pending?.id ?? "" },
        before,
        { deleted: [deletedVersion(image("pr"), 3)] },
      );
      assert.match(noticesIn(decision)[0] ?? "", / is not honoured: /);
      assert.deepEqual(decision.plan.deletions.digests(), []);
    });

    for (const record of ["on record", "not on record"] as const) {
      it(`takes only what it must be for what is left of an image, on the way back: ${record}`, () => {
        const others = [
          index("pr2", ["c2"], { tags: ["pr-2", "pr-0"], days: 30 }),
          part("c2", 30),
          part("young", 0.5),
          image("pr3", { tags: ["pr-3"], days: 30 }),
        ];
        for (const days of [30, 90]) {
          const { decision, id } = resumed(record, [part("p1", days)], others);
          const { images = [], tags = {} } = decision.deleted?.[id] ?? {};
          const cutOff = images.at(-1) ?? [];
          assert.deepEqual([...cutOff].sort(), ["pr", "p1"].map((name) => digestPrefix(digestOf(name))).sort());
          assert.deepEqual(Object.keys(tags).sort(), ["pr-0", "pr-1", "pr-2", "pr-3"]);
          assert.deepEqual(decision.plans[id]?.tags, ["pr-0", "pr-1", "pr-2", "pr-3"]);
        }
      });
      it(`takes the parts along, whenever they were pushed: ${record}`, () => {
        assert.deepEqual(resumed(record, [part("p1", 30)]).going, ["p1"]);
        assert.deepEqual(resumed(record, [part("p1", 30), part("old", 90)]).going, ["old", "p1"]);
      });
      it(`remembers them as parts, of one image: ${record}`, () => {
        const { decision, id } = resumed(record, [part("p1", 30)]);
        assert.deepEqual(decision.plans[id], { images: [], parts: [4], tags: ["pr-1"] });
        assert.deepEqual(
          decision.deleted?.[id]?.images.map((members) => [members[0], members.length]),
          [["p1"], ["pr", "p1"]].map(([first = "", second]) => [digestPrefix(digestOf(first)), second === undefined ? 1 : 2]),
        );
      });
      it(`leaves an image without tags that was pushed in those minutes: ${record}`, () => {
        const { going } = resumed(record, [part("p1", 90)], [part("orphan", 30)]);
        assert.ok(!going.includes("orphan"));
      });
      it(`leaves one that was pushed at any time: ${record}`, () => {
        assert.deepEqual(resumed(record, [part("p1", 30)], [part("orphan", 60)]).going, ["p1"]);
      });
    }
  });

  it("is void when something else was deleted as well", () => {
    const other = deletedVersion(image("other"), 77);
    const decision = decided(without("pr"), { approve }, nothing, { deleted: [...gone("pr"), other] });
    assert.deepEqual(goingOf(decision), []);
    assert.match(noticesIn(decision)[0] ?? "", / is void: /);
  });
  it("does not count what was deleted before the plan's day, or nobody knows when, or is there again", () => {
    const before = deletedVersion(image("other"), 77, moment - 1);
    const undated = deletedVersion(image("older"), 78, null);
    const back = deletedVersion(image("lone"), 5);
    const decision = decided(without("pr"), { approve }, nothing, { deleted: [...gone("pr"), before, undated, back] });
    assert.deepEqual(goingOf(decision), ["lone", "p1"]);
  });
  it("takes no image without tags for a part of what is gone", () => {
    const more = numbered([image("orphan", { days: 30 })], 9);
    const keep = { name: "keep", action: "keep" as const, digests: [digestOf("orphan")] };
    const policy = policyOf([dropUntagged, dropPullRequests, keep], { limits: whole, approve });
    const entries = [...without("pr"), ...more];
    const decision = decisionOn(entries, policy, nothing, { deleted: gone("pr") });
    assert.deepEqual(goingOf(decision, entries), ["lone", "p1"]);
  });
});
