import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import type { DeletedVersion } from "../../../components/model/inventory";
import { deletedVersion, nothing } from "../../support/builders/decided";
import { graphOf } from "../../support/builders/ledger";
import { day, digestOf, image, moment, namesOf } from "../../support/builders/package";
import { dropPullRequests, policyOf } from "../../support/builders/policy";
import { noticesIn, textsOf } from "../../support/builders/texts";

const entries = [image("prod", { tags: ["prod"] })];
const old = image("old", { tags: ["pr-1"] });
const older = image("older", { tags: ["pr-1"] });
const part = image("part");
const world = [...entries, old, older, part];
const listed = [deletedVersion(part, 70), deletedVersion(old, 71, moment - day), deletedVersion(older, 72, moment - 2 * day)];

function decided(record: ApprovalRecord, options: { approval?: "automatic" | "required"; restore?: string[] } = {}, deleted = listed) {
  return decide(graphOf(entries, deleted), policyOf([dropPullRequests], options), record);
}

function ledgerOf(record: ApprovalRecord, options = {}, deleted?: DeletedVersion[]): string[] {
  return namesOf(Object.keys(decided(record, options, deleted).deletions), ...world);
}

describe("a ledger that is rebuilt from GitHub's list", () => {
  it("holds what is deleted where no run has left a record, each under the day on which it went", () => {
    const { deletions, deleted, notices } = decided({ ...nothing, isNew: true });
    assert.deepEqual(namesOf(Object.keys(deletions), ...world), ["old", "older", "part"]);
    assert.deepEqual(new Set(Object.values(textsOf(deletions))), new Set(["found deleted, not recorded: by whom is not known"]));
    assert.deepEqual(Object.keys(deleted ?? {}), ["2026-11-21-found", "2026-11-22-found", "2026-11-23-found"]);
    assert.match(noticesIn({ notices })[0] ?? "", /^3 versions that GitHub can still restore are on no record here/);
  });

  it("holds what a killed run may have deleted without a plan on record", () => {
    assert.deepEqual(ledgerOf(nothing, { approval: "automatic" }), ["old", "older", "part"]);
  });

  it("leaves what others delete under a policy that has a record and waits for approval", () => {
    assert.deepEqual(ledgerOf(nothing), []);
  });

  it("is not rebuilt twice", () => {
    const first = decided(nothing, { approval: "automatic" });
    const again = decided(first, { approval: "automatic" });
    assert.deepEqual([again.deletions, again.deleted, again.notices], [first.deletions, first.deleted, []]);
  });

  it("holds the latest thousand, and not another thousand with each run", () => {
    const many = Array.from({ length: 1_200 }, (_, place) => deletedVersion(image(`gone ${place}`), 100 + place, moment - place * 60_000));
    const first = decided(nothing, { approval: "automatic" }, many);
    assert.equal(Object.keys(first.deletions).length, 1_000);
    assert.ok(first.deletions[digestOf("gone 0")] !== undefined && first.deletions[digestOf("gone 1199")] === undefined);
    assert.deepEqual(Object.keys(decided(first, { approval: "automatic" }, many).deletions), Object.keys(first.deletions));
  });

  it("takes today for the day where GitHub does not say when", () => {
    assert.deepEqual(Object.keys(decided({ ...nothing, isNew: true }, {}, [deletedVersion(old, 71, null)]).deleted ?? {}), [
      "2026-11-23-found",
    ]);
  });

  it("leaves out what is there again", () => {
    const again = deletedVersion(image("prod", { tags: ["prod"] }), 99);
    assert.deepEqual(ledgerOf({ ...nothing, isNew: true }, {}, [again]), []);
  });
});

describe("`restore` without a record", () => {
  const restoring = (reference: string, deleted = listed) => {
    const decision = decided(nothing, { restore: [reference] }, deleted);
    return namesOf(Object.keys(decision.restoring ?? {}), ...world);
  };

  it("finds a digest", () => assert.deepEqual(restoring(digestOf("part")), ["part"]));
  it("finds the version that had a tag last", () => assert.deepEqual(restoring("pr-1"), ["old"]));
  it("finds what was deleted from a time on", () => {
    assert.deepEqual(restoring("2026-11-22T00:00:00Z"), ["old", "part"]);
    assert.deepEqual(restoring("2026-11-22T00:00:01+00:00"), ["part"]);
  });
  it("takes the later of two deletions of one digest", () => {
    const twice = [...listed, deletedVersion(part, 73, moment - 5 * day)];
    assert.deepEqual(restoring("2026-11-22T12:00:00Z", twice), ["part"]);
  });
  it("leaves a tag that is on another image by now", () => {
    const before = deletedVersion(image("before", { tags: ["prod"] }), 80);
    assert.deepEqual(restoring("prod", [before]), []);
  });
  it("goes on to protect what a time brought back, when GitHub lists it as deleted no longer", () => {
    const reference = "2026-11-22T00:00:00Z";
    const first = decided(nothing, { restore: [reference] });
    const back = decide(
      graphOf([...entries, image("old", { tags: ["pr-1"] }), part], [listed[2] as DeletedVersion]),
      policyOf([dropPullRequests], { restore: [reference] }),
      first,
    );
    assert.deepEqual([back.restoring, back.pending], [{}, undefined]);
  });
});
