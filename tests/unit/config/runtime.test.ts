import assert from "node:assert/strict";
import { requireNode } from "../../../components/config/runtime";

describe("the runtime of a program", () => {
  it("may be Node.js", () => requireNode({ node: "24.21.0" }));

  it("is refused by name when it is Bun, with the remedy", () => {
    assert.throws(() => requireNode({ node: "24.3.0", bun: "1.4.5" }), {
      message: "ghcr-retention does not run on Bun (1.4.5), only on Node.js: write `runtime: nodejs` in Pulumi.yaml",
    });
  });
});
