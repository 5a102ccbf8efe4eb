import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { access, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../../scripts/setup/lock.mjs";

describe("the set-up's lock", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("lets one in at a time, and leaves nothing behind", async () => {
    let inside = 0;
    const work = async () => {
      assert.equal(++inside, 1);
      await sleep(20);
      inside--;
    };
    await Promise.all([withLock("x", work, folder), withLock("x", work, folder), withLock("x", work, folder)]);
    await assert.rejects(access(join(folder, "x")));
  });

  it("is given back when the work fails", async () => {
    await assert.rejects(
      withLock("x", () => Promise.reject(new Error("no")), folder),
      /no/,
    );
    assert.equal(await withLock("x", async () => "again", folder), "again");
  });

  it("is taken over from a process that is gone", async () => {
    await writeFile(join(folder, "x"), "2147483646");
    assert.equal(await withLock("x", async () => "mine", folder), "mine");
  });

  it("is not taken over while something that the dead holder started is still at work", async () => {
    const orphan = spawn("sleep", ["1"], { detached: true, stdio: "ignore" });
    const ended = new Promise((resolve) => orphan.once("close", resolve));
    await writeFile(join(folder, "x"), `2147483646 ${orphan.pid}`);
    let orphanEnded = false;
    void ended.then(() => {
      orphanEnded = true;
    });
    assert.equal(await withLock("x", async () => orphanEnded, folder), true);
  });

  it("is taken over from a holder that stopped freshening it, whatever has its process id now", async () => {
    await writeFile(join(folder, "x"), String(process.pid));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(join(folder, "x"), longAgo, longAgo);
    assert.equal(await withLock("x", async () => "mine", folder), "mine");
  });
});
