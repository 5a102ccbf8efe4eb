import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leaveFolder, newFolder, ownFolder, UnusableFolder } from "../../../demo/stage/folder";
import { repository } from "../../../demo/stage/project";

describe("the demo's folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(repository, ".tools", "folder-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is wiped when it is its own and nobody plays there", () => {
    writeFileSync(join(folder, "old"), "");
    leaveFolder(ownFolder(folder));
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is left to the demo that is under way there, until it leaves or is no more", () => {
    ownFolder(folder);
    assert.throws(() => ownFolder(folder), /already running in .* \(process \d+\): wait/);
    leaveFolder(folder);
    ownFolder(folder);
    // No process has a number as high: https://man7.org/linux/man-pages/man5/proc_sys_kernel.5.html
    writeFileSync(join(folder, "playing"), "2147483646");
    ownFolder(folder);
  });

  it("is never wiped when somebody chose it, and lies in the repository", () => {
    writeFileSync(join(folder, "mine"), "");
    assert.throws(() => newFolder(folder), UnusableFolder);
    assert.ok(existsSync(join(folder, "mine")));
    assert.throws(() => newFolder(join(repository, "..", "elsewhere")), /expected a folder inside/);
    assert.throws(() => newFolder(repository), /expected a folder inside/);
    assert.equal(newFolder(join(folder, "new")), join(folder, "new"));
  });
});
