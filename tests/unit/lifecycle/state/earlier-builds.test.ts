import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestPrefix } from "../../../../components/approval/record";
import { kindsOfEarlierBuild, noticeOfEarlierBuild } from "../../../../components/lifecycle/state/earlier-builds";
import { approvalRecord, StoredRecord, storeRecord } from "../../../../components/lifecycle/state/stored";
import { recallNotices, storeNotices } from "../../../../components/lifecycle/state/stored-notices";
import { kindOf } from "../../../../components/plan/deletion-reason";
import { digestOf } from "../../../support/builders/package";

const states = join(__dirname, "..", "..", "..", "fixtures", "states");
const names = readdirSync(states, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

interface Stored {
  readonly inputs: {
    readonly deletions?: object;
    readonly pending?: { readonly deletions: Record<string, string> };
    readonly notices?: string[];
  };
  readonly outputs: { readonly notices?: string[] };
}

function policiesIn(name: string): Stored[] {
  const { deployment } = JSON.parse(readFileSync(join(states, name, "state.json"), "utf8"));
  return deployment.resources.filter(({ type }: { type: string }) => type === "pulumi-nodejs:dynamic/ghcr:RetentionPolicy");
}

describe("the record of a build that stored texts without their kinds", () => {
  for (const name of names) {
    describe(name, () => {
      for (const { inputs, outputs } of policiesIn(name)) {
        it("gives every waiting version its kind", () => {
          const { pending } = approvalRecord(StoredRecord.parse(inputs), []);
          for (const [digest, reason] of Object.entries(pending?.deletions ?? {})) {
            const text = inputs.pending?.deletions[digest] ?? "";
            assert.equal(kindOf(reason) === "untagged-image", text.startsWith("untagged, "), text);
          }
        });

        it("is stored again word for word", () => {
          const record = StoredRecord.parse(inputs);
          const { deletions, pending } = storeRecord(approvalRecord(record, []));
          assert.deepEqual(deletions, inputs.deletions);
          assert.deepEqual(pending?.deletions, inputs.pending?.deletions);
        });

        it("gives every notice what it is about", () => {
          for (const text of [...(inputs.notices ?? []), ...(outputs.notices ?? [])]) assert.ok(noticeOfEarlierBuild(text), text);
        });
      }
    });
  }

  it("holds a plan that waits, and notices, in some of the states", () => {
    const all = names.flatMap(policiesIn);
    assert.ok(all.some(({ inputs }) => inputs.pending));
    assert.ok(all.some(({ outputs }) => outputs.notices));
  });

  it("tells untagged images from parts and from tagged images", () => {
    const texts = {
      [digestOf("lone")]: "untagged, 20 days old, nothing needs it (drop-untagged)",
      [digestOf("part")]: "linux/amd64 of pr-1",
      [digestOf("pr")]: "pr-1, 3 days old (untagged, )",
    };
    assert.deepEqual(kindsOfEarlierBuild(texts), { "untagged-image": digestPrefix(digestOf("lone")) });
  });

  for (const [text, id] of [
    ["approval 2026-11-23-0123456789ab is void: …", { kind: "approval-void", subject: "2026-11-23-0123456789ab" }],
    ["approval 2026-11-23-0123456789ab is not honoured: …", { kind: "approval-over-limits", subject: "2026-11-23-0123456789ab" }],
    ["approval 2026-11-23-0123456789ab: 1 of its 5 versions stay, …", { kind: "approval-shrunk", subject: "2026-11-23-0123456789ab" }],
    ["2 versions leave the ledger on 2026-11-23: …", { kind: "ledger-expiry", subject: "2026-11-23" }],
    [
      "restore: nothing that this policy deleted, and GitHub can still restore, is named pr-9",
      { kind: "restore-unknown", subject: "pr-9" },
    ],
    ["something quite else", undefined],
  ] as const) {
    it(`reads the notice: ${text}`, () => assert.deepEqual(noticeOfEarlierBuild(text), id));
  }
});

describe("notices in state", () => {
  it("keep what they are about beside their text", () => {
    const stored = storeNotices([
      { kind: "ledger-expiry", count: 2, day: "2026-11-23" },
      { kind: "approval-void", id: "2026-11-23-0123456789ab", cause: { kind: "not-on-record" } },
    ]);
    assert.deepEqual(stored.noticeIds, ["ledger-expiry 2026-11-23", "approval-void 2026-11-23-0123456789ab"]);
    assert.deepEqual(
      recallNotices(stored).map((notice) => notice.kind === "recorded" && notice.was),
      [
        { kind: "ledger-expiry", subject: "2026-11-23" },
        { kind: "approval-void", subject: "2026-11-23-0123456789ab" },
      ],
    );
  });

  it("are not stored where there are none", () => assert.deepEqual(storeNotices([]), {}));
});
