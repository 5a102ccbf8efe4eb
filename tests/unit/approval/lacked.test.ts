import assert from "node:assert/strict";
import type { ApprovalRecord } from "../../../components/approval/record";
import type { DeletedVersion } from "../../../components/model/inventory";
import { decisionOn, deletedVersion, nothing, numbered } from "../../support/builders/decided";
import { digits, earlier } from "../../support/builders/ledger";
import { digestOf, type Entry, image, index, namesOf } from "../../support/builders/package";
import { dropPullRequests, policyOf } from "../../support/builders/policy";
import { noticesIn, recorded } from "../../support/builders/texts";

const [a, b, bystander] = [image("a"), image("b"), image("bystander")];
const v9 = index("v9", ["a", "b"], { tags: ["v9"] });
const old = index("old", ["a"], { tags: ["pr-1"] });
const v8 = index("v8", ["b"], { tags: ["v8"] });
const world = numbered([a, b, bystander, v9, old, v8]);
const policy = policyOf([dropPullRequests], { limits: { percent: 100 } });

const idOf = (name: string) => world.findIndex((entry) => entry.name === name) + 1;
const gone = (...names: string[]) => names.map((name) => deletedVersion(world[idOf(name) - 1] as Entry, idOf(name)));
const here = (...names: string[]) => names.map((name) => world[idOf(name) - 1] as Entry);

/** `old` and `a` were deleted under a plan. */
const carriedOut: ApprovalRecord = {
  ...nothing,
  deletions: recorded({ [digestOf("old")]: "as recorded", [digestOf("a")]: "as recorded" }),
  deleted: { [earlier]: { images: [digits("old", "a")], tags: {} } },
};

function decided(entries: readonly Entry[], deleted: readonly DeletedVersion[], record = carriedOut) {
  return decisionOn(entries, policy, record, { deleted });
}

describe("an image that lists a version which the policy deleted", () => {
  const decision = decided(here("b", "v9"), gone("old", "a"));

  it("is to be completed, and the rest stays in the ledger", () => {
    assert.deepEqual(namesOf(Object.keys(decision.restoring ?? {}), ...world), ["a"]);
    assert.deepEqual(namesOf(Object.keys(decision.deletions), ...world), ["old"]);
    assert.deepEqual(noticesIn(decision), ["incomplete: v9 names 1 version that was deleted under this policy. `pulumi up` restores it"]);
  });

  it("is so again until the version is back", () => {
    const again = decided(here("b", "v9"), gone("old", "a"), decision);
    assert.deepEqual([again.restoring, again.deletions], [decision.restoring, decision.deletions]);
    const after = decided(here("a", "b", "v9"), gone("old"), again);
    assert.deepEqual([after.restoring, namesOf(Object.keys(after.deletions), ...world), noticesIn(after)], [{}, ["old"], []]);
  });

  it("stays as it is where GitHub cannot restore the version any more", () => {
    assert.deepEqual(decided(here("b", "v9"), gone("old")).restoring, {});
  });

  it("stays as it is where it is on GitHub's list of deleted versions itself", () => {
    assert.deepEqual(decided(here("b", "v9"), gone("old", "a", "v9")).restoring, {});
  });

  it("stays as it is where it goes as well", () => {
    const approved = { [earlier]: { images: [idOf("old")], parts: [], tags: ["pr-1"] } };
    const going = decisionOn(
      here("b", "v8", "old"),
      { ...policy, approve: earlier },
      { ...carriedOut, plans: approved },
      { deleted: gone("a") },
    );
    assert.deepEqual([namesOf(going.going.digests(), ...world), going.restoring], [["old"], {}]);
  });

  it("is left to people where somebody else deleted the version", () => {
    const found = { "2026-11-20-found": { images: [digits("b")], tags: {} } };
    const record = { ...nothing, deletions: recorded({ [digestOf("b")]: "found" }), deleted: found };
    assert.deepEqual(decided(here("a", "v9"), gone("b"), record).restoring, {});
  });
});

describe("what the policy deleted and somebody signed just then", () => {
  const signed = (days: number) => image("signature", { days, subject: "old" });
  const all = { ...carriedOut, deletions: recorded({ [digestOf("old")]: "as recorded", [digestOf("a")]: "as recorded" }) };

  it("comes back with all that was deleted as one image", () => {
    const decision = decided([...here("b"), ...numbered([signed(0)], 20)], gone("old", "a"), all);
    assert.deepEqual(namesOf(Object.keys(decision.restoring ?? {}), ...world), ["a", "old"]);
  });

  it("stays deleted where the signature is an old one", () => {
    assert.deepEqual(decided([...here("b"), ...numbered([signed(50)], 20)], gone("old", "a"), all).restoring, {});
  });
});

describe("a version that an approval covers and that did not go", () => {
  const pending = {
    id: earlier,
    deletions: recorded({ [digestOf("old")]: "pr-1", [digestOf("a")]: "a part", [digestOf("bystander")]: "a part" }),
    tags: { "pr-1": digits("old")[0] ?? "" },
  };
  const approve = { ...policy, approve: earlier };
  const first = decisionOn(here("a", "b", "v9", "old"), approve, { ...nothing, pending }, { deleted: [] });

  it("is remembered, whether or not it is there", () => {
    assert.deepEqual(namesOf(first.going.digests(), ...world), ["old"]);
    assert.deepEqual([...(first.plans[earlier]?.kept ?? [])].sort(), digits("a", "bystander").sort());
  });

  it("enters the ledger as found when GitHub lists it as deleted, and comes back where an image lacks it", () => {
    const next = decisionOn(here("b", "v9"), approve, first, { deleted: gone("old", "a", "bystander") });
    assert.deepEqual(namesOf(Object.keys(next.deletions), ...world), ["bystander", "old"]);
    assert.deepEqual(namesOf(Object.keys(next.restoring ?? {}), ...world), ["a"]);
    assert.match(
      noticesIn(next).join("\n"),
      /^incomplete: v9 names 1 version .*\n1 version that GitHub can still restore is on no record here/,
    );
    const again = decisionOn(here("b", "v9"), approve, next, { deleted: gone("old", "a", "bystander") });
    assert.deepEqual([again.deletions, again.restoring, again.plans], [next.deletions, next.restoring, next.plans]);
  });

  it("is remembered as well when it stays in a later run", () => {
    const next = decisionOn(here("a", "b", "v9"), approve, {
      ...first,
      plans: { [earlier]: { images: [idOf("v9")], parts: [], tags: [] } },
    });
    assert.deepEqual(next.plans[earlier]?.kept, digits("v9"));
  });

  it("is nobody's business where no approval covers it", () => {
    const other = decisionOn(here("b", "v9"), approve, nothing, { deleted: gone("a") });
    assert.deepEqual([other.deletions, other.restoring], [{}, {}]);
  });
});
