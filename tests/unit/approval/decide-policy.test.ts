import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import { breachText } from "../../../components/messages/limit-breach";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, deletedVersion, nothing, numbered } from "../../support/builders/decided";
import { digestOf, image, namesOf, unread } from "../../support/builders/package";
import { dropUntagged, policyOf } from "../../support/builders/policy";
import { approve, approved, decided, goingOf, prod, waiting, waitsIn, whole, without, world } from "../../support/builders/pull-request";
import { noticesIn } from "../../support/builders/texts";

describe("the decision", () => {
  describe("when `grace` is set", () => {
    const grace = "7d" as const;
    const first = decided(world, { grace });
    const ripe = decided(world, { grace }, first, { days: 7 });
    const named = (decision: Decision) => namesOf(Object.keys(decision.candidates ?? {}), ...world);

    it("takes what is approved off the record of what may go", () => {
      assert.deepEqual(named(ripe), ["lone", "p1", "pr"]);
      const decision = decided(world, { grace, approve: ripe.pending?.id ?? "" }, ripe, { days: 7 });
      assert.deepEqual([goingOf(decision), named(decision)], [["lone", "p1", "pr"], []]);
    });
    it("lets nothing go by an approval whose grace starts over", () => {
      const decision = decided(world, { grace, approve: ripe.pending?.id ?? "" }, { ...ripe, candidates: {} }, { days: 7 });
      assert.deepEqual(goingOf(decision), []);
    });
    it("finds the approved plan whether it was shown before or after a grace started over", () => {
      const settled = { name: "settled", action: "keep" as const, untagged: true as const, olderThan: "25d" as const };
      const entries = numbered([prod, image("amd64"), image("early", { days: 18 }), image("late", { days: 15 })]);
      const on = (days: number, record: ApprovalRecord, more: Partial<PolicyInput> = {}) =>
        decisionOn(entries, policyOf([dropUntagged, settled], { limits: whole, grace, ...more }), record, { days });
      const since = (...names: string[]) => ({
        ...nothing,
        candidates: Object.fromEntries(names.map((name) => [digestOf(name), "2026-11-01"])),
      });
      const onRecord = since("early", "late");
      for (const before of [onRecord, since("late")]) {
        const shown = on(1, before);
        const decision = on(8, onRecord, { approve: shown.pending?.id });
        assert.deepEqual([goingOf(decision, entries), Object.keys(decision.plans)], [["late"], [shown.pending?.id]]);
        assert.deepEqual(on(8, decision, { approve: shown.pending?.id }).plans, decision.plans);
      }
    });
    it("offers what hangs under something that is approved already", () => {
      const approving = decided(world, { grace, approve: ripe.pending?.id ?? "" }, ripe, { days: 7 });
      const signed = [...world, ...numbered([image("sbom", { subject: "pr", days: 20 })], 9)];
      const more = { grace, approve: ripe.pending?.id ?? "" };
      const recorded = decided(signed, more, approving, { days: 8 });
      assert.deepEqual(waitsIn(recorded, signed), []);
      assert.deepEqual(waitsIn(decided(signed, more, recorded, { days: 15 }), signed), ["sbom"]);
    });
  });

  describe("when limits are set", () => {
    it("lets a plan wait that is over limits.percent, and refuses it", () => {
      const limits = { deletions: 200, percent: 59 };
      const { pending } = decided(world, { limits });
      assert.equal(pending?.id, approve);
      const refused = "it deletes 60.0% of the package's 5 versions, and limits.percent allows 59%";
      assert.equal(pending?.refused && breachText(pending.refused), refused);
      const decision = decided(world, { limits, approve }, waiting);
      assert.deepEqual(goingOf(decision), []);
      assert.deepEqual(noticesIn(decision), [`approval ${approve} is not honoured: ${refused}`]);
      assert.deepEqual(decision.plans, {});
    });
    it("allows a plan that is just as large as limits.percent", () => {
      const limits = { deletions: 200, percent: 60 };
      assert.ok(!("refused" in (decided(world, { limits }).pending ?? {})));
      assert.deepEqual(goingOf(decided(world, { limits, approve }, waiting)), ["lone", "p1", "pr"]);
    });
    it("measures only what an approval adds", () => {
      const later = [...world, ...numbered([image("new", { tags: ["pr-2"] })], 9)];
      const limits = { deletions: 200, percent: 60 };
      const second = decided(later, { limits, approve }, approved);
      const both = decided(later, { limits, approve: second.pending?.id ?? "" }, second);
      assert.deepEqual(goingOf(both, later), ["lone", "new", "p1", "pr"]);
    });
    it("lets a person approve a plan that is over limits.deletions, which bounds one run", () => {
      const limits = { deletions: 1, percent: 100 };
      assert.equal(decided(world, { limits }).pending?.refused, undefined);
      assert.deepEqual(goingOf(decided(world, { limits, approve }, waiting)), ["lone", "p1", "pr"]);
    });
  });

  describe("when plans go by themselves", () => {
    const approval = "automatic" as const;

    it("lets all of it go under its id", () => {
      const decision = decided(world, { approval });
      assert.deepEqual(goingOf(decision), ["lone", "p1", "pr"]);
      assert.deepEqual(Object.keys(decision.plans), [approve]);
      assert.deepEqual(decision.plans[approve]?.tags, ["pr-1"]);
      assert.deepEqual(decision.pending, undefined);
    });
    it("keeps a plan over a limit for a person, and honours the approval", () => {
      const limits = { deletions: 2, percent: 100 };
      const waits = decided(world, { approval, limits });
      assert.deepEqual([goingOf(waits), waitsIn(waits), waits.notices], [[], ["lone", "p1", "pr"], []]);
      assert.deepEqual(goingOf(decided(world, { approval, limits, approve }, waits)), ["lone", "p1", "pr"]);
    });
    it("lets go what is just within the limit", () => {
      assert.deepEqual(goingOf(decided(world, { approval, limits: { deletions: 3, percent: 60 } })), ["lone", "p1", "pr"]);
      assert.deepEqual(goingOf(decided(world, { approval, limits: { deletions: 3, percent: 59 } })), []);
    });
    it("records nothing where nothing may go", () => {
      const decision = decided([prod, image("amd64")], { approval, approve: "2026-11-01-000000000000" });
      assert.deepEqual([decision.plans, noticesIn(decision)], [{}, []]);
    });
    it("goes on with what an earlier run left, without a word in the config", () => {
      const first = decided(world, { approval });
      const rest = decided(without("pr"), { approval }, first);
      assert.deepEqual(goingOf(rest), ["lone", "p1"]);
      assert.deepEqual(Object.keys(rest.plans), [approve]);
    });
  });

  describe("when entries of the ledger get old", () => {
    it("says how many leave it", () => {
      const { deletions, deleted = {} } = approved;
      const record = { ...nothing, deletions, deleted };
      const decision = decided(without("pr", "p1", "lone"), {}, record, { days: 30, deleted: [] });
      assert.deepEqual(decision.deletions, {});
      assert.deepEqual(noticesIn(decision), [
        "3 versions leave the ledger on 2026-12-23: GitHub restores what was deleted within the last 30 days",
      ]);
      assert.deepEqual(decided(without("pr", "p1", "lone"), {}, record, { days: 29, deleted: [] }).notices, []);
    });
  });

  describe("when something is to be restored", () => {
    const done = decided(without("pr", "p1", "lone"), { approve }, approved);
    const deleted = ["pr", "p1", "lone"].map((name, place) => deletedVersion(image(name), 50 + place));
    const left = without("pr", "p1", "lone");
    const restoring = decided(left, { approve, restore: ["pr-1"] }, done, { deleted });

    it("leaves the ledger, and is remembered until it is back", () => {
      assert.deepEqual(namesOf(Object.keys(restoring.deletions), ...world), ["lone"]);
      assert.deepEqual(namesOf(Object.keys(restoring.restoring ?? {}), ...world), ["p1", "pr"]);
      assert.ok(restoring.deleted?.[approve]);
    });
    it("is in the ledger again when `restore` names it no longer", () => {
      const dropped = decided(left, { approve }, restoring, { deleted });
      assert.deepEqual(namesOf(Object.keys(dropped.deletions), ...world), ["lone", "p1", "pr"]);
      assert.deepEqual(dropped.restoring, {});
    });
    it("stays once it is back, although the rules would let it go", () => {
      const back = decided(without("lone"), { restore: ["pr-1"] }, restoring, { deleted: [] });
      assert.deepEqual([goingOf(back), waitsIn(back)], [[], []]);
    });
    it("says what cannot be restored", () => {
      assert.match(noticesIn(decided(left, { approve, restore: ["nobody"] }, done, { deleted }))[0] ?? "", /^restore: nothing /);
    });
  });

  describe("when a tagged version was not read (S3)", () => {
    it("lets nothing go, approved or not", () => {
      const doubtful = [...world, ...numbered([unread("odd", { tags: ["odd"] })], 9)];
      assert.deepEqual(goingOf(decided(doubtful, { approve }, approved)), []);
    });
  });
});
