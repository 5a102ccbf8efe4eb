import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PolicyProbes } from "../../live/policy/policy-probes";
import type { Row } from "../../live/rows/row";
import type { FaultRequest } from "../../sandbox";
import { isolatedEnvironment } from "../../scripts/setup/environment.mjs";
import { useSandbox } from "../support/emulator/running-sandbox";
import { assertSays } from "../support/engine/output";
import { start } from "../support/engine/started";
import { type LiveRun, leftIn, runLive } from "../support/live/acceptance";

const root = join(__dirname, "..", "..");

describe("the policy of a live run", function () {
  this.timeout(300_000);

  const sandbox = useSandbox({ now: "2026-11-23T12:00:00Z" });

  async function run(options: Pick<LiveRun, "say" | "second"> = {}, { signal } = new AbortController()): Promise<readonly Row[]> {
    const policy = new PolicyProbes({ env: await isolatedEnvironment(), signal });
    try {
      return await runLive(sandbox(), { ...options, probes: policy.probes, signal });
    } finally {
      await policy.close();
    }
  }

  it("is previewed, approved, applied, verified and restored by the real engine", async () => {
    const rows = await run();
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ["same", "same", "same", "same"],
      JSON.stringify(rows),
    );
    assert.match(rows[0]?.words ?? "", /^plan 2026-11-26-[0-9a-f]{12}: 5 versions of 11$/);
    const [probe] = sandbox().state().packages;
    assert.deepEqual([probe?.deleted, probe?.versions.length, leftIn(sandbox())], [[], 11, []]);
  });

  it("ends with its engine when it is interrupted, and leaves neither package nor folder", async () => {
    const controller = new AbortController();
    const interrupted = new Error("interrupted");
    const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("ghcr-retention-live-"));
    const before = await folders();
    const say = (text: string) => {
      if (text.startsWith("2 of 4: ")) setTimeout(() => controller.abort(interrupted), 3_000);
    };
    await assert.rejects(run({ say, second: 1_000 }, controller), interrupted);
    assert.deepEqual([leftIn(sandbox()), await folders()], [[], before]);
  });

  it("shows where GitHub does something else, and takes no step after that", async () => {
    const refusal: FaultRequest = {
      match: { surface: "api", method: "DELETE", path: "/versions/" },
      times: null,
      effect: { kind: "refuse" },
    };
    sandbox().addFault(refusal);
    const rows = await run();
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ["same", "different", "not observable", "not observable"],
      JSON.stringify(rows),
    );
    assert.deepEqual(leftIn(sandbox()), []);
  });
});

describe("npm run test:live", function () {
  this.timeout(900_000);

  const sandbox = useSandbox({});

  it("prints what it saw as a table, writes it as JSON, and fails where something differs", async function () {
    // It waits as long as it would for GitHub.
    if (!process.env.LONG) this.skip();
    const folder = await mkdtemp(join(tmpdir(), "live-results-"));
    try {
      sandbox().setSwitches({ referrers: "not-found" });
      const { githubApiUrl, registryUrl, token } = sandbox();
      const json = join(folder, "results.json");
      const args = ["--owner", "acme", "--api", githubApiUrl, "--registry", registryUrl, "--json", json];
      const env = { ...(await isolatedEnvironment()), GITHUB_TOKEN: token };
      const { exitCode, stdout, output } = await start(process.execPath, [join("bin", "live", "main.js"), ...args], { cwd: root, env })
        .ended;
      assert.equal(exitCode, 1, output);
      assertSays(
        stdout,
        /^assumption +assumed +seen +result\n/,
        'a request for referrers is answered by: not-found, redirect assumed (different); the sandbox does so with `referrers: "not-found"`',
        /\n\d+ of \d+ as assumed, 1 different, 0 failed, \d+ not observable: see above\n$/,
      );
      const results = await readFile(json, "utf8");
      const { rows, token: kind } = JSON.parse(results) as { rows: Row[]; token: string };
      assert.equal(kind, "classic token");
      assert.deepEqual(
        rows.filter((row) => row.verdict === "different").map(({ switch: name, setting }) => [name, setting]),
        [["referrers", "not-found"]],
      );
      assert.ok(!`${output}${results}`.includes(token));
      assert.deepEqual(leftIn(sandbox()), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
