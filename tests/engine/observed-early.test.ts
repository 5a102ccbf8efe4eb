import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alive, killAll, type Process, treeOf } from "../support/engine/descendants";
import { assertFails, assertSays, assertSucceeds } from "../support/engine/output";
import { ProviderMark } from "../support/engine/provider-mark";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { waitFor } from "../support/engine/wait-for";
import { policyFor, small } from "../support/engine/world";

const repository = "acme/app";

const cli = /^\S*pulumi /;
const program = /^\S*node .*[\\/]cmd[\\/]run( |[\\/])/;

describe("the provider's process, of which the first resource is registered while its package is observed", function () {
  this.timeout(300_000);

  let temporary: string;
  const mark = new ProviderMark();
  const started: Process[] = [];
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), "observed-early-"));
  });
  after(async () => {
    mark.clear();
    await rm(temporary, { recursive: true });
  });
  afterEach(() => {
    killAll(started.splice(0));
    engine.sandbox.clearFaults();
  });

  const engine = useEngine({
    packages: { [repository]: small },
    stack: () => ({ policies: [policyFor(repository)], env: { TMPDIR: temporary, ...mark.env } }),
  });

  /** Starts an update whose observation waits, and kills one of its processes once the provider waits for it. */
  async function strike(command: RegExp, signal: NodeJS.Signals): Promise<Outcome> {
    assertSucceeds(await engine.stack.cancel());
    mark.clear();
    engine.sandbox.addFault({ match: { method: "GET" }, after: 3, times: null, effect: { kind: "rate-limit", retryAfterSeconds: 3_600 } });
    const update = engine.stack.startUp();
    await mark.loaded();
    started.push(...treeOf(update.pid));
    const [struck] = started.filter((one) => command.test(one.command));
    assert.ok(struck, started.map((one) => one.command).join("\n"));
    process.kill(struck.pid, signal);
    return update.ended;
  }

  async function assertNothingStays(): Promise<void> {
    await waitFor("the end of every process", 15, () => alive(started).length === 0);
  }

  function folders(): string[] {
    return readdirSync(temporary).filter((name) => name.startsWith("ghcr-retention-"));
  }

  it("ends with a CLI that is killed", async () => {
    await strike(cli, "SIGKILL");
    await assertNothingStays();
    assert.deepEqual(folders(), []);
  });

  it("ends with Ctrl-C", async () => {
    assertFails(await strike(cli, "SIGINT"));
    await assertNothingStays();
    assert.deepEqual(folders(), []);
  });

  it("does not wait for a program that was killed", async () => {
    const outcome = assertFails(await strike(program, "SIGKILL"));
    assertSays(outcome.output, /acme\/app: \S+ cannot be read \(process \d+ has ended\): expected what the program left there/);
    await assertNothingStays();
    for (const folder of folders()) await rm(join(temporary, folder), { recursive: true });
  });

  it("leaves no more in the state than the policy needs", async () => {
    assertSucceeds(await engine.stack.cancel());
    assertSays(assertSucceeds(await engine.stack.up()).output, "waits for approval");
    const types = (await engine.stack.resources()).map(({ type }) => type);
    assert.deepEqual(types, ["pulumi:pulumi:Stack", "pulumi:providers:pulumi-nodejs", "pulumi-nodejs:dynamic/ghcr:RetentionPolicy"]);
    assert.deepEqual(folders(), []);
  });
});
