import assert from "node:assert/strict";
import type { FaultRequest } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { usualDeletions } from "../../../support/lifecycle/fault-matrix/points";
import { indexOverApproved, Scene } from "../../../support/lifecycle/fault-matrix/scene";
import { kept, useRestoration } from "../../../support/lifecycle/restoration";
import { SimulatedStack, StoppableEngine } from "../../../support/lifecycle/simulated-stack";

const hour = 3_600;

/** The first request of a kind waits for an hour from now on. */
function waits(match: FaultRequest["match"], after = 0): FaultRequest {
  return { match, after, times: null, effect: { kind: "rate-limit", retryAfterSeconds: hour } };
}

describe("an apply that is stopped (S9)", function () {
  this.timeout(30_000);

  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
    await scene.approve();
  });
  afterEach(() => scene.sandbox.close());

  /** With waits as long as they are. */
  function useRealTime(): void {
    const { stored, policy, token } = scene.stack;
    const stack = new SimulatedStack(scene.sandbox, policy);
    Object.assign(scene, { stack: Object.assign(stack, { stored, token }) });
  }

  /** Cancels as soon as a request was told to wait. */
  async function cancelOnceLimited(method: string): Promise<void> {
    const isLimited = () => scene.sandbox.requests().some((one) => one.method === method && (one.status === 403 || one.status === 429));
    while (!isLimited()) await new Promise((resolve) => setTimeout(resolve, 20));
    scene.stack.engine.cancel();
  }

  /** Nothing is done twice, and in the end all is as if it had never been stopped. */
  async function assertGoesOn(): Promise<void> {
    scene.recover();
    scene.stack.engine = new StoppableEngine();
    await scene.stack.up();
    assert.deepEqual(scene.gone(), [...scene.approved].sort());
    assert.deepEqual(scene.ledger(), scene.gone());
    assert.equal(scene.stack.outputs.failure, undefined);
    assert.equal(scene.stack.outputs.unproven, undefined);
    assert.equal((await scene.stack.preview()).changes, false);
  }

  describe("when it deletes", () => {
    it("begins no further deletion, and the next run goes on without a new approval", async () => {
      scene.before("DELETE", 3, () => scene.stack.engine.cancel());
      await assert.rejects(scene.stack.up(), {
        message:
          "acme/app: stopped after 3 of 5 deletions, since the update was cancelled. The next `pulumi up` goes on, without a new approval.",
      });
      assert.equal(scene.gone().length, 3);
      assert.deepEqual(scene.ledger(), scene.gone());
      await assertGoesOn();
    });

    it("says so as well where it had deleted the last one", async () => {
      scene.before("DELETE", usualDeletions, () => scene.stack.engine.cancel());
      await assert.rejects(scene.stack.up(), /stopped after 5 of 5 deletions/);
      assert.deepEqual(scene.ledger(), [...scene.approved].sort());
      await assertGoesOn();
    });
  });

  describe("when it looks at the package", () => {
    it("deletes nothing", async () => {
      await assert.rejects(
        scene.stack.up(() => scene.stack.engine.cancel()),
        /stopped after 0 of 5 deletions/,
      );
      assert.deepEqual(scene.gone(), []);
      await assertGoesOn();
    });
  });

  describe("when it waits for an hour", () => {
    beforeEach(useRealTime);

    it("ends at once: GitHub limits its deletions", async () => {
      scene.sandbox.addFault(waits({ method: "DELETE" }, 2));
      await Promise.all([cancelOnceLimited("DELETE"), assert.rejects(scene.stack.up(), /stopped after 2 of 5 deletions/)]);
      assert.deepEqual(scene.ledger(), scene.gone());
      await assertGoesOn();
    });

    it("ends at once: GitHub limits its lists", async () => {
      const limit = () => void scene.sandbox.addFault(waits({ method: "GET", surface: "api" }));
      await Promise.all([cancelOnceLimited("GET"), assert.rejects(scene.stack.up(limit), /stopped after 0 of 5 deletions/)]);
      assert.deepEqual(scene.gone(), []);
      await assertGoesOn();
    });

    it("ends when its time is over: the registry limits the verification, which the next run does", async () => {
      const limit = () => {
        scene.sandbox.addFault(waits({ method: "HEAD" }));
        scene.stack.engine.cancel();
      };
      scene.before("DELETE", 3, limit);
      const up = assert.rejects(scene.stack.up(), /stopped after 3 of 5 deletions/);
      await cancelOnceLimited("HEAD");
      scene.stack.engine.endVerification();
      await up;
      assert.equal(scene.gone().length, 3);
      assert.deepEqual([...(scene.stack.outputs.unproven ?? [])].sort(), scene.gone());
      await assertGoesOn();
    });
  });

  describe("when somebody pushed what needs a part that it deleted", () => {
    const stopAtTheEnd = (then: () => void) => () => {
      scene.sandbox.seed([indexOverApproved]);
      then();
    };

    it("restores everything (S6)", async () => {
      scene.before(
        "DELETE",
        usualDeletions,
        stopAtTheEnd(() => scene.stack.engine.cancel()),
      );
      await assert.rejects(
        scene.stack.up(),
        /v9@sha256:[0-9a-f]{12} lacks sha256:[0-9a-f]{12}.*All 5 versions deleted in this run were restored; every/,
      );
      assert.deepEqual(scene.gone(), []);
    });

    it("finishes a restoration that is under way when the engine dies", async () => {
      scene.before("DELETE", usualDeletions, () => void scene.sandbox.seed([indexOverApproved]));
      scene.before("POST", 1, () => scene.stack.engine.die());
      await assert.rejects(scene.stack.up(), /All 5 versions deleted in this run were restored; every/);
      assert.deepEqual(scene.gone(), []);
    });

    it("leaves that to the next run where the engine is gone: nothing could be recorded", async () => {
      scene.before(
        "DELETE",
        usualDeletions,
        stopAtTheEnd(() => scene.stack.engine.die()),
      );
      const { stored } = scene.stack;
      scene.sandbox.clearRequests();
      await assert.rejects(scene.stack.up(), /since the engine is gone/);
      assert.equal(scene.sandbox.requests().at(-1)?.method, "DELETE");
      assert.equal(scene.gone().length, usualDeletions);

      Object.assign(scene.stack, { stored, engine: new StoppableEngine() });
      await scene.stack.up();
      assert.match(scene.stack.outputs.notices?.join("\n") ?? "", /incomplete: v9 names 1 version that was deleted under this policy/);
      assert.equal(scene.gone().length, usualDeletions - 1);
      assert.deepEqual(scene.ledger(), scene.gone());
    });
  });
});

describe("a restoration that is stopped (S9)", function () {
  this.timeout(60_000);

  const here = useRestoration();

  for (const [what, match, says] of [
    ["restores no further version", { method: "POST", path: "/restore" }, "2 of 5 restorations"],
    ["puts no further tag back", { method: "PUT", path: "/manifests/pr-" }, "5 of 5 restorations"],
    ["leaves the pull to the next run", { method: "GET", path: "/blobs/" }, "5 of 5 restorations"],
  ] as const) {
    it(`${what}, and the next run goes on`, async () => {
      await here.deleteThem({ tagsReturnOnRestore: false });
      here.restore("pr-1");
      const after = match.method === "POST" ? 1 : 0;
      here.sandbox.addFault({ match, after, effect: { kind: "call", call: () => void here.stack.engine.cancel() } });
      here.sandbox.clearRequests();
      await assert.rejects(here.stack.up(), new RegExp(`^Error: acme/shop: stopped after ${says}, since the update was cancelled`));
      const asked = here.sandbox.requests().filter(({ method, path }) => method === match.method && path.includes(match.path));
      assert.ok(match.method === "GET" || asked.length === after + 1, `${asked.length} requests`);

      here.stack.engine = new StoppableEngine();
      await here.stack.up();
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
      assert.equal((await here.stack.preview()).changes, false);
    });
  }
});
