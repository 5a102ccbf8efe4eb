import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadingTypeScript } from "../../support/load-typescript";

const lifecycle = join(__dirname, "..", "..", "..", "components", "lifecycle", "index.ts");

describe("a provider that watches its engine's pipe", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ghcr-retention-linked-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Writes a package that is one file. */
  async function writePackage(modules: string, name: string, code: string): Promise<string> {
    const place = join(modules, name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, "index.js"), code);
    return place;
  }

  it("loads packages by their symbolic links, beside which their own dependencies are not", async () => {
    const store = join(folder, "store", "node_modules");
    await writePackage(store, "dependency", 'module.exports = "loaded";\n');
    const linked = await writePackage(store, "linked", 'module.exports = require("dependency");\n');
    const modules = join(folder, "project", "node_modules");
    await mkdir(modules, { recursive: true });
    await symlink(linked, join(modules, "linked"), "junction");

    const host = join(folder, "project", "host.js");
    await writeFile(
      host,
      `require(${JSON.stringify(lifecycle)}).create().configure({ config: { get() {} } }).then(() => {
        console.log(require("linked"));
        process.exit();
      });\n`,
    );
    const { stdout } = await promisify(execFile)(process.execPath, [...loadingTypeScript, host]);
    assert.equal(stdout, "loaded\n");
  });
});
