import assert from "node:assert/strict";
import { type RestorableList, restorableAsJson } from "../../../components/command-line/list-restorable";
import { digestOf, moment } from "../../support/builders/package";

const [known, unknown] = [digestOf("known"), digestOf("unknown")];

describe("what can be restored, as JSON", () => {
  it("has times in ISO 8601, and null for what neither GitHub nor a record tells", () => {
    const list: RestorableList = {
      isListed: false,
      images: [
        { digest: known, tags: ["pr-1"], parts: 2, deletedAt: moment, plan: "2026-11-23-7f3a9c21b4d0" },
        { digest: unknown, tags: [], parts: 0 },
      ],
    };
    assert.deepEqual(JSON.parse(restorableAsJson("acme/app", list)), {
      package: "acme/app",
      listedByGitHub: false,
      images: [
        {
          digest: known,
          tags: ["pr-1"],
          parts: 2,
          deletedAt: "2026-11-23T00:00:00Z",
          restorableUntil: "2026-12-23",
          plan: "2026-11-23-7f3a9c21b4d0",
        },
        { digest: unknown, tags: [], parts: 0, deletedAt: null, restorableUntil: null, plan: null },
      ],
    });
  });
});
