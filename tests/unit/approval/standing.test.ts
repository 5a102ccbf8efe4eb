import assert from "node:assert/strict";
import { numbered } from "../../support/builders/decided";
import { image } from "../../support/builders/package";
import { approve, approved, decided, goingOf, waitsIn, without, world } from "../../support/builders/pull-request";
import { noticesIn } from "../../support/builders/texts";

/** A run under the approval broke off after the tagged image; another image may go since. */
const later = [...without("pr"), ...numbered([image("new", { tags: ["pr-2"] })], 9)];
const interrupted = decided(later, { approve }, approved);
const never = "2026-11-22-000000000000";
const next = interrupted.pending?.id ?? "";
const ended = `approval ${approve} has ended, since the config does not name it any more: 2 of the 3 versions that it covered are not deleted without a new approval`;

describe("an approval that the config replaces while it is carried out (S2a)", () => {
  it("goes on under the one that was offered meanwhile, and whose offer said so", () => {
    assert.deepEqual([goingOf(interrupted, later), waitsIn(interrupted, later)], [["lone", "p1"], ["new"]]);
    assert.deepEqual(interrupted.pending?.continues, [approve]);
    const decision = decided(later, { approve: next }, interrupted);
    assert.deepEqual([goingOf(decision, later), decision.notices], [["lone", "new", "p1"], []]);
    assert.deepEqual(goingOf(decided(later, { approve: next }, decision), later), ["lone", "new", "p1"]);
  });
  it("goes on under one that was offered by a preview, which leaves nothing on record", () => {
    const decision = decided(later, { approve: next }, approved);
    assert.deepEqual([goingOf(decision, later), decision.notices], [["lone", "new", "p1"], []]);
    assert.deepEqual(goingOf(decided(later, { approve: next }, decision), later), ["lone", "new", "p1"]);
  });
  it("may be carried out to its end before the next one stands in the config", () => {
    const left = later.filter(({ name }) => name !== "lone" && name !== "p1");
    const done = decided(left, { approve }, approved);
    assert.deepEqual([goingOf(done, left), done.plans[approve]?.images], [[], []]);
    assert.deepEqual(goingOf(decided(left, { approve: next }, done), left), ["new"]);
  });
  it("ends under one that was never offered", () => {
    const unknown = "2026-11-22-000000000000";
    const decision = decided(later, { approve: unknown }, interrupted);
    assert.deepEqual([goingOf(decision, later), waitsIn(decision, later)], [[], ["lone", "new", "p1"]]);
    assert.deepEqual(decision.plans, {});
    assert.equal(noticesIn(decision)[0], ended);
    assert.match(noticesIn(decision)[1] ?? "", /^approval 2026-11-22-000000000000 is void: /);
  });
  it("ends when the config names none, and says what is left", () => {
    const decision = decided(later, {}, interrupted);
    assert.deepEqual([goingOf(decision, later), waitsIn(decision, later)], [[], ["lone", "new", "p1"]]);
    assert.deepEqual(noticesIn(decision), [ended]);
    assert.equal(decision.pending?.continues, undefined);
  });
  it("counts the rest of the plan that it goes on with, and says so once", () => {
    const both = decided(later, { approve: next }, interrupted);
    const decision = decided(later, {}, both);
    assert.deepEqual(waitsIn(decision, later), ["lone", "new", "p1"]);
    assert.deepEqual(noticesIn(decision), [ended.replace(approve, next).replace("2 of the 3", "3 of the 4")]);
  });
  it("counts nothing that another one covers, which the config names", () => {
    const both = { ...interrupted, plans: { ...interrupted.plans, [never]: interrupted.plans[approve] ?? assert.fail() } };
    assert.deepEqual(decided(later, { approve: never }, both).notices, []);
  });
  it("may be named again, and is void by then if another set comes out", () => {
    const taken = decided(world, {}, approved);
    assert.deepEqual(goingOf(decided(world, { approve }, taken)), ["lone", "p1", "pr"]);
    assert.deepEqual(goingOf(decided(later, { approve }, decided(later, {}, interrupted)), later), []);
  });
  it("is told apart by its id from the same versions without it", () => {
    const withoutRest = later.filter(({ name }) => name !== "lone" && name !== "p1");
    assert.notEqual(decided(withoutRest).pending?.id, next);
  });
  it("keeps what waits under its id once the older one is done", () => {
    const left = later.filter(({ name }) => name !== "lone" && name !== "p1");
    assert.equal(decided(left, { approve }, interrupted).pending?.id, next);
  });
  it("gives what waits a new id where its offer did not say that it goes on with this one", () => {
    const { continues, ...pending } = interrupted.pending ?? assert.fail();
    const decision = decided(later, { approve }, { ...interrupted, pending: { ...pending, id: "2026-11-22-000000000000" } });
    assert.deepEqual([decision.pending?.id, decision.pending?.continues], [next, continues]);
  });
});

describe("an approval under a policy whose plans go by themselves", () => {
  const approval = "automatic" as const;
  const limits = { deletions: 2, percent: 100 };
  const granted = decided(world, { approval, limits, approve }, decided(world, { approval, limits }));

  it("ends when the config does not name it, and what is left is judged anew", () => {
    assert.deepEqual(goingOf(granted), ["lone", "p1", "pr"]);
    const removed = decided(world, { approval, limits }, granted);
    assert.deepEqual([goingOf(removed), waitsIn(removed)], [[], ["lone", "p1", "pr"]]);
    assert.match(noticesIn(removed)[0] ?? "", /has ended, .* 3 versions that it covered are not deleted without a new approval$/);
  });
  it("ends what went by itself when plans need an approval by now", () => {
    const byItself = decided(world, { approval });
    assert.equal(byItself.plans[approve]?.automatic, true);
    assert.deepEqual(goingOf(decided(world, { approve: "2026-11-22-000000000000" }, byItself)), []);
  });
});
