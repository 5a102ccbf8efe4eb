import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import { isFault, type Notice } from "../../../components/approval/notice";
import type { ApprovalRecord } from "../../../components/approval/record";
import type { PolicyInput } from "../../../components/rules/policy";
import { deletedVersion, nothing, numbered } from "../../support/builders/decided";
import { image } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { approve, approved, decided, goingOf, waiting, whole, without, world } from "../../support/builders/pull-request";

const fresh = [...world, ...numbered([image("new", { tags: ["pr-2"], days: 30 })], 9)];
const dropMain: PolicyInput["rules"][number] = { name: "drop-main", action: "delete", tags: ["main-*"] };
const policyWas = (more: Partial<PolicyInput> = {}) => policyOf([dropUntagged, dropPullRequests], { limits: whole, ...more });

function faultsOf({ notices }: Decision): Notice[] {
  return notices.filter(isFault);
}

function causeIn(decision: Decision): unknown {
  const [notice] = faultsOf(decision);
  assert.equal(notice?.kind, "approval-void");
  assert.deepEqual(goingOf(decision, fresh), []);
  return notice.kind === "approval-void" ? notice.cause : undefined;
}

/** The record that a run leaves under a policy. */
function recordOf(decision: Decision, more: Partial<PolicyInput> = {}): ApprovalRecord {
  return { ...decision, policy: policyWas(more) };
}

describe("an approval that approves nothing", () => {
  it("says that the set changed, and by how much, where a run put another plan in its place", () => {
    const smaller = fresh.filter(({ name }) => name !== "lone");
    const next = decided(smaller, {}, recordOf(waiting));
    assert.deepEqual(causeIn(decided(smaller, { approve }, recordOf(next))), {
      kind: "set-changed",
      by: next.pending?.id,
      came: 1,
      went: 1,
    });
  });

  it("says so, too, where nothing waits any more", () => {
    const kept = { protect: ["pr-1"] };
    const left = without("lone");
    const next = decided(left, kept, recordOf(waiting, kept));
    assert.deepEqual(causeIn(decided(left, { ...kept, approve }, recordOf(next, kept))), { kind: "set-changed", came: 0, went: 3 });
  });

  it("says which rules changed, where a run under them put another plan in its place", () => {
    const rules = [dropUntagged, dropPullRequests, dropMain];
    const next = decided(fresh, { rules }, recordOf(waiting));
    const cause = causeIn(decided(fresh, { rules, approve }, recordOf(next, { rules })));
    assert.deepEqual(cause, { kind: "rules-changed", changes: [{ kind: "rule-added", rule: "drop-main" }] });
  });

  it("says which rules changed, where the last run's would give its plan", () => {
    const recorded = { ...nothing, policy: policyWas() };
    const rules = [{ ...dropPullRequests, tags: ["pr-*", "main-*"] }, { ...dropUntagged, olderThan: "30d" }, dropMain];
    assert.deepEqual(causeIn(decided(world, { rules, approve, minimumAge: "2d" }, recorded)), {
      kind: "rules-changed",
      changes: [
        { kind: "rule-changed", rule: "drop-pr", reads: { tags: ["pr-*", "main-*"] } },
        { kind: "rule-changed", rule: "drop-untagged", reads: { olderThan: 30 * 86_400_000 } },
        { kind: "rule-added", rule: "drop-main" },
        { kind: "setting-changed", setting: "minimumAge" },
      ],
    });
  });

  it("blames no rules where the last run's would not give its plan either", () => {
    const recorded = { ...nothing, policy: policyWas() };
    const decision = decided(without("lone"), { rules: [dropPullRequests], approve }, recorded);
    assert.deepEqual(causeIn(decision), { kind: "not-on-record", waiting: decision.pending?.id });
  });

  it("names the plan that waits instead of an id that is on no record", () => {
    const decision = decided(world, { approve: "2026-11-20-000000000000" }, waiting);
    assert.deepEqual(causeIn(decision), { kind: "not-on-record", waiting: approve });
    const idle = decided(without("lone", "pr", "p1"), { approve });
    assert.deepEqual(causeIn(idle), { kind: "not-on-record" });
  });

  it("is a fault over the limits as well", () => {
    const decision = decided(world, { approve, limits: { percent: 20 } }, waiting);
    assert.deepEqual(
      faultsOf(decision).map(({ kind }) => kind),
      ["approval-over-limits"],
    );
  });
});

describe("an approval that did something, or needs not", () => {
  const noFaults = (decision: Decision) => assert.deepEqual(faultsOf(decision), []);

  it("is no fault while it is carried out, nor when it is done, for months", () => {
    noFaults(decided(world, { approve }, waiting));
    const left = without("lone", "pr", "p1");
    const done = decided(left, { approve }, approved);
    noFaults(done);
    noFaults(decided(left, { approve }, done, { days: 200 }));
  });

  it("is no fault where its versions went, or are needed by now", () => {
    noFaults(decided(without("lone", "pr", "p1"), { approve }, waiting));
    noFaults(decided(world, { approve, protect: ["pr-1"], rules: [dropPullRequests] }, waiting));
  });

  it("is no fault where the policy became automatic", () => {
    noFaults(decided(without("lone", "pr", "p1"), { approve, approval: "automatic" }, { ...approved, plans: approved.plans }));
  });
});

describe("a record that begins anew", () => {
  const old = "2026-10-20-0123456789ab";

  it("does not fail an approval of which GitHub's list cannot tell any more, and never honours it later", () => {
    const first = decided(world, { approve: old }, { ...nothing, isNew: true });
    assert.deepEqual(first.notices, [{ kind: "record-is-new", setting: "approve", reference: old }]);
    assert.deepEqual(first.plans, { [old]: { images: [], parts: [], tags: [] } });
    assert.deepEqual(decided(world, { approve: old }, first).notices, []);
  });

  it("knows again what was carried out lately, by GitHub's list", () => {
    const deleted = world.slice(2).map((entry, place) => deletedVersion(entry, 3 + place));
    const decision = decided(without("lone", "pr", "p1"), { approve }, { ...nothing, isNew: true }, { deleted });
    assert.deepEqual(faultsOf(decision), []);
  });

  it("fails an approval that GitHub's list would tell, and one under a record that does not begin anew", () => {
    assert.equal(faultsOf(decided(world, { approve: "2026-11-20-000000000000" }, { ...nothing, isNew: true })).length, 1);
    assert.equal(faultsOf(decided(world, { approve: old })).length, 1);
  });

  for (const reference of [old, "2026-11-20T00:00:00Z"]) {
    it(`does not fail a restore of ${reference}, which may be done`, () => {
      const first = decided(world, { restore: [reference] }, { ...nothing, isNew: true });
      assert.deepEqual(first.notices, [{ kind: "record-is-new", setting: "restore", reference }]);
      assert.deepEqual(decided(world, { restore: [reference] }, first).notices, []);
      assert.deepEqual(faultsOf(decided(world, { restore: [reference] })), [{ kind: "restore-unknown", reference }]);
    });
  }

  it("fails a restore of a tag that no version has, had or lost", () => {
    const notices = faultsOf(decided(world, { restore: ["pr-99"] }, { ...nothing, isNew: true }));
    assert.deepEqual(notices, [{ kind: "restore-unknown", reference: "pr-99" }]);
  });
});
