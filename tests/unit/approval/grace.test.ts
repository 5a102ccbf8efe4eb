import assert from "node:assert/strict";
import { type Decision, decide } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import { buildGraph } from "../../../components/graph/graph";
import { previewReport } from "../../../components/report/preview-report";
import type { PolicyInput } from "../../../components/rules/policy";
import { day, digestOf, type Entry, image, index, namesOf, packageOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { noticesIn, recorded } from "../../support/builders/texts";

const prod = image("prod", { tags: ["prod"] });
const lone = image("lone");
const nothing: ApprovalRecord = { deletions: {}, plans: {} };

function policyWith(more: Partial<PolicyInput> = {}) {
  return policyOf([dropUntagged, dropPullRequests], { grace: "7d", limits: { percent: 100 }, ...more });
}

/** A `pulumi up` so many days after the first one. */
function up(days: number, entries: readonly Entry[], record: ApprovalRecord = nothing, more: Partial<PolicyInput> = {}): Decision {
  const inventory = packageOf(...entries);
  return decide(buildGraph({ ...inventory, now: inventory.now + days * day }), policyWith(more), record);
}

function since({ candidates = {} }: Decision, ...entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(Object.entries(candidates).map(([digest, first]) => [namesOf([digest], ...entries)[0] ?? "", first]));
}

function pending(decision: Decision, ...entries: readonly Entry[]): string[] {
  return namesOf(Object.keys(decision.pending?.deletions ?? {}), ...entries);
}

function reportOf(decision: Decision, more: Partial<PolicyInput> = {}): string {
  return previewReport(decision, policyWith(more), {
    approveWith: (id) => `approve ${id}`,
    refused: {},
    ledger: {},
    frees: {},
    notices: [],
  });
}

describe("grace", () => {
  const world = [prod, lone];

  describe("when a version becomes deletable", () => {
    const first = up(0, world);
    it("records the day", () => assert.deepEqual(since(first, ...world), { lone: "2026-11-23" }));
    it("records them in the order of their digests, so that nothing moves in the record", () => {
      const many = ["a", "b", "c", "d", "e"].map((name, place) => image(name, { days: 50 + place }));
      const digests = Object.keys(up(0, [prod, ...many]).candidates ?? {});
      assert.deepEqual(digests, [...digests].sort());
      assert.equal(digests.length, 5);
    });
    it("offers nothing for approval", () => assert.equal(first.pending, undefined));
    it("says from when it may go", () => {
      const report = reportOf(first);
      assert.match(report, /^1 version waits out its grace of 7 days, counted from the first `pulumi up` that records it:$/m);
      assert.match(report, /^ {2}image +age +with +deleted by +deletable from$/m);
      assert.match(report, /^ {2}sha256:\w+ \(untagged\) +100 days +– +drop-untagged +2026-11-30$/m);
    });
    it("says so of each", () => {
      const report = reportOf(up(2, [...world, image("pr", { tags: ["pr-1"] })], first));
      assert.match(report, /^2 versions wait out their grace/m);
      assert.match(report, /\(untagged\) .* 2026-11-30$/m);
      assert.match(report, /^ {2}pr-1 .* 2026-12-02$/m);
    });
    it("keeps the day from run to run", () => {
      assert.deepEqual(since(up(3, world, up(1, world, first)), ...world), { lone: "2026-11-23" });
    });
  });

  describe("when its days are over", () => {
    const first = up(0, world);
    it("offers nothing a day before", () => assert.equal(up(6, world, first).pending, undefined));
    it("offers the version on the day", () => assert.deepEqual(pending(up(7, world, first), ...world), ["lone"]));
    it("waits on where it would be over after the last day that has four digits for its year", () => {
      const last = { ...first, candidates: { [digestOf("lone")]: "9999-12-31" } };
      assert.equal(up(7, world, last).pending, undefined);
    });
    it("speaks of no waiting", () => assert.doesNotMatch(reportOf(up(7, world, first)), /grace/));
    it("counts only from a run that recorded it", () => assert.equal(up(7, world).pending, undefined));
  });

  describe("when a version is needed again for a moment", () => {
    const needing = index("multi", ["lone"], { tags: ["v1"] });
    const first = up(0, world);
    const needed = up(3, [...world, needing], first);
    const free = up(4, world, needed);
    it("forgets the day", () => assert.deepEqual(since(needed, ...world), {}));
    it("starts over", () => assert.deepEqual(since(free, ...world), { lone: "2026-11-27" }));
    it("offers it seven days after that", () => {
      assert.equal(up(10, world, free).pending, undefined);
      assert.deepEqual(pending(up(11, world, free), ...world), ["lone"]);
    });
  });

  describe("when a part of an image became deletable later", () => {
    const pr = index("pr", ["old", "young"], { tags: ["pr-1"] });
    const parts = [image("old"), image("young")];
    const holder = index("holder", ["young"], { tags: ["v1"] });
    const all = [prod, pr, ...parts, holder];
    const first = up(0, all);
    const second = up(3, [prod, pr, ...parts], first);
    it("records each by itself", () => {
      assert.deepEqual(since(second, ...all), { pr: "2026-11-23", old: "2026-11-23", young: "2026-11-26" });
    });
    it("waits with the image for its youngest part, so that none is left without its image", () => {
      assert.deepEqual(pending(up(7, [prod, pr, ...parts], second), ...all), []);
      assert.deepEqual(pending(up(10, [prod, pr, ...parts], second), ...all), ["old", "pr", "young"]);
    });
    it("says so", () => {
      const report = reportOf(second);
      assert.match(report, /^3 versions wait out/m);
      assert.match(report, /^ {2}pr-1 +103 days +linux\/amd64, linux\/amd64 +drop-pr +2026-12-03$/m);
    });
  });

  describe("when a plan is approved", () => {
    const first = up(0, world);
    it("is void before its days are over, though the set is the same", () => {
      const id = decide(buildGraph(packageOf(...world)), policyOf([dropUntagged, dropPullRequests]), nothing).pending?.id ?? "";
      const early = up(1, world, first, { approve: id });
      assert.equal(early.going.size, 0);
      assert.match(noticesIn(early).join(), /is void/);
    });
    it("goes once its days are over", () => {
      const offered = up(7, world, first);
      const approved = up(8, world, offered, { approve: offered.pending?.id ?? "" });
      assert.deepEqual(approved.going.digests(), [digestOf("lone")]);
    });
    it("goes by an id that only a preview showed, once its days are over", () => {
      const id = up(7, world, first).pending?.id ?? "";
      assert.deepEqual(up(8, world, first, { approve: id }).going.digests(), [digestOf("lone")]);
    });
    it("takes along nothing that still waits", () => {
      const more = [...world, image("late")];
      const offered = up(7, more, up(6, more, first));
      assert.deepEqual(pending(offered, ...more), ["lone"]);
      const approved = up(8, more, offered, { approve: offered.pending?.id ?? "" });
      assert.deepEqual(namesOf(approved.going.digests(), ...more), ["lone"]);
    });
    it("is not undone by a longer grace, and may be resumed", () => {
      const offered = up(7, world, first);
      const approve = offered.pending?.id ?? "";
      const approved = up(8, world, offered, { approve });
      const resumed = up(9, world, approved, { approve, grace: "30d" });
      assert.deepEqual(resumed.going.digests(), [digestOf("lone")]);
    });
  });

  describe("when an image is approved already", () => {
    it("does not make what refers to it wait any longer", () => {
      const all = [prod, image("pr", { tags: ["pr-1"] }), image("sbom", { subject: "pr" })];
      const approve = "2026-11-20-7f3a9c21b4d0";
      const record = {
        deletions: recorded({ [digestOf("pr")]: "pr-1" }),
        plans: { [approve]: { images: [2], parts: [], tags: ["pr-1"] } },
        candidates: { [digestOf("sbom")]: "2026-11-16" },
      };
      assert.deepEqual(pending(up(0, all, record, { approve }), ...all), ["sbom"]);
    });
  });

  describe("when every plan is approved automatically", () => {
    const automatic = { approval: "automatic" } as const;
    const first = up(0, world, nothing, automatic);
    it("deletes nothing before the days are over", () => {
      assert.equal(first.going.size, 0);
      assert.equal(up(6, world, first, automatic).going.size, 0);
    });
    it("deletes then", () => assert.deepEqual(up(7, world, first, automatic).going.digests(), [digestOf("lone")]));
  });

  describe("when the policy has none", () => {
    it("records nothing and offers at once", () => {
      const decision = decide(buildGraph(packageOf(...world)), policyOf([dropUntagged]), nothing);
      assert.equal(decision.candidates, undefined);
      assert.deepEqual(pending(decision, ...world), ["lone"]);
    });
  });
});
