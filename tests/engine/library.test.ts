import assert from "node:assert/strict";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { type Outcome, Stack } from "../support/engine/stack";
import { now, PackageWorld } from "../support/engine/world";

const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;

describe("a program that has the policy as a library", function () {
  this.timeout(120_000);

  let sandbox: Sandbox;
  let stack: Stack;
  let first: PackageWorld;
  let second: PackageWorld;

  before(async () => {
    sandbox = await startSandbox({ now });
    first = await new PackageWorld(sandbox, "acme/first").deploy(deployments);
    second = await new PackageWorld(sandbox, "acme/second").deploy(deployments);
    stack = await Stack.create(sandbox, {
      program: join(__dirname, "..", "support", "engine", "programs", "library"),
      config: {
        "library:owner": "acme",
        "library:package": "first",
        "library:digest": first.image("pr2").index,
        "library:approval": "automatic",
      },
    });
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  describe("when what must stay is not known yet", () => {
    it("previews no deletion, and asks for nothing", async () => {
      sandbox.clearRequests();
      const { output } = assertSucceeds(await stack.preview("--diff"));
      assertSays(output, /deletions *: \{\}/);
      assert.doesNotMatch(output, /pr-1|pending/);
      assert.deepEqual(sandbox.requests(), []);
    });
  });

  describe("when it is known, during the update", () => {
    it("deletes the plan and nothing of what must stay", async () => {
      assertSucceeds(await stack.up());
      assert.deepEqual(first.deleted(), first.digests("pr1"));
      await assertComplete(first, "pr-2", "prod");
    });
  });

  describe("when its package is changed", () => {
    let up: Outcome;
    before(async () => {
      await stack.configure({ "library:package": "second", "library:approval": "required" });
      sandbox.clearRequests();
      up = assertSucceeds(await stack.up());
    });

    it("is replaced, and deletes and restores nothing", () => {
      assertSays(up.output, /policy .*replaced/);
      assert.ok(sandbox.requests().every(({ method }) => method === "GET" || method === "HEAD"));
      assert.deepEqual(first.deleted(), first.digests("pr1"));
      assert.deepEqual(second.deleted(), []);
    });

    it("begins with an empty ledger and a plan of its own", async () => {
      const { id, outputs } = await stack.policy("policy");
      assert.equal(id, "acme/second");
      assert.deepEqual(outputs.ledger, {});
      assert.deepEqual(outputs.ledger, {});
      // What must stay is a digest of the other package.
      assertSays(diagnosticsOf(up, "policy"), /plan \S+ waits for approval \(6 versions\)/);
    });
  });
});
