import assert from "node:assert/strict";
import { digestPrefix } from "../../../components/approval/record";
import { check } from "../../../components/lifecycle/check";
import type { CheckedInputs, ProgramInputs } from "../../../components/lifecycle/state/stored";
import { seenKey } from "../../../components/lifecycle/state/stored-seen";
import type { Inventory } from "../../../components/model/inventory";
import { day, digestOf, hour, image, index, moment, packageOf } from "../../support/builders/package";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const world = packageOf(
  index("pr", ["pr-amd64"], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  index("prod", ["prod-amd64"], { tags: ["prod"], days: 20 }),
  image("prod-amd64", { days: 20 }),
);
const doomed = [digestOf("pr"), digestOf("pr-amd64")].sort();

const settings: ProgramInputs = {
  owner: "logto-io",
  package: "logto",
  rules: [{ name: "drop-pr", action: "delete", tags: ["pr-*"], olderThan: "7d" }],
  githubApiUrl: "https://api.github.com",
  registryUrl: "https://ghcr.io",
  deletionsPerMinute: 180,
  limits: { percent: 100 },
};

function inputsFor(more: Partial<ProgramInputs>, olds: unknown = {}, inventory: Inventory = world): CheckedInputs {
  const { inputs, failures } = check(olds, frozen({ ...settings, inventory: inventory, ...more }));
  assert.equal(failures, undefined);
  return JSON.parse(JSON.stringify(inputs)) as CheckedInputs;
}

/** What check changes in its arguments, it changes in the engine's. */
function frozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const pending = inputsFor({});
const planId = pending.pending?.id ?? "";
const approved = inputsFor({ approve: planId }, pending);

describe("check", () => {
  describe("when nothing is on record", () => {
    it("lets the plan wait", () => {
      assert.deepEqual(pending.deletions, {});
      assert.deepEqual(pending.plans, {});
      assert.deepEqual(Object.keys(pending.pending?.deletions ?? {}).sort(), doomed);
    });

    it("stores neither what the program saw nor the moment", () => {
      assert.ok(!("inventory" in pending));
      const later = { ...world, now: moment + 23 * hour };
      assert.deepEqual(inputsFor({}, {}, later), pending);
    });
  });

  describe("when it has its own result on record", () => {
    it("says the same again, on later days as well", () => {
      assert.deepEqual(inputsFor({}, frozen(pending)), pending);
      const later = inputsFor({}, frozen(pending), { ...world, now: moment + 3 * day });
      assert.deepEqual(later, { ...pending, [seenKey]: { ...pending[seenKey], last: "2026-11-26" } });
      assert.deepEqual(inputsFor({ approve: planId }, frozen(approved)), approved);
    });
  });

  describe("when the plan is approved", () => {
    it("lets exactly its versions go, and nothing waits", () => {
      assert.deepEqual(Object.keys(approved.deletions).sort(), doomed);
      assert.equal(approved.pending, undefined);
      assert.deepEqual(approved.plans[planId], { images: "1", parts: "2", tags: "pr-1" });
    });

    it("stops what is not done when the approval is taken back", () => {
      const { deletions, plans, pending: waits } = inputsFor({}, approved);
      assert.deepEqual({ deletions, plans }, { deletions: {}, plans: {} });
      assert.equal(waits?.id, planId);
    });

    it("is void for another set, a day to come and another package", () => {
      const others = [`${planId.slice(0, 10)}-000000000000`, planId.replace("2026-", "2027-")];
      for (const approve of others) assert.deepEqual(inputsFor({ approve }, pending).deletions, {}, approve);
      assert.deepEqual(
        inputsFor({ approve: planId, package: "other" }, {}, { ...world, package: { owner: "logto-io", name: "other" } }).deletions,
        {},
      );
    });
  });

  describe("when the organisation has an approval as well", () => {
    const offered = "2026-11-23-111111111111";
    const more = packageOf(
      ...["pr-amd64", "prod-amd64"].map((name) => image(name, { days: 30 })),
      index("pr", ["pr-amd64"], { tags: ["pr-1"], days: 30 }),
      index("prod", ["prod-amd64"], { tags: ["prod"], days: 20 }),
      image("lone", { days: 25, tags: ["pr-2"] }),
    );
    const plan = inputsFor({}, {}, more).pending?.id ?? "";
    const before = inputsFor({ approve: plan }, inputsFor({}, {}, more), more);
    const other = { approve: "2026-11-20-222222222222", id: offered };
    const run = (approvals: Partial<ProgramInputs>, olds: unknown) => Object.keys(inputsFor(approvals, olds, more).plans);

    it("is carried out while its approval stands, and ends with it", () => {
      const first = inputsFor({ organization: { id: offered } }, {}, more);
      const under = inputsFor({ organization: { id: offered, approve: offered } }, first, more);
      assert.deepEqual(Object.keys(under.plans), [plan]);
      assert.deepEqual(run({ organization: { approve: offered } }, under), [plan]);
      assert.deepEqual(run({ organization: other }, under), []);
      assert.deepEqual(run({}, under), []);
    });

    it("is carried out under an id of weeks ago, and under one that an earlier build stored beside the approval", () => {
      const nights = Array.from({ length: 14 }, (_, night) => `2026-11-23-${String(night).padStart(12, "a")}`);
      const record = [offered, ...nights].reduce<unknown>((olds, id) => inputsFor({ organization: { id } }, olds, more), {});
      assert.deepEqual(run({ organization: { approve: offered } }, record), [plan]);
      const { __offers: _offers, ...earlier } = record as Record<string, unknown>;
      assert.deepEqual(run({ organization: { approve: offered } }, earlier), []);
      assert.deepEqual(run({ organization: { approve: offered } }, { ...earlier, organization: { offered: { id: offered, plan } } }), [
        plan,
      ]);
    });

    it("goes on under the next id of the organisation, which was offered meanwhile", () => {
      const under = inputsFor(
        { organization: { id: offered, approve: offered } },
        inputsFor({ organization: { id: offered } }, {}, more),
        more,
      );
      const next = "2026-11-23-333333333333";
      const meanwhile = inputsFor({ organization: { id: next, approve: offered } }, under, more);
      assert.deepEqual(run({ organization: { id: next, approve: next } }, meanwhile), [plan]);
    });

    it("is honoured where the package's own approves nothing, which is said all the same", () => {
      const first = inputsFor({ organization: { id: offered } }, {}, more);
      const own = "2026-11-20-000000000000";
      const { plans, approve, noticeIds } = inputsFor({ approve: own, organization: { id: offered, approve: offered } }, first, more);
      assert.deepEqual([Object.keys(plans), approve, noticeIds], [[plan], plan, [`approval-void ${own}`]]);
    });

    it("leaves the package's own approval in force", () => {
      assert.deepEqual(run({ approve: plan, organization: other }, before), [plan]);
      assert.deepEqual(run({ organization: other }, before), []);
    });
  });

  describe("when something is not known yet (S3)", () => {
    const unknowns: Readonly<Record<string, Partial<ProgramInputs>>> = {
      "what the program saw": { inventory: unknown },
      "all of `protect`": { protect: unknown as never, inventory: unknown },
      "one entry of `protect`": { protect: ["prod", unknown] },
      "a part of a rule": { rules: [{ name: "drop", action: "delete", tags: [unknown] }] },
      "the approval": { approve: unknown },
    };
    for (const [what, news] of Object.entries(unknowns)) {
      it(`keeps what is on record and lets nothing new in: ${what}`, () => {
        for (const record of [{}, pending, approved]) {
          const { deletions = {}, plans = {}, pending: waits } = record as Partial<CheckedInputs>;
          const inputs = inputsFor({ approve: planId, ...news }, record);
          assert.deepEqual([inputs.deletions, inputs.plans, inputs.pending], [deletions, plans, waits]);
        }
      });

      it(`passes it on: ${what}`, () => {
        const inputs: object = inputsFor(news);
        for (const [key, value] of Object.entries(news)) {
          if (key !== "inventory") assert.deepEqual((inputs as Record<string, unknown>)[key], value);
        }
      });
    }
  });

  describe("when the program could not look (S3)", () => {
    it("keeps what is on record, and says so", () => {
      const { deletions, plans, unseen } = inputsFor({ approve: planId, inventory: undefined as never, observationError: "no" }, approved);
      assert.deepEqual([deletions, plans, unseen], [approved.deletions, approved.plans, true]);
      assert.deepEqual(inputsFor({ inventory: undefined as never, observationError: "no" }).deletions, {});
    });

    it("keeps what runs saw, and the candidates of an earlier build where it stored them", () => {
      const failed = { inventory: undefined as never, observationError: "no" };
      assert.deepEqual(inputsFor(failed, pending)[seenKey], pending[seenKey]);
      const candidates = { "2026-11-01": digestPrefix(digestOf("pr")) };
      const earlier = { ...inputsFor({ grace: "7d" }), [seenKey]: undefined, candidates };
      const kept = inputsFor({ grace: "7d" }, inputsFor({ ...failed, grace: "7d" }, earlier));
      assert.deepEqual(kept[seenKey]?.candidates?.["2026-11-01"], candidates["2026-11-01"]);
    });

    it("fails where the day of a candidate is none", () => {
      const candidates = { "": digestPrefix(digestOf("pr")) };
      const waiting = inputsFor({ grace: "7d" });
      const records = [
        { ...waiting, [seenKey]: { ...waiting[seenKey], candidates } },
        { ...waiting, [seenKey]: undefined, candidates },
      ];
      for (const record of records) {
        const { failures = [] } = check(record, { ...settings, grace: "7d", inventory: world });
        assert.match(failures[0]?.reason ?? "", /^logto-io\/logto: the record in the stack's state is not understood \(.*candidates/);
      }
    });

    it("fails without a word of the program", () => {
      const { failures } = check({}, settings);
      assert.equal(failures?.length, 1);
    });
  });

  describe("when the policy is not valid", () => {
    it("fails with the program's words", () => {
      const { failures } = check(pending, { ...settings, policyError: "rules: expected at least one rule" });
      assert.deepEqual(failures, [{ property: "rules", reason: "rules: expected at least one rule" }]);
    });
  });
});
