import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { satisfies } from "semver";
import { isInstalled } from "../../../scripts/setup/dependencies.mjs";
import { goProblem } from "../../../scripts/setup/go.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { nodeProblem } from "../../../scripts/setup/requirements.mjs";

describe("what the machine must have", () => {
  const accepted = ["20.19.0", "20.20.2", "22.12.0", "24.1.0"];
  const refused = ["12.22.12", "18.20.8", "20.18.3", "21.7.3", "22.11.0"];

  for (const version of accepted) {
    it(`accepts Node ${version}`, () => assert.equal(nodeProblem(version), undefined));
  }

  for (const version of refused) {
    it(`refuses Node ${version} in one line with the remedy`, () => {
      assert.match(nodeProblem(version) ?? "", new RegExp(`^Node ${version} is too old[^\\n]*https://nodejs\\.org/\\S+$`));
    });
  }

  it("asks for the Node that package.json asks for", async () => {
    for (const folder of ["", "policies"]) {
      const { engines } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
      for (const version of [...accepted, ...refused]) assert.equal(satisfies(version, engines.node), accepted.includes(version), version);
    }
  });

  describe("when Go is missing", () => {
    const path = process.env.PATH;
    before(() => {
      process.env.PATH = dirname(process.execPath);
    });
    after(() => {
      process.env.PATH = path;
    });

    it("says so, with the remedy", async function () {
      if ((await import("node:fs")).existsSync(join(dirname(process.execPath), "go"))) return this.skip();
      assert.match((await goProblem(root)) ?? "", /^Go is not installed [^\n]*https:\/\/go\.dev\/dl\//);
    });
  });
});

describe("the installed dependencies", () => {
  const locked = { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/other-platform": { version: "1.0.0", optional: true } };

  it("are ready when every locked version is there", () => {
    assert.ok(isInstalled(locked, { "node_modules/a": { version: "1.0.0" } }));
  });

  it("are not ready when one is missing or another version", () => {
    assert.ok(!isInstalled(locked, {}));
    assert.ok(!isInstalled(locked, { "node_modules/a": { version: "1.0.1" } }));
  });

  it("are not ready when an optional one is another version", () => {
    assert.ok(!isInstalled(locked, { "node_modules/a": { version: "1.0.0" }, "node_modules/other-platform": { version: "2.0.0" } }));
  });
});
