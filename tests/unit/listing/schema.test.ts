import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { planListSchema, schemaVersion } from "../../../components/listing/plan-list";

const published = readFileSync(join(__dirname, "..", "..", "..", "schema", "plan.schema.json"), "utf8");

/**
 * The published schema of each version, without what it says to people. Who adds a field puts its new hash here; who takes one out or
 * changes its meaning raises the version as well, and adds a line.
 */
const shapes: Readonly<Record<number, string>> = {
  1: "6dcb875769ed3362",
};

describe("the JSON Schema of `plan --json`", () => {
  it("is the one that is published: `npm run generate` writes it", () => {
    assert.equal(published, `${JSON.stringify(planListSchema(), null, 2)}\n`);
  });

  it("does not change unnoticed", () => {
    const shape = JSON.stringify(JSON.parse(published), (key, value) => (key === "description" ? undefined : value));
    assert.equal(createHash("sha256").update(shape).digest("hex").slice(0, 16), shapes[schemaVersion]);
  });
});
