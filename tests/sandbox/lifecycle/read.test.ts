import assert from "node:assert/strict";
import { pushContent, type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { SimulatedStack } from "../../support/lifecycle/simulated-stack";

const repository = "acme/app";

describe("a refresh", function () {
  this.timeout(30_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(small);
    stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic" }));
    await stack.up();
  });
  afterEach(() => sandbox.close());

  function restore(digest: string): void {
    const pkg = sandbox.store.find(repository);
    const version = pkg?.deletedByDigest(digest);
    if (pkg && version) sandbox.store.restore(pkg, version);
  }

  /** The ledger, and the inputs' deletions. */
  function recorded(): string[][] {
    return [stack.outputs.ledger, stack.stored?.inputs.deletions ?? {}].map((entries) => Object.keys(entries).sort());
  }

  describe("when nothing changed", () => {
    it("changes nothing, and asks only for lists", async () => {
      const before = stack.stored;
      sandbox.clearRequests();
      await stack.refresh();
      assert.deepEqual(stack.outputs, before?.outputs);
      assert.ok(sandbox.requests().every(({ method, surface }) => method === "GET" && surface === "api"));
      assert.equal((await stack.preview()).changes, false);
    });
  });

  describe("when somebody restored a version", () => {
    it("drops it from the ledger and from the inputs, and counts anew", async () => {
      restore(world.image("pr1").index);
      await stack.refresh();
      const left = world.deleted();
      assert.equal(left.length, 2);
      assert.deepEqual(recorded(), [left, left]);
      assert.equal(stack.outputs.counts.deleted, 2);
    });
  });

  describe("when somebody pushed a deleted manifest again", () => {
    it("drops it as well: it is another version now", async () => {
      const { manifest } = world.image("pr1").built.children[0] ?? {};
      if (manifest) await pushContent(world.target, manifest, ["again"]);
      await stack.refresh();
      const left = world.digests("pr1").filter((digest) => digest !== manifest?.digest);
      assert.deepEqual(recorded(), [left, left]);
    });
  });

  describe("when somebody deleted what GitHub had refused to delete", () => {
    it("lets the next run record it", async () => {
      const other = await new PackageWorld(sandbox, "acme/refused").deploy(small);
      const refused = new SimulatedStack(sandbox, policyFor("acme/refused", { approval: "automatic" }));
      sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "refuse" } });
      await refused.up();
      assert.deepEqual(other.deleted(), []);
      const pkg = sandbox.store.find("acme/refused");
      for (const digest of other.digests("pr1")) {
        const version = pkg?.byDigest(digest);
        if (pkg !== undefined && version !== undefined) sandbox.store.delete(pkg, version);
      }
      await refused.refresh();
      await refused.up();
      assert.deepEqual(Object.keys(refused.outputs.ledger).sort(), other.digests("pr1"));
      assert.deepEqual(refused.outputs.refused, {});
    });
  });

  describe("when an apply had broken off", () => {
    it("keeps what is left to do, and the next run does it", async () => {
      const other = await new PackageWorld(sandbox, "acme/other").deploy(small);
      const broken = new SimulatedStack(sandbox, policyFor("acme/other", { approval: "automatic" }));
      sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "refuse", reason: "not-admin" } });
      await assert.rejects(broken.up(), /Package not found/);
      await broken.refresh();
      await broken.up();
      assert.deepEqual(other.deleted(), other.digests("pr1"));
      assert.deepEqual(Object.keys(broken.outputs.ledger).sort(), other.deleted());
    });
  });
});
