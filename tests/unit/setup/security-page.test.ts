import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";

describe("SECURITY.md", () => {
  const page = readFileSync(join(root, "SECURITY.md"), "utf8");

  it("names tests that there are, for every attack", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && line.split("|").length === 6 && !line.startsWith("| attacker"));
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const named = [...(row.split("|")[4] ?? "").matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? "");
      assert.ok(named.length > 0, row);
      for (const path of named) {
        const places = [`tests/${path}.test.ts`, `tests/${path}`, path];
        assert.ok(
          places.some((place) => existsSync(join(root, place))),
          `${path} is no test`,
        );
      }
    }
  });

  it("is linked from the README", () => {
    assert.ok(readFileSync(join(root, "README.md"), "utf8").includes("](SECURITY.md)"));
  });
});
