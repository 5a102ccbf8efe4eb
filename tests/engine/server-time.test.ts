import assert from "node:assert/strict";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";

const repository = "acme/elsewhere-in-time";

describe("the time of the server", function () {
  this.timeout(300_000);

  const engine = useEngine({ sandbox: {}, each: true });

  describe("when it is years ahead of this machine's clock", () => {
    it("dates the plan and the ages", async () => {
      engine.sandbox.setClock("2041-03-05T15:00:00Z");
      await engine.deploy(repository, { ...small, young: { days: 3, tags: ["pr-2"] } });
      engine.stack.policies = [policyFor(repository)];
      await engine.stack.writeConfig();
      const preview = assertSucceeds(await engine.stack.preview());
      assert.match(planIdIn(preview, repository), /^2041-03-05-/);
      assertSays(diagnosticsOf(preview, repository), "delete 3 of 11 versions (1 image)", /pr-1 +99 days/);
    });
  });

  describe("when it is years behind it", () => {
    it("spares what is young there, and dates the ledger", async () => {
      engine.sandbox.setClock("2011-03-05T15:00:00Z");
      const world = await engine.deploy(repository, { ...small, young: { days: 3, tags: ["pr-2"] } });
      engine.stack.policies = [policyFor(repository, { approval: "automatic" })];
      await engine.stack.writeConfig();
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      const { ledger } = (await engine.stack.policy(repository)).outputs as { ledger: Record<string, string> };
      assert.equal(Object.keys(ledger).length, 3);
      for (const line of Object.values(ledger)) assertSays(line, " 2011-03-05T15:00:00Z/2011-04-04");
    });
  });
});
