import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const modules = join(root, "node_modules");
const depcruise = join(modules, "dependency-cruiser", "bin", "dependency-cruise.mjs");
const biome = join(modules, "@biomejs", "biome", "bin", "biome");

describe("the order of imports", function () {
  this.timeout(60_000);

  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ghcr-retention-imports-"));
    for (const file of [".dependency-cruiser.mjs", "biome.json", ".gitignore"]) copyFileSync(join(root, file), join(folder, file));
    writeFileSync(join(folder, "tsconfig.tests.json"), '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext" } }\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes one file for each path, which imports the others that it names. */
  function write(files: Readonly<Record<string, readonly string[]>>): void {
    for (const [path, imports] of Object.entries(files)) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      const lines = imports.map((from, index) => `import { value as v${index} } from "${from}";\n`);
      writeFileSync(target, `${lines.join("")}export const value = [${imports.map((_, index) => `v${index}`).join(", ")}];\n`);
    }
  }

  function lint(script: string, ...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [script, ...args], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
      });
    });
  }

  it("lets a folder import those above it", async () => {
    write({
      "cleaners/actions.ts": [],
      "components/model/digest.ts": [],
      "components/graph/graph.ts": ["../model/digest"],
      "components/plan/plan.ts": ["../graph/graph", "../model/digest"],
      "components/migration/entries.ts": ["../../cleaners/actions", "../plan/plan"],
      "policies/policies.ts": ["../cleaners/actions"],
      "tests/support/world.ts": ["../../components/plan/plan"],
      "tests/unit/plan.test.ts": ["../support/world"],
    });
    const { code, output } = await lint(depcruise, "cleaners", "components", "policies", "tests");
    assert.equal(code, 0, output);
  });

  it("refuses every other import, by the name of the rule and of both files", async () => {
    write({
      "components/model/digest.ts": ["../graph/graph", "../../tests/support/world"],
      "components/model/tag.ts": [],
      "components/graph/graph.ts": ["../model/tag", "../rules/rule", "../../policies/policies"],
      "components/rules/rule.ts": ["../rules/tag", "../odd/folder"],
      "components/rules/tag.ts": ["./rule"],
      "components/odd/folder.ts": [],
      "policies/policies.ts": ["../components/inventory/http/client"],
      "components/inventory/http/client.ts": [],
      "components/inventory/cache/store.ts": ["../http/client"],
      "tests/support/world.ts": ["../unit/plan.test"],
      "tests/unit/plan.test.ts": ["../engine/up.test"],
      "tests/engine/up.test.ts": [],
    });
    const { code, output } = await lint(depcruise, "components", "policies", "tests");
    assert.notEqual(code, 0, output);
    for (const refused of [
      "components/model imports only folders above it: components/model/digest.ts → components/graph/graph.ts",
      "components imports only components, cleaners: components/model/digest.ts → tests/support/world.ts",
      "components/graph imports only folders above it: components/graph/graph.ts → components/rules/rule.ts",
      "components imports only components, cleaners: components/graph/graph.ts → policies/policies.ts",
      "every folder of components has a line in the order: components/rules/rule.ts → components/odd/folder.ts",
      "policies imports only policies, cleaners: policies/policies.ts → components/inventory/http/client.ts",
      "components/inventory/cache imports only folders above it: components/inventory/cache/store.ts → components/inventory/http/client.ts",
      "a kind of tests imports no other kind: tests/support/world.ts → tests/unit/plan.test.ts",
      "a kind of tests imports no other kind: tests/unit/plan.test.ts → tests/engine/up.test.ts",
    ]) {
      assert.ok(output.includes(`error ${refused}`), `expected '${refused}' in:\n${output}`);
    }
    assert.match(output, /error no file circle: components\/rules\/\w+\.ts →\s+components\/rules\/\w+\.ts →/);
    assert.match(output, /error no folder circle: components\/(graph|model) →\s+components\/(graph|model) →/);
  });

  it("lets Biome refuse a circle between files", async () => {
    write({ "components/rules/rule.ts": ["./tag"], "components/rules/tag.ts": ["./rule"] });
    const { code, output } = await lint(biome, "lint", ".");
    assert.notEqual(code, 0, output);
    assert.match(output, /components\/rules\/rule\.ts.*lint\/suspicious\/noImportCycles/);
  });
});
