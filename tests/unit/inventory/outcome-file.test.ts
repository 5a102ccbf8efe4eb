import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awaitOutcome, beginOutcome, endOutcome } from "../../../components/inventory/outcome-file";
import { create } from "../../../components/lifecycle/index";
import { StoppableEngine } from "../../support/lifecycle/simulated-stack";

const remedy = "expected what the program left there; the provider must see the program's files. Run it again.";

describe("what comes of an observation that is under way", () => {
  let folder: string;
  let file: string;
  const { signal } = new AbortController();
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "outcome-"));
    file = join(folder, "outcome-0");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is waited for", async () => {
    assert.equal(beginOutcome(file), true);
    const waiting = awaitOutcome("acme/app", file, signal);
    assert.equal(await Promise.race([waiting, Promise.resolve("not yet")]), "not yet");
    endOutcome(file, { observationError: "GitHub is down" });
    assert.deepEqual(await waiting, { observationError: "GitHub is down" });
  });

  it("is there for the engine that asks again", async () => {
    beginOutcome(file);
    endOutcome(file, { policyError: "no rules" });
    for (const _ of [1, 2]) assert.deepEqual(await awaitOutcome("acme/app", file, signal), { policyError: "no rules" });
  });

  it("fails where the program ended and took its files along", async () => {
    beginOutcome(file);
    const waiting = awaitOutcome("acme/app", file, signal);
    rmSync(folder, { recursive: true });
    await assert.rejects(waiting, { name: "RetentionError", message: `acme/app: ${file} cannot be read (ENOENT): ${remedy}` });
  });

  it("fails where the program was killed", async () => {
    const pid = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
    writeFileSync(file, JSON.stringify({ observer: pid }));
    await assert.rejects(awaitOutcome("acme/app", file, signal), {
      name: "RetentionError",
      message: `acme/app: ${file} cannot be read (process ${pid} has ended): ${remedy}`,
    });
  });

  it("is not waited for by a run that is cancelled, which plans nothing", async () => {
    beginOutcome(file);
    const engine = new StoppableEngine();
    const checking = create({ engine }).check?.({}, { owner: "acme", package: "app", rules: [], observation: file } as never);
    engine.cancel();
    assert.deepEqual(await checking, {
      failures: [
        {
          property: "package",
          reason: "acme/app: nothing of it is planned or deleted: the run was cancelled while the program observed it. Run it again",
        },
      ],
    });
    assert.equal(existsSync(folder), false);
  });

  it("is not begun where nothing can be written, and waits for nobody where its end cannot be", async () => {
    assert.equal(beginOutcome(join(folder, "missing", "outcome-0")), false);
    beginOutcome(file);
    mkdirSync(`${file}.new`);
    endOutcome(file, {});
    await assert.rejects(awaitOutcome("acme/app", file, signal), { name: "RetentionError" });
  });
});
