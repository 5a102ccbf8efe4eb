import assert from "node:assert/strict";
import { diagnosticsOf, sectionOf } from "../../../demo/output/diagnostics";
import { withShortTables } from "../../../demo/output/plan-text";
import { refusalsOf } from "../../../demo/output/refusals";

describe("the engine's output", () => {
  const output = `Previewing update (policy):

 +  pulumi:pulumi:Stack ghcr-retention-policy create
Diagnostics:
  type (logto-io/logto):
    plan one

      image
    approve:
      command

  type (logto-io/logto-cloud):
    nothing to delete

Policies:
    pack

Resources:
    + 3 to create
`;

  it("is read by resource, without its indentation", () => {
    const diagnostics = diagnosticsOf(output);
    assert.deepEqual(diagnostics.get("logto-io/logto"), ["plan one", "", "  image", "approve:", "  command"]);
    assert.deepEqual(diagnostics.get("logto-io/logto-cloud"), ["nothing to delete"]);
  });

  it("is read by section", () => {
    assert.deepEqual(sectionOf(output, "Policies"), ["    pack"]);
    assert.deepEqual(sectionOf(output, "Outputs"), []);
  });

  it("loses only rows of tables, and says how many", () => {
    const rows = (count: number) => Array.from({ length: count }, (_, row) => `  pr-${row}   ${row} days`);
    const table = [
      "plan",
      "",
      "  image  age",
      ...rows(9),
      "  … and 40 more: `pulumi preview --diff` shows every digest",
      "",
      "To approve:",
      "  do it",
    ];
    assert.deepEqual(withShortTables(table, 2), ["plan", "", "  image  age", ...rows(2), "  (47 more rows)", "", "To approve:", "  do it"]);
    const short = ["  image  age", ...rows(3), "", "end"];
    assert.deepEqual(withShortTables(short, 2), short);
  });

  it("says of a second refusal only what is new", () => {
    const policies =
      "Policies:\n    pack\n        - no  (logto)\n          why\n            one\n        - no  (cloud)\n          why\n            two\n";
    assert.deepEqual(refusalsOf(policies), ["pack", "    - no (logto)", "      why", "        one", "    - no (cloud)", "        two"]);
    assert.deepEqual(refusalsOf(""), []);
  });
});
