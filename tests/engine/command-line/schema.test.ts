import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { schemaCommand } from "../../../components/command-line/schema-command";
import { printed, runCompiled } from "../../support/command-line/run";

describe("`ghcr-retention schema`", function () {
  this.timeout(60_000);

  it("prints what is published", async () => {
    const published = readFileSync(join(__dirname, "..", "..", "..", "schema", "ghcr-retention.schema.json"), "utf8");
    assert.equal(await printed(schemaCommand(), []), published);
  });
});

describe("`ghcr-retention`", function () {
  this.timeout(60_000);

  it("names its commands", async () => {
    const { stdout } = await runCompiled(["--help"]);
    assert.match(stdout, /explain \[options\] <package> <reference>[\s\S]*schema/);
  });
  it("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as { version: string };
    assert.deepEqual(await runCompiled(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
  });
  it("refuses what it does not know", async () => {
    const { code, stderr } = await runCompiled(["explian"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /unknown command 'explian'/);
  });
  it("is what package.json promises", () => {
    const { bin } = JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "package.json"), "utf8")) as { bin: Record<string, string> };
    assert.deepEqual(bin, { "ghcr-retention": "./bin/components/command-line/main.js" });
  });
});
