import assert from "node:assert/strict";
import { faultOf } from "../../../components/report/fault";
import { parsePolicy } from "../../../components/rules/parse-policy";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor } from "../../support/engine/world";
import { SimulatedStack } from "../../support/lifecycle/simulated-stack";

const repository = "acme/shop";
/** `pr-2` is old enough on the third day, and its grace is over on the fifth. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 6, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 1, tags: ["main"], attestations: false },
} as const;

/** As the example workflows do: an update every night, the preview of a pull request, and its merge on another day. */
describe("ten ordinary days with a push each", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  /** What was deleted by the end of each day. */
  const lost: string[][] = [];

  before(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    stack = new SimulatedStack(sandbox, policyFor(repository, { grace: "2d" }));
    let reviewed: string | undefined;
    for (let day = 0; day < 10; day += 1) {
      sandbox.setClock(new Date(Date.UTC(2026, 10, 23 + day, 18)));
      await world.deploy({ [`push${day}`]: { days: 0, tags: [`pr-30${day}`, "main"], attestations: false } });
      await assertGreen();
      if (reviewed !== undefined) stack.policy = { ...stack.policy, approve: reviewed };
      await assertGreen();
      reviewed = day === 3 || day === 7 ? (await stack.preview()).inputs.pending?.id : undefined;
      lost.push(world.deleted());
    }
  });
  after(() => sandbox.close());

  /** An update, which throws what it fails with. */
  async function assertGreen(): Promise<void> {
    const { inputs } = await stack.up();
    assert.equal(faultOf(inputs, parsePolicy(stack.policy)), undefined);
  }

  it("delete what was approved, after the push and the nightly update of the next day, and nothing else", () => {
    const [first, both] = [world.digests("pr1"), world.digests("pr1", "pr2")];
    assert.deepEqual(lost, [[], [], [], [], first, first, first, first, both, both]);
  });
});
