import assert from "node:assert/strict";
import { join } from "node:path";
import { runCompiled } from "../support/command-line/run";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { policyFor } from "../support/engine/world";

const repository = "acme/rolling";
const deployments = {
  before: { days: 40, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;
const release = { days: 0, tags: ["prod"], attestations: false } as const;
const limits = { percent: 100 };

describe("an image that loses its tag, on the real engine (S7a)", function () {
  this.timeout(300_000);

  const engine = useEngine({
    // As on GHCR: the stamp of a version does not move when its tag does.
    sandbox: { now: "2026-11-23T12:00:00Z" },
    packages: { [repository]: deployments },
    stack: { policies: [policyFor(repository, { limits })], name: "prod" },
  });
  const own = async (...flags: string[]) => diagnosticsOf(assertSucceeds(await engine.stack.preview(...flags)), repository);
  const short = () => engine.world.image("before").index.slice(0, 19);

  it("is remembered by the update that sees it tagged, without a change of the resource", async () => {
    assertSucceeds(await engine.stack.up());
    engine.sandbox.setClock("2026-11-25T12:00:00Z");
    assertSucceeds(await engine.stack.up("--expect-no-changes"));
    const { inputs } = await engine.stack.policy(repository);
    assert.equal((inputs as { __seen: { last: string } }).__seen.last, "2026-11-25");
  });

  it("stays for as long as the rule says from then on, though GitHub's stamp is older", async () => {
    engine.sandbox.setClock("2026-11-26T12:00:00Z");
    await engine.world.deploy({ release });
    assertSays(await own(), /^nothing to delete/);
    assertSucceeds(await engine.stack.up());
    engine.sandbox.setClock("2026-12-09T12:00:00Z");
    assertSays(await own(), /^nothing to delete/);
  });

  it("goes then, and the preview, its diff, `review` and `explain` say since when and what it was", async () => {
    engine.sandbox.setClock("2026-12-10T12:00:00Z");
    const since = "untagged since 2026-11-25 at the earliest, was prod";
    assertSays(
      await own(),
      new RegExp(`^plan \\S+: delete 3 of 9 versions \\(1 image\\)[\\s\\S]*${short()} \\(untagged\\) +14 days, ${since} `),
    );
    const { output } = assertSucceeds(await engine.stack.preview("--diff"));
    assertSays(output, `"${since}, 14 days old, nothing needs it (drop-untagged)"`);
    assert.doesNotMatch(output, /__seen|tagged: "[A-Za-z0-9_-]{16}/);

    const command = async (...args: string[]) => {
      const { code, stdout, stderr } = await runCompiled([...args, "--stack", "prod"], engine.stack.env, engine.stack.folder);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    assertSays(
      await command("explain", "rolling", engine.world.image("before").index),
      /^ {2}age +14 days at the start of 2026-12-10 /m,
      since,
    );
    assertSays(await command("review"), `drop-untagged; ${since}`);
  });

  it("is in no way of an update that is held to a saved plan, though a push moves what is remembered", async () => {
    const planFile = join(engine.stack.folder, "plan.json");
    assertSucceeds(await engine.stack.up());
    const [id = ""] = /2026-12-10-[0-9a-f]{12}/.exec(await own()) ?? [];
    await engine.stack.approve(id);
    assertSucceeds(await engine.stack.preview("--save-plan", planFile));
    await engine.world.deploy({ pr9: { days: 0, tags: ["pr-9"], attestations: false } });
    engine.sandbox.setClock("2026-12-11T01:00:00Z");
    assertSucceeds(await engine.stack.up("--plan", planFile));
    assert.deepEqual(engine.world.deleted(), engine.world.digests("before"));
    await assertComplete(engine.world, "main-1", "pr-9", "prod");
  });
});
