import assert from "node:assert/strict";
import { join } from "node:path";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import type { PackageWorld } from "../support/engine/world";

const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;

describe("a program that has the policy as a library", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: { "acme/first": deployments, "acme/second": deployments },
    stack: (engine) => ({
      program: join(__dirname, "..", "support", "engine", "programs", "library"),
      config: {
        "library:owner": "acme",
        "library:package": "first",
        "library:digest": engine.worldOf("acme/first").image("pr2").index,
        "library:approval": "automatic",
      },
    }),
  });
  let first: PackageWorld;
  let second: PackageWorld;
  before(() => {
    first = engine.worldOf("acme/first");
    second = engine.worldOf("acme/second");
  });

  describe("when what must stay is not known yet", () => {
    it("previews no deletion, and asks for nothing", async () => {
      engine.sandbox.clearRequests();
      const { output } = assertSucceeds(await engine.stack.preview("--diff"));
      assertSays(output, /deletions *: \{\}/);
      assert.doesNotMatch(output, /pr-1|pending/);
      assert.deepEqual(engine.sandbox.requests(), []);
    });
  });

  describe("when it is known, during the update", () => {
    it("deletes the plan and nothing of what must stay", async () => {
      assertSucceeds(await engine.stack.up());
      assert.deepEqual(first.deleted(), first.digests("pr1"));
      await assertComplete(first, "pr-2", "prod");
    });
  });

  describe("when its package is changed", () => {
    let up: Outcome;
    before(async () => {
      await engine.stack.configure({ "library:package": "second", "library:approval": "required" });
      engine.sandbox.clearRequests();
      up = assertSucceeds(await engine.stack.up());
    });

    it("is replaced, and deletes and restores nothing", () => {
      assertSays(up.output, /policy .*replaced/);
      assert.ok(engine.sandbox.requests().every(({ method }) => method === "GET" || method === "HEAD"));
      assert.deepEqual(first.deleted(), first.digests("pr1"));
      assert.deepEqual(second.deleted(), []);
    });

    it("begins with an empty ledger and a plan of its own", async () => {
      const { id, outputs } = await engine.stack.policy("policy");
      assert.equal(id, "acme/second");
      assert.deepEqual(outputs.ledger, {});
      assert.deepEqual(outputs.ledger, {});
      // What must stay is a digest of the other package.
      assertSays(diagnosticsOf(up, "policy"), /plan \S+ cannot be approved \(6 versions\): it deletes 66\.7% /);
    });
  });
});
