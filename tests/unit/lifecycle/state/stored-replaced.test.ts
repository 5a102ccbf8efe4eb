import assert from "node:assert/strict";
import type { Replaced } from "../../../../components/approval/record";
import { StoredReplaced, storeReplaced } from "../../../../components/lifecycle/state/stored-replaced";

const id = "2026-11-23-0123456789ab";
const by = "2026-11-24-0123456789ab";

describe("a replaced plan in state", () => {
  it("keeps what took its place, how the set differs and which rules and settings do", () => {
    const replaced: Record<string, Replaced> = {
      [id]: {
        by,
        came: 3,
        went: 1,
        changes: [
          { kind: "rule-added", rule: "drop-pr" },
          { kind: "rule-removed", rule: "keep-prod" },
          { kind: "rule-changed", rule: "drop-main", reads: {} },
          { kind: "setting-changed", setting: "grace" },
        ],
      },
    };
    const stored = storeReplaced(replaced);
    assert.deepEqual(stored, { [id]: `${by} 3 1 +drop-pr -keep-prod ~drop-main =grace` });
    assert.deepEqual(StoredReplaced.parse(stored), replaced);
  });

  it("keeps that nothing took its place", () => {
    const replaced: Record<string, Replaced> = { [id]: { came: 0, went: 2, changes: [] } };
    assert.deepEqual(storeReplaced(replaced), { [id]: "none 0 2" });
    assert.deepEqual(StoredReplaced.parse(storeReplaced(replaced)), replaced);
  });

  it("is left out where its line is not understood, and so is a setting that decides nothing", () => {
    assert.deepEqual(StoredReplaced.parse({ [id]: "another build's" }), {});
    assert.deepEqual(StoredReplaced.parse({ [id]: "none 0 2 =approve" }), { [id]: { came: 0, went: 2, changes: [] } });
  });
});
