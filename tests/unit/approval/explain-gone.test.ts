import assert from "node:assert/strict";
import { explain, type Known } from "../../../components/approval/explain";
import type { Gone } from "../../../components/approval/gone";
import type { ApprovalRecord } from "../../../components/approval/record";
import { goneText, restorableText, unknownReferenceText } from "../../../components/messages/explanation";
import type { DeletedVersion } from "../../../components/model/inventory";
import { decisionOn, deletedVersion, nothing } from "../../support/builders/decided";
import { digits, earlier, kept } from "../../support/builders/ledger";
import { day, digestOf, image, moment } from "../../support/builders/package";
import { policyWith } from "../../support/builders/reported";

const pr = image("pr", { tags: ["pr-1"], days: 30 });
const recorded: ApprovalRecord = {
  ...nothing,
  deletions: { [digestOf("pr")]: { kind: "recorded", text: "pr-1, 29 days old (drop-pr)" } },
  deleted: { [earlier]: { images: [digits("pr")], tags: { "pr-1": digits("pr")[0] ?? "" } } },
};
const listed = [deletedVersion(pr, 7, moment - 2 * day)];
const known: Known = { refused: {}, ledger: [], notices: [] };

function goneBy(reference: string, record = recorded, deleted: readonly DeletedVersion[] | null = listed, more = {}): Gone {
  const policy = policyWith(more);
  const said = explain(decisionOn(kept, policy, record, deleted ? { deleted } : {}), policy, known, reference);
  assert.ok(said.kind === "gone", said.kind);
  return said.gone;
}

describe("the explanation of a version that is gone", () => {
  for (const reference of ["pr-1", digestOf("pr"), digestOf("pr").slice(0, 19), digestOf("pr").slice(7, 19), "7"]) {
    it(`says when it went, by which plan and rule, and until when it can be restored: by ${reference.slice(0, 15)}`, () => {
      const gone = goneBy(reference);
      assert.equal(goneText(gone, "that day"), `was deleted at that day, by plan ${earlier}: pr-1, 29 days old (drop-pr)`);
      assert.equal(gone.deletedAt, moment - 2 * day);
      assert.equal(restorableText(gone.restorable), "until 2026-12-21");
    });
  }

  it("says that no run of the policy deleted what only GitHub's list knows", () => {
    const gone = goneBy("pr-1", nothing);
    assert.equal(
      goneText(gone, "that day"),
      "was deleted at that day, and not by a recorded run of this policy: by hand, by another tool, or by a run that left no record",
    );
    assert.equal(restorableText(gone.restorable), "until 2026-12-21");
  });

  it("knows it by the record where GitHub refuses its list", () => {
    const gone = goneBy("pr-1", recorded, null);
    assert.equal(goneText(gone, undefined), `is deleted, when is not known, by plan ${earlier}: pr-1, 29 days old (drop-pr)`);
    assert.equal(restorableText(gone.restorable), "not known: GitHub's list of deleted versions does not show it");
  });

  it("says that the next update brings it back where `restore` names it", () => {
    const { restorable } = goneBy("pr-1", recorded, listed, { restore: ["pr-1"] });
    assert.equal(restorableText(restorable), "the next `pulumi up` brings it back: `restore` names it, or something lacks it");
  });

  it("says that it is too late after thirty days", () => {
    const { restorable } = goneBy("pr-1", recorded, [deletedVersion(pr, 7, moment - 40 * day)]);
    assert.equal(restorableText(restorable), "no longer: GitHub keeps a deleted version for 30 days");
  });

  it("means the one that is there by a tag that another one has now, and names the deleted one beside it", () => {
    const again = image("again", { tags: ["pr-1"], days: 20 });
    const policy = policyWith();
    const said = explain(decisionOn([...kept, again], policy, recorded, { deleted: listed }), policy, known, "pr-1");
    assert.ok(said.kind === "here");
    assert.equal(said.version.digest, digestOf("again"));
    assert.deepEqual(
      said.tagBefore.map(({ digest }) => digest),
      [digestOf("pr")],
    );
  });

  it("says of what nobody knows that it never was there, or is gone for long", () => {
    const policy = policyWith();
    const saysOf = (reference: string, deleted?: readonly DeletedVersion[]) => {
      const said = explain(decisionOn(kept, policy, recorded, deleted ? { deleted } : {}), policy, known, reference);
      assert.ok(said.kind === "unknown");
      return unknownReferenceText("acme/app", reference, said);
    };
    assert.match(
      saysOf(digestOf("never"), listed),
      /^acme\/app has no version with the digest sha256:\w{64}, and none of what GitHub can still restore does either: it was never there, or was deleted more than 30 days ago;/,
    );
    assert.match(
      saysOf("never"),
      /^acme\/app has no version with the name "never", and whether it was deleted is not known, since GitHub shows/,
    );
  });
});

describe("the explanation of an approved version", () => {
  it("gives GitHub's answer where GitHub refused to delete it", () => {
    const policy = policyWith();
    const entries = [...kept, { ...pr, version: { ...pr.version, id: 9 } }];
    const { pending } = decisionOn(entries, policy);
    const approving = policyWith({ approve: pending?.id });
    const decision = decisionOn(entries, approving, { ...nothing, ...(pending ? { pending } : {}) });
    const refused = { [digestOf("pr")]: "more than 5000 downloads" };
    const fates = [{}, refused].map((one) => {
      const said = explain(decision, approving, { ...known, refused: one }, "pr-1");
      return said.kind === "here" ? said.fate : undefined;
    });
    assert.deepEqual(
      fates.map((fate) => fate?.kind),
      ["goes", "refused"],
    );
    assert.ok(fates[0]?.kind === "goes" && fates[0].plan === pending?.id);
    assert.ok(fates[1]?.kind === "refused" && fates[1].answer === "more than 5000 downloads");
  });
});
