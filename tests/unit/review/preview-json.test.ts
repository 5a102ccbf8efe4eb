import assert from "node:assert/strict";
import { readPreview } from "../../../components/review/preview-json";
import { isIncomplete, reviewOf } from "../../../components/review/review";

const policyType = "pulumi-nodejs:dynamic/ghcr:RetentionPolicy";
const urn = `urn:pulumi:prod::shop::${policyType}::acme/app`;

function read(preview: object) {
  return readPreview(JSON.stringify(preview), "preview.json");
}

function step(inputs: object, name = "acme/app") {
  return {
    op: "update",
    urn: `urn:pulumi:prod::shop::ghcr:index:OrganizationRetention$${policyType}::${name}`,
    newState: { type: policyType, inputs: { owner: "acme", package: "app", ...inputs } },
  };
}

describe("a saved preview", () => {
  describe("when it holds an unchanged policy without its step", () => {
    it("tells what the report says, and how to have the images", () => {
      const { packages, notes } = read({
        diagnostics: [{ urn, severity: "info", message: "nothing to delete: keep all 3 versions\n" }],
      });
      assert.deepEqual(
        packages.map(({ name, report }) => [name, report?.idle]),
        [["acme/app", "nothing to delete: keep all 3 versions"]],
      );
      assert.match(notes.join(), /lists no images of 1 unchanged policies: `pulumi preview --json --show-sames` does/);
    });
  });

  describe("when the package could not be looked at", () => {
    const failed = { urn: step({}).urn, severity: "error", message: "error: acme/app: GitHub answered 404\n" };
    it("says why, and is incomplete", () => {
      const findings = read({ steps: [step({ unseen: true })], diagnostics: [failed] });
      assert.equal(findings.packages[0]?.failure, "acme/app: GitHub answered 404");
      assert.ok(isIncomplete(reviewOf("prod", findings)));
    });
    it("is complete where the policy says that this is no reason to fail", () => {
      const findings = read({ steps: [step({ unseen: true })], diagnostics: [{ ...failed, severity: "warning" }] });
      assert.equal(findings.packages[0]?.failure, "acme/app: GitHub answered 404");
      assert.ok(!isIncomplete(reviewOf("prod", findings)));
    });
  });

  describe("when the ledger takes in what others deleted", () => {
    it("lists it under no plan", () => {
      const [planned, found] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
      const inputs = {
        deletions: { [planned]: "pr-1, 40 days old (drop-pr)", [found]: "found deleted, not recorded: by whom is not known" },
        deleted: { "2026-11-20-found": { images: "b".repeat(16), tags: "" } },
      };
      const report = "plan 2026-11-23-000000000000: delete 1 of 5 versions (1 images), keep 4\napproved: `pulumi up` deletes these.";
      const [finding] = read({ steps: [step(inputs)], diagnostics: [{ urn: step({}).urn, severity: "info", message: report }] }).packages;
      assert.deepEqual(Object.keys(finding?.report?.plans[0]?.reasons ?? {}), [planned]);
    });
  });

  describe("when something else failed", () => {
    it("says so, and is incomplete", () => {
      const findings = read({ diagnostics: [{ severity: "error", message: "error: no stack" }] });
      assert.deepEqual(findings.errors, ["no stack"]);
      assert.ok(isIncomplete(reviewOf("prod", findings)));
    });
  });

  describe("when a policy is not known yet", () => {
    it("says so", () => {
      const [finding] = read({ steps: [step({})] }).packages;
      assert.equal(finding?.failure, "the preview does not know what this policy would do yet");
    });
  });

  describe("when its inputs are not understood", () => {
    it("says where", () => {
      const [finding] = read({ steps: [step({ deletions: "all" })] }).packages;
      assert.match(
        finding?.failure ?? "",
        /^its inputs are not understood: a secret hides them, or another version of the package wrote them\n {2}deletions: /,
      );
    });
  });

  describe("when it cannot be told what goes", () => {
    const plan = "plan 2026-11-23-000000000000: delete 1055 of 4000 versions (211 images), keep 2945, 0 withheld";
    const waiting = "waiting for approval, nothing is deleted until then. To approve exactly this:\n  x";
    const pending = { id: "2026-11-23-000000000000", deletions: { "sha256:0": "pr-1, 40 days old (drop-pr)" }, tags: "" };
    const idle = "nothing to delete: keep all 3 versions, 0 withheld";
    const again = "run `pulumi preview --json --show-sames` again, with the version of the package that reviews it";

    for (const [what, message, inputs, oldOutputs, failure] of [
      ["a report of another form", "plan of another version: delete 1,055", {}, {}, `its report is of no known form: ${again}`],
      [
        "inputs without the images",
        `${plan}\n\n${waiting}`,
        {},
        {},
        `its report says that the plan 2026-11-23-000000000000 deletes 1055 versions, and its inputs list 0: ${again}`,
      ],
      [
        "inputs with fewer images",
        `${plan}\n\n${waiting}`,
        { pending },
        {},
        `its report says that the plan 2026-11-23-000000000000 deletes 1055 versions, and its inputs list 1: ${again}`,
      ],
      [
        "a report without the plan of its inputs",
        idle,
        { pending },
        {},
        `its inputs hold the plan 2026-11-23-000000000000, and its report does not: ${again}`,
      ],
      [
        "hidden outputs",
        idle,
        {},
        { ledger: "[secret]" },
        "the outputs of its last run are not understood: a secret hides them, or another version of the package wrote them",
      ],
    ] as const) {
      it(`is a failure with what to do: ${what}`, () => {
        const saved = { ...step(inputs), oldState: { type: policyType, outputs: oldOutputs } };
        const findings = read({ steps: [saved], diagnostics: [{ urn: saved.urn, severity: "info", message }] });
        assert.equal(findings.packages[0]?.failure, failure);
        assert.ok(isIncomplete(reviewOf("prod", findings)));
      });
    }
  });

  describe("when a policy is taken out", () => {
    it("says that nothing is deleted", () => {
      const gone = { op: "delete", urn, oldState: { type: policyType } };
      const { packages, notes, errors } = read({ steps: [gone] });
      assert.deepEqual([packages, errors], [[], []]);
      assert.deepEqual(notes, ["the policy of acme/app is taken out of the stack: nothing is deleted in the registry"]);
    });
  });

  describe("when it holds other resources", () => {
    it("leaves them out", () => {
      const other = { op: "create", urn: "urn:pulumi:prod::shop::aws:s3:Bucket::logs", newState: { type: "aws:s3:Bucket" } };
      const { packages, errors } = read({ steps: [other] });
      assert.deepEqual(packages, []);
      assert.match(errors.join(), /^preview\.json holds no preview of a retention policy: expected what /);
    });
  });

  describe("when it is none", () => {
    it("says what was expected", () => {
      assert.throws(
        () => readPreview("Previewing update", "p.json"),
        /^Error: p\.json is no JSON: expected what `pulumi preview --json --show-sames` printed/,
      );
      assert.throws(() => readPreview("[]", "p.json"), /^Error: p\.json is not what .* prints:\n {2}the whole: expected an object with/);
      assert.throws(() => read({ steps: [{}] }), /steps\[0\]\.op: /);
    });
  });
});
