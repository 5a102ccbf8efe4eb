import assert from "node:assert/strict";
import { listPackage } from "../../../components/listing/list-package";
import type { ListedVersion } from "../../../components/listing/plan-list";
import { findingOf } from "../../../components/review/review-package";
import { deletedVersion } from "../../support/builders/decided";
import { day, digestOf, type Entry, image, moment } from "../../support/builders/package";
import { dropUntaggedVersions } from "../../support/builders/policy";
import { kept, lone, prod, world } from "../../support/builders/reported";
import { lookedAt, recordAfter } from "../../support/builders/reviewed";

type Circumstances = Parameters<typeof lookedAt>[1];

function listed(entries: readonly Entry[], circumstances?: Circumstances) {
  return listPackage(findingOf(lookedAt(entries, circumstances)));
}

/** What is said of a version, by its name. */
function about(name: string, entries: readonly Entry[], circumstances?: Circumstances): ListedVersion {
  const found = listed(entries, circumstances).versions.find(({ digest }) => digest === digestOf(name));
  assert.ok(found, `no row for ${name}`);
  return found;
}

describe("what becomes of a version, as `plan` lists it", () => {
  it("waits for the approval of its plan", () => {
    const { verdict, plan, reason, because, rules } = about("pr", world);
    assert.deepEqual([verdict, reason.kind, because, rules], ["waits", "tagged-image", "pr-1, 30 days old (drop-pr)", ["drop-pr"]]);
    assert.match(plan ?? "", /^2026-11-23-[0-9a-f]{12}$/);
    assert.equal(plan, listed(world).plans[0]?.id);
  });

  it("goes once that is approved, and stays refused where GitHub refused it", () => {
    const record = recordAfter(world);
    const approve = record.inputs.pending?.id ?? "";
    const approved = { record, policy: { approve } };
    assert.deepEqual([about("pr", world, approved).verdict, about("pr", world, approved).plan], ["goes", approve]);
    assert.equal(listed(world, approved).plans[0]?.state, "approved");
    const outputs = { refused: { [digestOf("pr")]: "GitHub answered 400: no" } };
    assert.equal(about("pr", world, { ...approved, record: { ...record, outputs } }).verdict, "refused");
  });

  it("keeps the words of the day on which its plan was shown, and its age is of today", () => {
    const record = recordAfter(world);
    const later = { record, inventory: { now: moment + 3 * day } };
    const { because, ageSeconds } = about("pr", world, later);
    assert.deepEqual([because, ageSeconds], ["pr-1, 30 days old (drop-pr)", 33 * 86_400]);
  });

  it("is over the limits where nobody can approve its plan", () => {
    assert.equal(about("pr", world, { policy: { limits: { percent: 1 } } }).verdict, "cannot-be-approved");
  });

  it("is in grace until the day from which it may go", () => {
    const { verdict, graceUntil, plan } = about("lone", world, { policy: { grace: "7d" } });
    assert.deepEqual([verdict, graceUntil, plan], ["in-grace", "2026-11-30", null]);
  });

  it("is withheld where rules match what a retained image needs", () => {
    const { verdict, reason, because, rules } = about("amd64", kept, { policy: { rules: [dropUntaggedVersions] } });
    assert.deepEqual([verdict, rules], ["withheld", ["drop-untagged-versions"]]);
    assert.deepEqual(reason, { kind: "needed", as: "linux/amd64", of: digestOf("prod") });
    assert.equal(because, "linux/amd64 of prod, v1");
  });

  it("stays, by the rule that keeps it or by what needs it", () => {
    const root = about("prod", world);
    assert.deepEqual([root.verdict, root.reason.kind, root.rules], ["stays", "kept-by-rule", ["keep-releases"]]);
    assert.deepEqual(about("arm64", world).reason, { kind: "needed", as: "linux/arm64", of: digestOf("prod") });
    assert.equal(about("other", [...world, image("other", { tags: ["other"] })]).reason.kind, "no-rule");
  });

  it("is restorable, by GitHub's list", () => {
    const deleted = [deletedVersion(image("gone", { tags: ["pr-0"] }), 77, moment - day)];
    const { verdict, id, tags, deletedAt, restorableUntil, reason } = about("gone", world, { inventory: { deleted } });
    assert.deepEqual([verdict, id, tags, reason.kind], ["restorable", 77, ["pr-0"], "found"]);
    assert.deepEqual([deletedAt, restorableUntil], ["2026-11-22T00:00:00Z", "2026-12-22"]);
  });

  it("is restorable by the ledger where GitHub refuses its list, and comes back where the policy restores it", () => {
    const record = recordAfter(world);
    const approve = record.inputs.pending?.id ?? "";
    const { inputs } = recordAfter(world, { record, policy: { approve } });
    const line = `5 ${approve} 2026-11-23T05:00:00Z/2026-12-23 pr-1: pr-1, 30 days old (drop-pr)`;
    const after = { inputs, outputs: { ledger: { [digestOf("pr")]: line } } };
    const row = about("pr", [...kept, lone], { record: after, policy: { approve } });
    assert.deepEqual(
      [row.verdict, row.id, row.plan, row.tags, row.because, row.restorableUntil],
      ["restorable", 5, approve, ["pr-1"], "pr-1, 30 days old (drop-pr)", "2026-12-23"],
    );
    assert.equal(about("pr", [...kept, lone], { record: after, policy: { restore: ["pr-1"] } }).verdict, "restoring");
  });

  it("is restorable without a day where the time in the ledger is not understood", () => {
    const { inputs } = recordAfter(world);
    const after = { inputs, outputs: { ledger: { [digestOf("pr")]: "5 2026-11-23-7f3a9c21b4d0 yesterday/ pr-1: untagged" } } };
    const { verdict, deletedAt, restorableUntil } = about("pr", [...kept, lone], { record: after });
    assert.deepEqual([verdict, deletedAt, restorableUntil], ["restorable", null, null]);
  });

  it("is 0 seconds old where it is younger than the day", () => {
    assert.equal(about("new", [prod, image("new", { tags: ["new"], days: -0.1 })]).ageSeconds, 0);
  });

  it("is not said of a package that was not observed", () => {
    const failed = listPackage({ name: "acme/app", warnings: [], failure: "GitHub answered 404" });
    assert.deepEqual([failed.failure, failed.versions, failed.plans], ["GitHub answered 404", [], []]);
  });

  it("is said once of each version", () => {
    const { versions } = listed(world);
    assert.equal(new Set(versions.map(({ digest }) => digest)).size, world.length);
    assert.equal(versions.length, world.length);
  });
});
