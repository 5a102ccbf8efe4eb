import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "./output";
import { Stack } from "./stack";
import { PackageWorld, policyFor, small } from "./world";

const repository = "acme/elsewhere-in-time";

describe("the time of the server", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let stack: Stack;

  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(async () => {
    await stack?.remove();
    await sandbox.close();
  });

  for (const [where, year] of [
    ["years ahead of this machine's clock", 2041],
    ["years behind it", 2011],
  ] as const) {
    describe(`when it is ${where}`, () => {
      it("dates the plan, the ages and the ledger", async () => {
        sandbox.setClock(`${year}-03-05T15:00:00Z`);
        const world = await new PackageWorld(sandbox, repository).deploy({ ...small, young: { days: 3, tags: ["pr-2"] } });
        stack = await Stack.create(sandbox, { policies: [policyFor(repository)] });

        const preview = assertSucceeds(await stack.preview());
        const planId = planIdIn(preview, repository);
        assert.match(planId, new RegExp(`^${year}-03-05-`));
        assertSays(diagnosticsOf(preview, repository), "delete 3 of 11 versions (1 image)", /pr-1 +99 days/);

        await stack.approve(planId);
        assertSucceeds(await stack.up());
        assert.deepEqual(world.deleted(), world.digests("pr1"));
        const ledger = (await stack.policy(repository)).outputs.ledger as Record<string, { deletedAt: string }>;
        for (const { deletedAt } of Object.values(ledger)) assert.equal(deletedAt, `${year}-03-05T15:00:00.000Z`);
      });
    });
  }
});
