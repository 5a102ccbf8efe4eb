import assert from "node:assert/strict";
import type { PolicyInput } from "../../components/rules/policy";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor } from "../support/engine/world";

/** Two images that the usual rules delete, and three that stay: 6 of 15 versions. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  prodBefore: { days: 80, tags: ["prod"], attestations: false },
  prod: { days: 50, tags: ["prod", "v1"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
  pr2: { days: 3, tags: ["pr-2"], attestations: false },
} as const;
const keptTags = ["main-1", "main-2", "pr-2", "pr-3", "prod", "v1", "v2"];

interface Case {
  readonly name: string;
  /** Was its plan put on record by an `up` before it was approved? */
  readonly onRecord: boolean;
  readonly policy?: Partial<PolicyInput>;
  /** What becomes of the policy when it is approved. */
  readonly approvedWith?: Partial<PolicyInput>;
}

const widened: Partial<PolicyInput> = {
  rules: [...policyFor("acme/any").rules, { name: "drop-main", action: "delete", tags: ["main-1"], olderThan: "14d" }],
};
const cases = {
  same: { name: "acme/same", onRecord: true },
  recordedWidened: { name: "acme/recorded-widened", onRecord: true, approvedWith: widened },
  recordedRetagged: { name: "acme/recorded-retagged", onRecord: true },
  fresh: { name: "acme/fresh", onRecord: false },
  freshWidened: { name: "acme/fresh-widened", onRecord: false, approvedWith: widened },
  freshRetagged: { name: "acme/fresh-retagged", onRecord: false },
  tooMany: { name: "acme/too-many", onRecord: true, policy: { limits: { deletions: 4 } } },
  tooLarge: { name: "acme/too-large", onRecord: false, policy: { limits: { percent: 15 } } },
  automatic: { name: "acme/automatic", onRecord: false, policy: { approval: "automatic" } },
  automaticTooMany: { name: "acme/automatic-too-many", onRecord: false, policy: { approval: "automatic", limits: { deletions: 4 } } },
} satisfies Record<string, Case>;
const all: readonly Case[] = Object.values(cases);

describe("an approval that comes days after its plan", function () {
  this.timeout(300_000);

  const policyOf = ({ name, policy }: Case): PolicyInput => policyFor(name, policy);
  const engine = useEngine({
    packages: Object.fromEntries(all.map(({ name }) => [name, deployments])),
    stack: { policies: all.map(policyOf) },
  });
  let preview: Outcome;
  let up: Outcome;
  const planIds = new Map<string, string>();
  const world = ({ name }: Case) => engine.worldOf(name);
  const planId = ({ name }: Case) => planIds.get(name) ?? "";

  before(async () => {
    const first = assertSucceeds(await engine.stack.preview());
    for (const { name } of all) planIds.set(name, planIdIn(first, name));

    engine.stack.policies = all.filter(({ onRecord }) => onRecord).map(policyOf);
    await engine.stack.writeConfig();
    assertSucceeds(await engine.stack.up());

    engine.sandbox.setClock("2026-11-26T09:00:00Z");
    for (const { name } of all) {
      await world({ name, onRecord: true }).deploy({
        v2: { days: 0, tags: ["v2"] },
        main2: { days: 2, tags: ["main-2"] },
        pr3: { days: 1, tags: ["pr-3"] },
      });
    }
    for (const retagged of [cases.recordedRetagged, cases.freshRetagged]) await world(retagged).tag("prodBefore", "rollback");
    engine.stack.policies = all.map((one) => ({
      ...policyOf(one),
      ...one.approvedWith,
      ...(one.policy?.approval ? {} : { approve: planId(one) }),
    }));
    await engine.stack.writeConfig();
    preview = assertFails(await engine.stack.preview());
    up = assertFails(await engine.stack.up());
  });

  function says(one: Case, ...expected: (string | RegExp)[]): void {
    assertSays(diagnosticsOf(preview, one.name), ...expected);
  }

  function saysVoid(one: Case): void {
    for (const run of [preview, up]) {
      assertSays(errorsOf(run, one.name), `${one.name}: approval ${planId(one)} is void: no plan of that id is on record here`);
    }
    const now = planIdIn(preview, one.name);
    assert.notEqual(now, planId(one));
    says(one, `].approve' ${now}`);
    assert.deepEqual(world(one).deleted(), []);
  }

  describe("when the plan is on record", () => {
    it("deletes what the plan showed, whatever was pushed since", async () => {
      says(cases.same, `plan ${planId(cases.same)}: delete 6 of 30 versions (2 images)`, "approved: `pulumi up` deletes these");
      assert.deepEqual(world(cases.same).deleted(), world(cases.same).digests("pr1", "prodBefore"));
      await assertComplete(world(cases.same), ...keptTags);
    });

    it("deletes no more than that when the rules were widened, and shows the rest as a plan of its own", () => {
      const { recordedWidened } = cases;
      says(recordedWidened, `plan ${planId(recordedWidened)}: delete 6 of 30 versions`, /^plan \S+: delete 3 of 30 versions \(1 image\)/m);
      assert.deepEqual(world(recordedWidened).deleted(), world(recordedWidened).digests("pr1", "prodBefore"));
    });

    it("leaves out what was tagged since, and deletes the rest", async () => {
      const { recordedRetagged } = cases;
      says(recordedRetagged, `approval ${planId(recordedRetagged)}: 3 of its 6 versions stay`);
      assert.deepEqual(world(recordedRetagged).deleted(), world(recordedRetagged).digests("pr1"));
      await assertComplete(world(recordedRetagged), ...keptTags, "rollback");
    });
  });

  describe("when the plan is not on record", () => {
    it("computes it as of its day again, and deletes it", async () => {
      says(cases.fresh, `plan ${planId(cases.fresh)}: delete 6 of 30 versions (2 images)`);
      assert.deepEqual(world(cases.fresh).deleted(), world(cases.fresh).digests("pr1", "prodBefore"));
      await assertComplete(world(cases.fresh), ...keptTags);
    });

    it("is void when the rules were widened, and prints the new plan", () => saysVoid(cases.freshWidened));

    it("is void when a version of it was tagged, and prints the new plan", () => saysVoid(cases.freshRetagged));
  });

  describe("when the plan exceeds a limit", () => {
    it("says which one and by how much, and that nobody can approve it", () => {
      const tooLarge = "it deletes 20.0% of the package's 30 versions, and limits.percent allows 15%";
      says(cases.tooLarge, `this plan cannot be approved: ${tooLarge}`);
      assertSays(
        errorsOf(up, cases.tooLarge.name),
        `${cases.tooLarge.name}: approval ${planId(cases.tooLarge)} is not honoured: ${tooLarge}`,
      );
    });

    it("deletes nothing all the same, approved or automatic", () => {
      assert.deepEqual(world(cases.tooLarge).deleted(), []);
    });
  });

  describe("when the plan is larger than what may go in one run", () => {
    it("deletes whole images up to the limit, and leaves the rest, approved, to the next run", async () => {
      says(cases.tooMany, "approved: `pulumi up` deletes these, at most 4 in one run (limits.deletions)");
      assert.deepEqual(world(cases.tooMany).deleted(), world(cases.tooMany).digests("pr1"));
      assertSays(diagnosticsOf(up, cases.tooMany.name), /^deleted 3 of 6 approved versions \(3 left for the next `pulumi up`\); all /);
      await assertComplete(world(cases.tooMany), ...keptTags);
      assertFails(await engine.stack.up());
      assert.deepEqual(world(cases.tooMany).deleted(), world(cases.tooMany).digests("pr1", "prodBefore"));
      await assertComplete(world(cases.tooMany), ...keptTags);
    });

    it("wants a person where the policy needs none otherwise", () => {
      assert.deepEqual(world(cases.automaticTooMany).deleted(), []);
      const why = "It does not go by itself: it deletes 6 versions, 2 more than limits.deletions allows in one run (4).";
      says(cases.automaticTooMany, why, "Once approved, it goes in 2 runs of at most 4 versions", "config set");
    });
  });

  describe("when the policy needs no approval", () => {
    it("deletes its plan", async () => {
      assertSays(diagnosticsOf(up, cases.automatic.name), /^deleted 6 versions; all /);
      assert.deepEqual(world(cases.automatic).deleted(), world(cases.automatic).digests("pr1", "prodBefore"));
      await assertComplete(world(cases.automatic), ...keptTags);
    });
  });
});
