import assert from "node:assert/strict";
import { PolicyProbes } from "../../live/policy/policy-probes";
import type { Row } from "../../live/rows/row";
import type { FaultRequest } from "../../sandbox";
import { isolatedEnvironment } from "../../scripts/setup/environment.mjs";
import { useSandbox } from "../support/emulator/running-sandbox";
import { leftIn, runLive } from "../support/live/acceptance";

describe("the policy of a live run", function () {
  this.timeout(300_000);

  const sandbox = useSandbox({ now: "2026-11-23T12:00:00Z" });

  async function run(): Promise<readonly Row[]> {
    const policy = new PolicyProbes({ env: await isolatedEnvironment(), signal: new AbortController().signal });
    try {
      return await runLive(sandbox(), { probes: policy.probes });
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
