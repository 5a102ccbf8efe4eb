import assert from "node:assert/strict";
import { entries, problems } from "../../support/migration/entries";
import { workflow, workflowOf } from "../../support/migration/workflow";

const expression = "$".concat("{{ inputs.what }}");
const d = "dataaxiom/ghcr-cleanup-action@v1";
const s3 = "snok/container-retention-policy@v3.0.1";
const usual = { account: "acme", token: "x", "image-names": "app", "cut-off": "2w" };

describe("the packages of the steps of an old workflow", () => {
  describe("when several steps clean up one package", () => {
    const text = workflowOf(
      [d, { owner: "Acme", package: "app", "delete-tags": "pr-*" }],
      [d, { owner: "acme", package: "app,web", "delete-tags": "dev-*" }],
      [s3, { ...usual, account: "acme", "image-names": "*" }],
    );
    it("makes one policy of them, with a name for each rule", () => {
      const all = entries(text);
      assert.deepEqual(
        all.map(({ owner, packages }) => [owner, packages]),
        [
          ["Acme", "app"],
          ["acme", "web"],
          ["acme", ["*"]],
        ],
      );
      assert.deepEqual(
        all[0]?.rules.map(({ rule }) => rule.name),
        ["drop-tagged", "drop-tagged-of-line-14"],
      );
      assert.match(all[0]?.comment.join("\n") ?? "", /Several steps become one policy here/);
    });
  });

  describe("when the package is not said", () => {
    it("asks for the owner, and then for the package", () => {
      assert.match(
        problems(workflow(d, {})).join(),
        /^clean\.yml, line 9: dataaxiom\/ghcr-cleanup-action: .* name the owner with --owner$/,
      );
      assert.match(problems(workflow(d, {}), { owner: "acme" }).join(), /name it with --package$/);
    });
    it("takes an expression for nothing said", () => {
      const text = workflow(d, { owner: expression, package: expression });
      assert.equal(entries(text, { owner: "acme", packages: ["app"] })[0]?.packages, "app");
    });
    it("refuses what is no name", () => {
      assert.match(
        problems(workflow(d, { owner: "a b", package: "app" })).join(),
        /expected the name of a GitHub user or organisation, not "a b"/,
      );
      assert.match(
        problems(workflow(d, { owner: "acme", package: "App!" })).join(),
        /expected the name of a package, in lower case, not "App!"/,
      );
    });
  });
});
