import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { now, PackageWorld, policyFor } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";

describe("a restoration that the registry does not serve at once", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy({
      pr1: { days: 110, tags: ["pr-1"], attestations: false },
      prod: { days: 50, tags: ["prod"], attestations: false },
    });
    stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }), 1);
    stack.policy = { ...stack.policy, approve: (await stack.up()).inputs.pending?.id };
    await stack.up();
    assert.deepEqual(world.deleted(), world.digests("pr1"));
    stack.policy = { ...stack.policy, restore: ["pr-1"] };
    sandbox.clearRequests();
  });
  afterEach(() => sandbox.close());

  const part = () => world.image("pr1").children[0]?.digest ?? "";
  const hide = (times: number | null) => {
    const match = { method: "HEAD", path: `/manifests/${part()}` } as const;
    sandbox.addFault({ match, times, effect: { kind: "status", status: 404 } });
  };
  const asked = () => sandbox.requests().filter(({ method, path }) => method === "HEAD" && path.endsWith(part())).length;

  it("waits for it", async () => {
    hide(4);
    await stack.up();
    assert.equal(asked(), 5);
    assert.deepEqual(world.deleted(), []);
    assert.deepEqual(stack.outputs.ledger, {});
  });

  it("says so where that takes too long, and the next run goes on", async () => {
    hide(null);
    await assert.rejects(stack.up(), {
      message: `acme/shop@${part()} was restored and the registry does not serve it; run \`pulumi up\` again, and check the package on GitHub.`,
    });
    assert.equal(asked(), 5);
    sandbox.clearFaults();
    await stack.up();
    assert.deepEqual(world.deleted(), []);
    assert.deepEqual(stack.outputs.ledger, {});
  });
});
