import assert from "node:assert/strict";
import type { Context } from "mocha";
import { killAll, type Process, treeOf } from "../support/engine/descendants";
import { startObjectStorage } from "../support/engine/object-storage";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { findPostgres, startPostgres } from "../support/engine/postgres";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";
import { waitingPlanId } from "../support/lifecycle/simulated-stack";
import { toolOrSkip } from "../support/tools";

const repository = "acme/app";

/** Where a stack's state is kept for many machines; each stack has a place of its own there. */
interface Backend {
  placeFor(stack: number): NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

const backends: Readonly<Record<string, (test: Context) => Promise<Backend>>> = {
  async PostgreSQL(test) {
    const commands = await findPostgres();
    // Debian's package postgresql; in a CI container the set-up installs it.
    if (commands === undefined) return test.skip();
    const { url, stop } = await startPostgres(commands);
    return { placeFor: (stack) => ({ PULUMI_BACKEND_URL: `${url}&table=state_${stack}` }), stop };
  },
  async "object storage that speaks S3"(test) {
    const { url, env, stop } = await startObjectStorage(toolOrSkip(test, "versitygw"));
    return { placeFor: (stack) => ({ ...env, PULUMI_BACKEND_URL: `${url}&prefix=stack-${stack}/` }), stop };
  },
};

for (const [name, start] of Object.entries(backends)) {
  describe(`state in ${name}, for engineers on many machines`, function () {
    this.timeout(300_000);

    let backend: Backend | undefined;
    const started: Process[] = [];
    let count = 0;

    before(async function () {
      backend = await start(this);
    });
    const engine = useEngine({
      packages: { [repository]: small },
      stack: () => ({ policies: [policyFor(repository)], env: backend?.placeFor(++count) ?? {} }),
      each: true,
    });
    afterEach(() => killAll(started.splice(0)));
    after(() => backend?.stop());

    async function approve(): Promise<void> {
      await engine.stack.approve(await waitingPlanId(engine.sandbox, policyFor(repository)));
    }

    it("keeps plan, approval and ledger between runs", async () => {
      assertSucceeds(await engine.stack.up());
      await approve();
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      await assertComplete(engine.world, "prod");
      const { outputs } = await engine.stack.policy(repository);
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), engine.world.deleted());
      assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    });

    it("lets one update in at a time: the second is told who is at it, and the first ends undisturbed", async () => {
      await approve();
      let second: Outcome | undefined;
      const call = async () => {
        second = await engine.stack.up();
        return undefined;
      };
      engine.sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "call", call } });
      assertSucceeds(await engine.stack.up());
      assert.ok(second);
      assertSays(assertFails(second).output, "the stack is currently locked by 1 lock(s)", /created by .+ \(pid \d+\) at /);
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
    });

    it("stays locked after an update that was killed, until `pulumi cancel`; then the next ends it, without a new approval", async () => {
      await approve();
      const running = engine.stack.startUp();
      const strike = () => {
        const tree = treeOf(running.pid);
        started.push(...tree);
        killAll(tree);
        return undefined;
      };
      engine.sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "call", call: strike } });
      await running.ended;
      engine.sandbox.clearFaults();
      assertSays(assertFails(await engine.stack.up()).output, "the stack is currently locked by 1 lock(s)", "pulumi cancel");

      assertSucceeds(await engine.stack.cancel());
      const up = assertSucceeds(await engine.stack.up());
      assertSays(diagnosticsOf(up, repository), /^deleted [12] versions?; all .*; [12] versions? deleted earlier can be restored/);
      assert.deepEqual(engine.world.deleted(), engine.world.digests("pr1"));
      await assertComplete(engine.world, "prod");
    });
  });
}
