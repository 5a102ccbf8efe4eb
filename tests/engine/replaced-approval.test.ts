import assert from "node:assert/strict";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { expired, policyFor, shop, usualRules } from "../support/engine/world";

const repository = "acme/shop";
const limits = { deletions: 5, percent: 100 };
const never = "2026-11-20-000000000000";

/** The id of the plan that waits, as the preview's last line has it. */
function waitingIdIn(diagnostics: string): string {
  const id = /\.approve' (\d{4}-\d{2}-\d{2}-[0-9a-f]{12})$/m.exec(diagnostics)?.[1];
  return id ?? assert.fail(diagnostics);
}

const policy = policyFor(repository, { limits });
const organization = { owner: "acme", packages: ["shop"], rules: [...usualRules], limits };
const organizations = "ghcr-retention:organizations";

for (const by of ["a policy", "an organisation"] as const) {
  describe(`an approval that the config of ${by} replaces while it is carried out (S2a)`, function () {
    this.timeout(300_000);

    const engine = useEngine({ packages: { [repository]: shop }, stack: {}, each: true });
    const approve = async (id?: string) => {
      const approval = id === undefined ? {} : { approve: id };
      engine.stack.policies = by === "a policy" ? [{ ...policy, ...approval }] : [];
      await engine.stack.configure(by === "a policy" ? {} : { [organizations]: [{ ...organization, ...approval }] });
    };
    const preview = async (ends = assertSucceeds) => {
      const { output, ...outcome } = ends(await engine.stack.preview());
      const own = diagnosticsOf({ output, ...outcome }, repository);
      return { own, id: waitingIdIn(by === "a policy" ? own : diagnosticsOf({ output, ...outcome }, "acme")) };
    };
    beforeEach(async () => {
      await approve();
      await approve((await preview()).id);
      assertSucceeds(await engine.stack.up());
      assert.equal(engine.world.deleted().length, 5);
    });

    it("ends: nothing of it goes under an id that was never printed, and the preview and the update say so", async () => {
      await approve(never);
      const { own } = await preview(assertFails);
      assertSays(own, "has ended, since the config does not name it any more: 10 of the 15 versions that it covered are not deleted");
      assert.doesNotMatch(own, /approved: `pulumi up` deletes these/);
      assertSays(own, /delete 10 of 35 versions \(2 images\)[\s\S]*waiting for approval/);
      assertFails(await engine.stack.up());
      assert.equal(engine.world.deleted().length, 5);
    });

    it("ends when the line is taken out", async () => {
      await approve();
      assertSays((await preview()).own, "has ended");
      assertSucceeds(await engine.stack.up());
      assert.equal(engine.world.deleted().length, 5);
    });

    it("loses no work under the id that was printed meanwhile, although more of it went since", async () => {
      await engine.world.deploy({ pr4: { days: 30, tags: ["pr-4"] } });
      const { own, id } = await preview();
      assertSays(own, /delete 5 of 40 versions \(1 image\)[\s\S]*Its approval may replace that of \S+, whose rest it covers\./);
      assertSucceeds(await engine.stack.up());
      assert.equal(engine.world.deleted().length, 10);

      await approve(id);
      for (const total of [15, 20, 20]) {
        assertSucceeds(await engine.stack.up());
        assert.equal(engine.world.deleted().length, total);
      }
      assert.deepEqual(engine.world.deleted(), engine.world.digests(...expired, "pr4"));
      await assertComplete(engine.world, "main-1", "pr-3", "prod", "v1.0.0", "v1.1.0", "v1.2.0");
    });
  });
}
