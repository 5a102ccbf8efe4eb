import assert from "node:assert/strict";
import type { ApprovalRecord } from "../../../components/approval/record";
import { resolveRestore } from "../../../components/approval/restore-references";
import { deletedVersion, nothing } from "../../support/builders/decided";
import { digits, earlier, graphOf, kept, later } from "../../support/builders/ledger";
import { digestOf, type Entry, image } from "../../support/builders/package";
import { noticesIn, recorded, textsOf } from "../../support/builders/texts";

function short(name: string): string {
  return digestOf(name).slice(0, "sha256:".length + 12);
}

/** `pr-1` went twice, each time another image with a part; `lone` went with the first. */
const record: ApprovalRecord = {
  ...nothing,
  deletions: recorded({
    [digestOf("old pr")]: "pr-1, 40 days old (drop-pr)",
    [digestOf("old part")]: "linux/amd64 of pr-1",
    [digestOf("lone")]: "untagged, 50 days old, nothing needs it (drop-untagged)",
    [digestOf("new pr")]: "pr-1, 20 days old (drop-pr)",
    [digestOf("new part")]: "linux/amd64 of pr-1",
  }),
  deleted: {
    [earlier]: {
      images: [digits("old pr", "old part"), digits("lone")],
      tags: { "pr-1": digits("old pr")[0] ?? "", "pr-one": digits("old pr")[0] ?? "" },
    },
    [later]: { images: [digits("new pr", "new part")], tags: { "pr-1": digits("new pr")[0] ?? "" } },
  },
};
const everyone = ["old pr", "old part", "lone", "new pr", "new part"];

/** What `restore` comes to, by the names of the versions. */
function backOf(references: readonly string[], entries: readonly Entry[] = kept, restorable = everyone, on: ApprovalRecord = record) {
  const deleted = restorable.map((name, place) => deletedVersion(image(name), 100 + place));
  const { protect, restoring, notices } = resolveRestore(graphOf(entries, deleted), on, references);
  const names = new Map([...everyone, ...entries.map(({ name }) => name)].map((name) => [digestOf(name), name]));
  const named = (digest: string) => names.get(digest) ?? digest;
  return {
    protect: protect.map(named),
    restoring: Object.fromEntries(Object.entries(textsOf(restoring)).map(([digest, reason]) => [named(digest), reason])),
    notices: noticesIn({ notices }),
  };
}

describe("the way back", () => {
  describe("when `restore` names nothing", () => {
    it("is none", () => assert.deepEqual(backOf([]), { protect: [], restoring: {}, notices: [] }));
  });

  describe("when `restore` names a plan", () => {
    it("brings back all of it, and protects it", () => {
      assert.deepEqual(backOf([earlier]), {
        protect: [earlier, "old pr", "old part", "lone"],
        restoring: {
          "old pr": "pr-1, 40 days old (drop-pr)",
          "old part": "linux/amd64 of pr-1",
          lone: "untagged, 50 days old, nothing needs it (drop-untagged)",
        },
        notices: [],
      });
    });
  });

  describe("when `restore` names a tag", () => {
    it("brings back the image that had it last, with its parts", () => {
      assert.deepEqual(Object.keys(backOf(["pr-1"]).restoring), ["new pr", "new part"]);
    });
    it("brings back the one that had it last, in whatever order the plans are on record", () => {
      const { deleted = {} } = record;
      const turned = { ...record, deleted: Object.fromEntries(Object.entries(deleted).reverse()) };
      assert.deepEqual(Object.keys(backOf(["pr-1"], kept, everyone, turned).restoring), ["new pr", "new part"]);
    });
    it("brings back the image that had it, and nothing else of its plan", () => {
      assert.deepEqual(Object.keys(backOf(["pr-one"]).restoring), ["old pr", "old part"]);
    });
    it("brings back the whole image where the tag is that of a part", () => {
      const tagged: ApprovalRecord = {
        ...record,
        deleted: { [later]: { images: [digits("lone"), digits("new pr", "new part")], tags: { arm: digits("new part")[0] ?? "" } } },
      };
      assert.deepEqual(Object.keys(backOf(["arm"], kept, everyone, tagged).restoring), ["new pr", "new part"]);
    });
    it("does not take it for the beginning of a digest", () => {
      const hex = digits("old part")[0] ?? "";
      assert.deepEqual(backOf([hex]).restoring, {});
      assert.equal(backOf([hex]).notices.length, 1);
    });
  });

  describe("when `restore` names a digest", () => {
    it("brings back the whole image, even where it is that of a part", () => {
      for (const name of ["old pr", "old part"]) {
        assert.deepEqual(Object.keys(backOf([digestOf(name)]).restoring), ["old pr", "old part"]);
      }
    });
  });

  describe("when somebody else deleted a part of what it names", () => {
    const { [digestOf("old part")]: _byHand, ...deletions } = record.deletions;
    it("brings back the part as well", () => {
      for (const name of ["old pr", "old part"]) {
        assert.deepEqual(backOf([digestOf(name)], kept, everyone, { ...record, deletions }).restoring, {
          "old pr": "pr-1, 40 days old (drop-pr)",
          "old part": "found deleted, not recorded: by whom is not known",
        });
      }
    });
    it("brings back the image as well, where the part entered the ledger as found", () => {
      const found = { ...record, deleted: { ...record.deleted, "2026-11-23-found": { images: [digits("old part")], tags: {} } } };
      assert.deepEqual(Object.keys(backOf([digestOf("old part")], kept, everyone, found).restoring).sort(), ["old part", "old pr"]);
    });
  });

  describe("when a part is still there", () => {
    it("protects it, and brings back the rest", () => {
      const { protect, restoring } = backOf([earlier], [...kept, image("old part")]);
      assert.deepEqual(protect, [earlier, "old pr", "old part", "lone"]);
      assert.deepEqual(Object.keys(restoring), ["old pr", "lone"]);
    });
  });

  describe("when what it names is there", () => {
    it("says nothing, whether it is a tag or a digest", () => {
      assert.deepEqual(backOf(["prod", digestOf("amd64")]), { protect: ["prod", "amd64"], restoring: {}, notices: [] });
    });
  });

  describe("when it names what was never deleted under this policy", () => {
    it("says so", () => {
      assert.deepEqual(backOf(["nobody"]), {
        protect: ["nobody"],
        restoring: {},
        notices: [
          "restore: nothing that GitHub can still restore is named nobody: expected a digest, a tag, a plan id or a time of the last 30 days",
        ],
      });
      assert.equal(backOf(["pr-1"], kept, everyone, nothing).notices.length, 1);
    });
  });

  describe("when GitHub cannot restore a version any more", () => {
    it("says so of that one, and restores the others", () => {
      const { restoring, notices } = backOf([earlier], kept, ["old pr", "old part"]);
      assert.deepEqual(Object.keys(restoring), ["old pr", "old part"]);
      assert.deepEqual(notices, [
        `restore: ${short("lone")} (untagged, 50 days old, nothing needs it (drop-untagged)) cannot be restored any more; GitHub keeps a deleted version for 30 days`,
      ]);
    });
    it("tries all the same where GitHub does not tell", () => {
      const { restoring, notices } = resolveRestore(graphOf(kept), record, [earlier]);
      assert.deepEqual(Object.keys(restoring).length, 3);
      assert.deepEqual(notices, []);
    });
  });

  describe("when a restoration is under way", () => {
    it("still knows what is not back, and why it went", () => {
      const { deletions, ...rest } = record;
      const restoring = backOf([later], kept, everyone, { ...rest, deletions: {}, restoring: deletions }).restoring;
      assert.deepEqual(restoring, { "new pr": "pr-1, 20 days old (drop-pr)", "new part": "linux/amd64 of pr-1" });
    });
    it("brings back the tags of an image that is there without them", () => {
      const { restoring, notices } = backOf([later], [...kept, image("new pr"), image("new part")]);
      assert.deepEqual(restoring, { "new pr": "pr-1, 20 days old (drop-pr)" });
      assert.deepEqual(notices, []);
    });
    it("names the reference as the reason where the record holds none any more", () => {
      const { restoring } = backOf([later], [...kept, image("new pr"), image("new part")], everyone, { ...record, deletions: {} });
      assert.deepEqual(restoring, { "new pr": later });
    });
    it("is over when the tags are back, or another image has them by now", () => {
      assert.deepEqual(backOf([later], [...kept, image("new pr", { tags: ["pr-1"] }), image("new part")]).restoring, {});
      const moved = [...kept, image("new pr"), image("new part"), image("other", { tags: ["pr-1"] })];
      assert.deepEqual(backOf([later], moved).restoring, {});
    });
    it("asks for no tag of an image that is not named", () => {
      const entries = [...kept, image("old pr", { tags: ["pr-1"] }), image("old part"), image("lone")];
      assert.deepEqual(backOf([digestOf("lone")], entries).restoring, {});
    });
  });
});
