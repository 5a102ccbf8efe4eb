import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../scripts/setup/paths.mjs";

describe("the record of the chosen engine", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-record-"));
    await cp(join(root, "scripts", "setup"), join(folder, "here", "scripts", "setup"), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** What a set-up in that tree evaluates to. */
  function inTree(tree: string, expression: string): unknown {
    const module = join(folder, tree, "scripts", "setup", "engine-record.mjs");
    const script = `const { chosenEngine, recordEngine } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(await ${expression} ?? null));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  }

  const record = (pulumi: string) => inTree("here", `recordEngine(${JSON.stringify({ pulumi, kind: "built", version: "3.250.0" })})`);

  it("holds for a copy of the tree, which has an engine of its own", async () => {
    record(join(folder, "here", ".tools", "bin", "pulumi"));
    assert.ok(!(await readFile(join(folder, "here", ".tools", "engine.json"), "utf8")).includes(folder));
    await rename(join(folder, "here"), join(folder, "there"));
    const pulumi = join(folder, "there", ".tools", "bin", "pulumi");
    assert.deepEqual(inTree("there", "chosenEngine()"), { pulumi, kind: "built", version: "3.250.0" });
  });

  it("names an engine elsewhere by its whole path", () => {
    record("/usr/local/bin/pulumi");
    assert.deepEqual(inTree("here", "chosenEngine()"), { pulumi: "/usr/local/bin/pulumi", kind: "built", version: "3.250.0" });
  });

  it("is none before the first set-up", () => {
    assert.equal(inTree("here", "chosenEngine()"), null);
  });
});
