import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { now, packageOfAYear, rules, seedOf } from "../../../bench/world";
import { decodeSnapshot } from "../../../components/inventory/snapshot";
import { readSnapshot } from "../../../components/inventory/snapshot-file";
import { useSandbox } from "../../support/emulator/running-sandbox";

const run = promisify(execFile);
/** The compiled one: a thread runs no TypeScript. */
const compiled = join(__dirname, "..", "..", "..", "bin", "components", "observe", "thread.js");
const { ObserverThread } = require(compiled) as typeof import("../../../components/observe/thread");

const policy = { owner: "acme", package: "app", rules: rules as [] };

describe("the thread that looks at packages", () => {
  const sandbox = useSandbox({ now });
  const versions = packageOfAYear("app", 10);
  beforeEach(() => {
    sandbox().seed(versions.map((version) => seedOf("acme/app", version)));
  });

  function wanted(more: object = {}) {
    const { githubApiUrl, registryUrl, token } = sandbox();
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 180, cacheFolder: undefined };
    return { endpoints, token, policy, organizationApproval: undefined, ...more };
  }

  it("hands over what it saw", async () => {
    const outcome = await new ObserverThread(assert.fail).observe(wanted());
    assert.ok("snapshot" in outcome);
    assert.equal(decodeSnapshot(await readSnapshot("acme/app", outcome.snapshot)).inventory.versions.length, versions.length);
  });

  it("hands over why a package cannot be read", async () => {
    assert.match(
      JSON.stringify(await new ObserverThread(assert.fail).observe(wanted({ token: undefined }))),
      /"observationError":"no token/,
    );
  });

  it("hands over what is wrong with a policy, whatever it holds", async () => {
    const strange = { ...policy, rules: [{ name: "all", action: "delete", tags: [() => "*"] }] };
    assert.match(JSON.stringify(await new ObserverThread(assert.fail).observe(wanted({ policy: strange }))), /"policyError":.*tags/);
  });

  it("hands over errors that nobody expects", async () => {
    const endpoints = { ...wanted().endpoints, registryUrl: "no address" };
    await assert.rejects(new ObserverThread(assert.fail).observe(wanted({ endpoints })), TypeError);
  });

  describe("once a package was looked at", () => {
    const rules = [{ name: "drop-builds", action: "delete", tags: ["main-*"], olderThan: "1d" }] as never;
    async function looked() {
      const thread = new ObserverThread(assert.fail);
      const outcome = await thread.observe(wanted({ policy: { ...policy, rules, limits: { percent: 100 } } }));
      assert.ok(outcome.kind === "observed");
      return { thread, outcome };
    }

    it("says what a preview says of it, and forgets it", async () => {
      const { thread, outcome } = await looked();
      const wantedTelling = { handle: outcome.handle, outputs: {}, isPreview: true, place: { configPath: "stack:policies[0]" } };
      const { text, status } = await thread.report(wantedTelling);
      const [, id, count] = /^plan (\S+): delete (\d) of 10 versions/.exec(text) ?? [];
      assert.ok(text.includes(`pulumi config set --path 'stack:policies[0].approve' ${id}`), text);
      assert.equal(status.state, "waiting");
      assert.equal(status.planned, Number(count));
      await assert.rejects(thread.report(wantedTelling), { message: "the observation of a package is gone with the thread that held it" });
    });

    it("says what an organisation's approval is for it, and offers nothing while something is not known", async () => {
      const { thread, outcome } = await looked();
      const share = (members: Parameters<typeof thread.organizationApprovals>[0]["members"]) =>
        thread.organizationApprovals({ owner: "acme", approve: undefined, members });
      const failed = { kind: "failed" as const, observationError: "it cannot be read", policy };
      const { common, confirmed } = await share([
        { name: "app", outcome },
        { name: "lost", outcome: failed },
      ]);
      assert.match(common.id ?? "", /^2026-11-23-[0-9a-f]{12}$/);
      assert.deepEqual(confirmed, {});
      assert.deepEqual(await share([{ name: "app", outcome }, { name: "later" }]), { common: {}, confirmed: {} });
    });
  });

  it("tells those who wait how far it is", async () => {
    sandbox().setLatency({ api: 0, registry: 2_700 });
    const program = new AsyncLocalStorage<string>();
    const told: { line: string; isProgress: boolean; to: string | undefined }[] = [];
    const thread = new ObserverThread((line, isProgress) => told.push({ line, isProgress, to: program.getStore() }));
    program.run("first", () => thread.warmUp());
    await program.run("second", () => thread.observe(wanted()));
    const [first] = told;
    assert.match(first?.line ?? "", /^looked at 0 of 1 package; \d+ manifests read, 0 remembered/);
    assert.deepEqual(first, { line: first?.line, isProgress: true, to: "second" });
  });

  describe("in a process of its own", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "look-thread-"));
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    /** What the script says, which has a `thread` and what is `wanted`. */
    async function says(script: string, ...nodeArguments: string[]): Promise<string> {
      const begin = `const thread = new (require(${JSON.stringify(compiled)}).ObserverThread)(() => {}); const wanted = ${JSON.stringify(wanted())};`;
      await writeFile(join(folder, "script.js"), `${begin}\n${script}`);
      const { stdout } = await run(process.execPath, [...nodeArguments, join(folder, "script.js")], { timeout: 30_000 });
      return stdout.trim();
    }

    it("lets the process end that only started it", async () => {
      assert.equal(await says("thread.warmUp(); console.log('ended');"), "ended");
    });

    it("keeps the process running as long as a look is wanted, and no longer", async () => {
      const look = "thread.observe(wanted).then((outcome) => console.log(Object.keys(outcome).join()));";
      assert.equal(await says(look), "kind,handle,snapshot,policy");
    });

    it("fails what it did not finish when it ends, and begins anew", async () => {
      const killer = join(folder, "killer.js");
      const once = join(folder, "once");
      const kill = `if (!require("node:worker_threads").isMainThread && !fs.existsSync(${JSON.stringify(once)})) { fs.writeFileSync(${JSON.stringify(once)}, ""); process.exit(7); }`;
      await writeFile(killer, `const fs = require("node:fs"); ${kill}`);
      const twice = "thread.observe(wanted).catch((error) => { console.log(error.message); return thread.observe(wanted); })";
      const said = await says(`${twice}.then((outcome) => console.log(Object.keys(outcome).join()));`, "--require", killer);
      assert.equal(said, "the thread that observes packages ended with 7\nkind,handle,snapshot,policy");
    });
  });
});
