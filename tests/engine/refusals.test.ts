import assert from "node:assert/strict";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { type PackageWorld, policyFor, usualRules } from "../support/engine/world";

const popular = "acme/popular";
const onlyPulls = "acme/only-pull-requests";
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 90, tags: ["pr-2"], attestations: false },
  pr3: { days: 80, tags: ["pr-3"], attestations: false },
} as const;

describe("what GitHub refuses to delete", function () {
  this.timeout(300_000);

  const limits = { percent: 100 };
  const engine = useEngine({
    packages: { [popular]: { ...deployments, prod: { days: 50, tags: ["prod"] } }, [onlyPulls]: deployments },
    stack: {
      policies: [
        policyFor(popular, { approval: "automatic", limits }),
        policyFor(onlyPulls, { approval: "automatic", limits, rules: usualRules.filter(({ action }) => action === "delete") }),
      ],
    },
  });
  let up: Outcome;
  let popularWorld: PackageWorld;
  let pullsWorld: PackageWorld;

  before(async () => {
    popularWorld = engine.worldOf(popular);
    pullsWorld = engine.worldOf(onlyPulls);
    engine.sandbox.setPackage({ package: popular, visibility: "public", versions: [{ version: "pr-2", downloads: 5001 }] });
    up = await engine.stack.up();
  });

  describe("when an image has more than 5,000 downloads", () => {
    it("keeps it whole, deletes the rest, and succeeds with a warning", async () => {
      assertSucceeds(up);
      assert.deepEqual(popularWorld.deleted(), popularWorld.digests("pr1", "pr3"));
      await assertComplete(popularWorld, "pr-2", "prod");
      assertSays(
        up.output,
        new RegExp(`warning: ${popular}: not deleted, 1 version, with 2 more that it needs: .*more than 5000 downloads cannot be deleted`),
        `(${popularWorld.image("pr2").index.slice(0, 19)})`,
      );
    });

    it("tries nothing of it but the index", () => {
      const refused = engine.sandbox.requests().filter(({ method, status }) => method === "DELETE" && status === 400);
      assert.equal(refused.length, 1);
    });

    it("remembers it with the answer", async () => {
      const { outputs } = await engine.stack.policy(popular);
      const refused = outputs.refused as Record<string, string>;
      assert.deepEqual(Object.keys(refused).sort(), popularWorld.digests("pr2"));
      assertSays(refused[popularWorld.image("pr2").index] ?? "", "more than 5000 downloads cannot be deleted");
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), popularWorld.deleted());
    });
  });

  describe("when all that is tagged would go", () => {
    it("reserves the newest and never tries it", async () => {
      assert.deepEqual(pullsWorld.deleted(), pullsWorld.digests("pr1", "pr2"));
      await assertComplete(pullsWorld, "pr-3");
    });
  });

  describe("when it is previewed again", () => {
    it("has nothing to do, and says what stays and why", async () => {
      engine.sandbox.clearRequests();
      const preview = assertSucceeds(await engine.stack.preview("--expect-no-changes"));
      const said = diagnosticsOf(preview, popular);
      assertSays(said, /^nothing to delete: keep all 8 versions/, "refused by GitHub", popularWorld.image("pr2").index.slice(0, 19));
      assert.doesNotMatch(said, /config set/);
      assertSays(
        diagnosticsOf(preview, onlyPulls),
        /^nothing to delete: keep all 3 versions/,
        "GitHub refuses to delete the last tagged version",
      );
      assert.ok(engine.sandbox.requests().every(({ method }) => method === "GET"));
    });
  });
});
