import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { graphPage } from "../../support/graph/graph-page";

describe("docs/graph.md", () => {
  it("shows what a look at each kind comes to: `npm run generate` writes it", async () => {
    const written = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "graph.md"), "utf8");
    assert.equal(written, await graphPage());
  });
});
