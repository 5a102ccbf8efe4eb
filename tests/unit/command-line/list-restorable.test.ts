import assert from "node:assert/strict";
import { type LabelledList, renderRestorable, restorableAsJson } from "../../../components/command-line/list-restorable";
import { digestOf, moment } from "../../support/builders/package";

const [known, unknown] = [digestOf("known"), digestOf("unknown")];

describe("what can be restored, as JSON", () => {
  it("has times in ISO 8601, and null for what neither GitHub nor a record tells", () => {
    const list: LabelledList = {
      label: "acme/app",
      isListed: false,
      images: [
        { digest: known, tags: ["pr-1"], parts: 2, deletedAt: moment, plan: "2026-11-23-7f3a9c21b4d0" },
        { digest: unknown, tags: [], parts: 0 },
      ],
    };
    assert.deepEqual(JSON.parse(restorableAsJson([list])).packages, [
      {
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
      },
    ]);
  });
});

describe("what can be restored of several packages", () => {
  const image = { digest: known, tags: ["pr-1"], parts: 0, deletedAt: moment, plan: "2026-11-23-7f3a9c21b4d0" };
  const empty = (label: string, isListed = true): LabelledList => ({ label, images: [], isListed });

  it("is a table for each, and one line for all that have nothing", () => {
    const lists = [empty("acme/a"), { label: "acme/b", images: [image], isListed: true }, empty("acme/c"), empty("acme/d", false)];
    const [first, second, third] = renderRestorable(lists).split("\n\n");
    assert.match(first ?? "", /^acme\/b: 1 image can be restored\n {2}image .*\n {2}pr-1 .* 2026-12-23 /);
    assert.equal(second, "acme/a, acme/c: nothing that can be restored");
    assert.equal(third, "acme/d: nothing that can be restored on record (GitHub refuses its list of deleted versions to this token)");
  });
});
