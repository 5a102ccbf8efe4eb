import assert from "node:assert/strict";
import { dayOf, dayOfPlan, planIdOf, startOf } from "../../../components/plan/plan-id";
import { digestOf, moment, today } from "../../support/builders/package";

const name = { owner: "logto-io", name: "logto" };
const a = { digest: digestOf("a"), tags: ["pr-1", "main-1"] };
const b = { digest: digestOf("b"), tags: [] };
const members = [a, b];

describe("a plan id", () => {
  it("is the day and twelve hex digits", () => assert.match(planIdOf(name, today, members), /^2026-11-23-[0-9a-f]{12}$/));
  it("stays the same for ever", () => assert.equal(planIdOf(name, today, members), "2026-11-23-e7fba9b7357f"));
  it("gives its day back", () => assert.equal(dayOfPlan(planIdOf(name, today, members)), today));

  describe("when the same is planned", () => {
    it("does not depend on the order of its members", () => {
      assert.equal(planIdOf(name, today, [...members].reverse()), planIdOf(name, today, members));
    });
    it("does not depend on how the owner is written: GitHub does not mind", () => {
      assert.equal(planIdOf({ ...name, owner: "Logto-IO" }, today, members), planIdOf(name, today, members));
    });
    it("does not depend on the order of a member's tags", () => {
      assert.equal(planIdOf(name, today, [{ ...a, tags: ["main-1", "pr-1"] }, b]), planIdOf(name, today, members));
    });
  });

  describe("when something else is planned", () => {
    const id = planIdOf(name, today, members);
    for (const [what, other] of [
      ["a digest more", planIdOf(name, today, [...members, { ...b, digest: digestOf("c") }])],
      ["a digest less", planIdOf(name, today, members.slice(1))],
      ["another digest", planIdOf(name, today, [a, { ...b, digest: digestOf("c") }])],
      ["another package", planIdOf({ ...name, name: "logto-cloud" }, today, members)],
      ["another owner", planIdOf({ ...name, owner: "logto" }, today, members)],
      ["another tag on a member", planIdOf(name, today, [a, { ...b, tags: ["v1"] }])],
      ["a tag less on a member", planIdOf(name, today, [{ ...a, tags: ["pr-1"] }, b])],
      [
        "a tag on the other member",
        planIdOf(name, today, [
          { ...a, tags: ["pr-1"] },
          { ...b, tags: ["main-1"] },
        ]),
      ],
      ["another day", planIdOf(name, "2026-11-24", members)],
    ] as const) {
      it(`is another with ${what}`, () => assert.notEqual(other, id));
    }
  });
});

describe("a day", () => {
  it("is UTC's", () => assert.equal(dayOf(moment - 1), "2026-11-22"));
  it("begins with its start", () => assert.equal(dayOf(moment), today));
  it("starts at midnight UTC", () => assert.equal(startOf(today), moment));
});
