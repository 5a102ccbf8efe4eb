import assert from "node:assert/strict";
import { type DeletedImages, digestPrefix } from "../../../components/approval/record";
import {
  imagesOfInterruptedRun,
  imagesOfPlan,
  restorableFor,
  stillNeeded,
  stillRestorable,
} from "../../../components/approval/restore-references";
import { deletedVersion } from "../../support/builders/decided";
import { digits, earlier, graphOf, kept, later } from "../../support/builders/ledger";
import { day, digestOf, fallbackTagOf, image, index } from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { recorded } from "../../support/builders/texts";

describe("the digits of a digest", () => {
  it("are the first sixteen behind the name of its hash", () => {
    assert.equal(digestPrefix(`sha256:${"0123456789abcdef".repeat(4)}`), "0123456789abcdef");
    assert.equal(digestPrefix(`sha512:${"fedcba9876543210".repeat(8)}`), "fedcba9876543210");
  });
});

describe("what is remembered of a deletion", () => {
  describe("when a plan goes", () => {
    const entries = [
      ...kept,
      index("pr", ["p1", "p2"], { tags: ["pr-1", "pr-x"], days: 40 }),
      image("p1", { days: 30 }),
      image("p2"),
      image("sig", { tags: [`${fallbackTagOf("pr")}.sig`] }),
      image("lone", { days: 20 }),
    ];
    const { plan } = planOf(entries, policyOf([dropPullRequests, dropUntagged]));

    it("is each image before its parts, and every tag", () => {
      const { images, tags } = imagesOfPlan(plan, new Set(plan.deletions.digests()));
      const pr = images.find((members) => members.includes(digits("pr")[0] ?? "")) ?? [];
      assert.deepEqual([...pr].sort(), digits("pr", "p1", "p2", "sig").sort());
      assert.equal(pr[0], digits("pr")[0]);
      assert.deepEqual(
        images.filter((members) => members !== pr),
        [digits("lone")],
      );
      assert.deepEqual(tags, {
        "pr-1": digits("pr")[0],
        "pr-x": digits("pr")[0],
        [`${fallbackTagOf("pr")}.sig`]: digits("sig")[0],
      });
    });

    it("is only what was approved", () => {
      assert.deepEqual(imagesOfPlan(plan, new Set([digestOf("lone")])), { images: [digits("lone")], tags: {} });
    });
  });

  describe("when a run was cut off", () => {
    it("is one image of all that went and what is left of it", () => {
      assert.deepEqual(imagesOfInterruptedRun([digestOf("pr")], [digestOf("p1")]), [digits("pr", "p1")]);
    });
    it("is nothing where nothing went", () => assert.deepEqual(imagesOfInterruptedRun([], [digestOf("p1")]), []));
  });
});

describe("the entries of the ledger", () => {
  const deletions = recorded({ [digestOf("gone")]: "pr-1" });
  const deletedOn = (date: string): Record<string, DeletedImages> => ({ [`${date}-000000000000`]: { images: [digits("gone")], tags: {} } });
  const staysOn = (today: string, deleted: Record<string, DeletedImages>, listed: readonly string[] | undefined = [], entries = kept) => {
    const graph = graphOf(
      entries,
      listed?.map((name) => deletedVersion(image(name), 9)),
    );
    return digestOf("gone") in stillRestorable(graph, deletions, deleted, today);
  };

  it("stay for thirty days", () => assert.equal(restorableFor, 30 * day));

  describe("when GitHub lists the version as deleted", () => {
    it("stay, however old they are", () => assert.ok(staysOn("2027-11-20", deletedOn("2026-11-01"), ["gone"])));
  });

  describe("when GitHub does not list it", () => {
    it("stay until the days are over: the list may lag behind", () => {
      assert.ok(staysOn("2026-11-30", deletedOn("2026-11-01")));
      assert.ok(!staysOn("2026-12-01", deletedOn("2026-11-01")));
    });
    it("count from the latest plan that deleted it", () => {
      assert.ok(staysOn("2026-12-01", { ...deletedOn("2026-11-02"), ...deletedOn("2026-11-01") }));
      assert.ok(!staysOn("2026-12-02", { ...deletedOn("2026-11-02"), ...deletedOn("2026-11-01") }));
      assert.ok(staysOn("2026-12-01", { ...deletedOn("2026-11-01"), ...deletedOn("2026-11-02") }));
    });
    it("stay where no plan is known to have deleted it", () => assert.ok(staysOn("2027-11-20", {})));
    it("stay while the version is there: it may still go", () => {
      assert.ok(staysOn("2027-11-20", deletedOn("2026-11-01"), [], [...kept, image("gone")]));
    });
  });

  describe("when GitHub does not tell what was deleted", () => {
    it("stay", () => {
      assert.deepEqual(stillRestorable(graphOf(kept), deletions, deletedOn("2026-11-01"), "2027-11-20"), deletions);
    });
  });
});

describe("what is remembered of deleted images", () => {
  const deleted: Record<string, DeletedImages> = {
    [earlier]: { images: [digits("a", "a part"), digits("b")], tags: { "pr-1": digits("a")[0] ?? "" } },
    [later]: { images: [digits("c")], tags: { "pr-2": digits("c")[0] ?? "" } },
  };
  const remembered = (on: { ledger?: string; restoring?: string; restore?: string[] }) => {
    const reasons = (name: string | undefined) => recorded(name === undefined ? {} : { [digestOf(name)]: "" });
    return Object.keys(
      stillNeeded(deleted, { deletions: reasons(on.ledger), restoring: reasons(on.restoring), references: on.restore ?? [] }),
    );
  };

  it("goes when nothing of it is on record", () => assert.deepEqual(remembered({ ledger: "other" }), []));
  it("stays whole as long as one version of it is in the ledger", () => {
    for (const name of ["a", "a part", "b"]) assert.deepEqual(remembered({ ledger: name }), [earlier]);
  });
  it("stays as long as one version of it is to be restored", () => assert.deepEqual(remembered({ restoring: "c" }), [later]));
  it("stays as long as `restore` names its plan, a tag or a digest of it", () => {
    for (const reference of [earlier, "pr-1", digestOf("a part")]) assert.deepEqual(remembered({ restore: ["x", reference] }), [earlier]);
    assert.deepEqual(remembered({ restore: ["x"] }), []);
  });
});
