import assert from "node:assert/strict";
import { previewReport } from "../../../components/report/preview-report";
import { summaryOf } from "../../../components/review/package-summary";
import { ReviewedInputs } from "../../../components/review/recorded";
import { checkPackage, findingOf } from "../../../components/review/review-package";
import type { PolicyInput } from "../../../components/rules/policy";
import { deletedVersion } from "../../support/builders/decided";
import { childOf, day, type Entry, image, index, moment } from "../../support/builders/package";
import { lookedAt, packageReview, reported } from "../../support/builders/reviewed";

const prod = [index("prod", [childOf("amd64")], { tags: ["prod"] }), image("amd64")];
const world = [...prod, image("pr", { tags: ["pr-1"], days: 30 }), image("lone", { days: 20 })];
const all = { name: "drop-all", action: "delete" as const, untagged: true as const, scope: "versions" as const };

const gone = deletedVersion(image("gone", { tags: ["pr-0"] }), 70, moment - day);

type Row = readonly [string, readonly Entry[], Partial<PolicyInput>, object];

describe("a package in one line", () => {
  for (const [what, entries, policy, expected] of [
    ["that waits for approval", world, {}, { status: "waiting", waiting: 2, inGrace: 0, total: 4, withheld: 0 }],
    ["in grace", world, { grace: "7d" }, { status: "in-grace", waiting: 0, inGrace: 2, total: 4, withheld: 0 }],
    ["with nothing to delete", prod, { rules: [all] }, { status: "idle", waiting: 0, inGrace: 0, total: 2, withheld: 1 }],
    ["that comes back", prod, { restore: ["pr-0"] }, { status: "restoring", waiting: 0, inGrace: 0, total: 2, withheld: 0 }],
    ["with a single version", [image("only", { tags: ["v1"] })], {}, { status: "idle", waiting: 0, inGrace: 0, total: 1, withheld: 0 }],
  ] as readonly Row[]) {
    it(`has the same numbers from the package and from a printed preview: one ${what}`, () => {
      const input = lookedAt(entries, { policy, inventory: { deleted: [gone] } });
      const { inputs, decided } = checkPackage(input);
      assert.ok(inputs && decided);
      const printed = previewReport(decided.decision, decided.policy, {
        refused: {},
        ledger: {},
        frees: {},
        notices: [],
        approveWith: input.approveWith,
      });
      const own = summaryOf(packageReview(findingOf(input)));
      const saved = { name: "logto-io/logto", report: reported(printed, ReviewedInputs.parse(inputs)), warnings: [] };
      const { status, waiting, inGrace, total, withheld } = own;
      assert.deepEqual({ status, waiting, inGrace, total, withheld }, expected);
      assert.deepEqual(summaryOf(packageReview(saved)), own);
    });
  }
});
