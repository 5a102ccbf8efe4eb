import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { now, PackageWorld, policyFor, small } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";

describe("what an apply tells and leaves in the state", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  let planId: string;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    // `pr1` goes, and later `pr2`: three versions each.
    const deployments = { ...small, pr2: { days: 90, tags: ["pr-2"], attestations: false } } as const;
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }), 1);
    planId = (await stack.up()).inputs.pending?.id ?? "";
  });
  afterEach(() => sandbox.close());

  const approve = (limits: { deletions?: number; percent: number } = { percent: 100 }) => {
    stack.policy = { ...stack.policy, approve: planId, limits };
  };
  const refuseAfter = (after: number) =>
    sandbox.addFault({ match: { method: "DELETE" }, after, times: null, effect: { kind: "refuse", reason: "not-admin" } });

  describe("when a plan waits", () => {
    it("is its id and how much of it there is", () => {
      const { planId: id, counts, ledger, remaining, refused, failure, unproven, unverified } = stack.outputs;
      assert.equal(id, planId);
      assert.deepEqual(counts, { deleted: 0, remaining: 0, pending: 6 });
      assert.deepEqual([ledger, remaining, refused], [{}, {}, {}]);
      assert.deepEqual([failure, unproven, unverified], [undefined, undefined, undefined]);
      assert.deepEqual(stack.said, []);
    });
  });

  describe("when all of it is done", () => {
    it("is a line of the ledger for each version: its id, its plan, when it went and why", async () => {
      const ids = new Map(sandbox.package(repository)?.versions.map(({ id, digest }) => [digest, id]));
      const { inputs } = await stack.preview();
      const { pending } = inputs;
      approve();
      await stack.up();
      const { ledger, counts, remaining, planId: id } = stack.outputs;
      assert.deepEqual(Object.keys(ledger).sort(), world.digests("pr1", "pr2"));
      for (const [digest, line] of Object.entries(ledger)) {
        assert.ok(line.startsWith(`${ids.get(digest)} ${planId} 2026-11-23T12:00`), line);
        assert.ok(line.includes(pending?.deletions[digest] ?? "?"), line);
      }
      assert.deepEqual(counts, { deleted: 6, remaining: 0, pending: 0 });
      assert.deepEqual([remaining, id], [{}, "none"]);
      assert.ok(!("evidence" in stack.outputs));
      assert.ok(!("deletions" in stack.outputs));
      assert.ok(!("unverified" in stack.outputs));
      assert.deepEqual(
        stack.said.filter((text) => text.startsWith("warning")),
        [],
      );
    });
  });

  describe("when one run does not come to all of it", () => {
    it("takes whole images, the oldest first, and leaves the rest, approved, to the next", async () => {
      approve({ deletions: 4, percent: 100 });
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      assert.deepEqual(stack.outputs.counts, { deleted: 3, remaining: 3, pending: 0 });
      assert.deepEqual(Object.keys(stack.outputs.remaining).sort(), world.digests("pr2"));
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1", "pr2"));
      assert.deepEqual(stack.outputs.counts, { deleted: 6, remaining: 0, pending: 0 });
    });
  });

  describe("when it breaks off", () => {
    it("holds what is gone and not verified yet, what is left, and why; the next run clears that", async () => {
      approve();
      refuseAfter(2);
      await assert.rejects(stack.up(), /Package not found/);
      const { ledger, remaining, unproven, failure } = stack.outputs;
      assert.deepEqual(Object.keys(ledger).sort(), world.deleted());
      assert.deepEqual([...(unproven ?? [])].sort(), world.deleted());
      assert.equal(world.deleted().length, 2);
      assert.equal(Object.keys(remaining).length, 4);
      assert.match(failure ?? "", /^acme\/shop/);

      sandbox.clearFaults();
      await stack.up();
      assert.deepEqual([stack.outputs.unproven, stack.outputs.failure], [undefined, undefined]);
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.digests("pr1", "pr2"));
    });

    it("still holds it as not verified when the next run breaks off as well", async () => {
      approve();
      refuseAfter(2);
      await assert.rejects(stack.up());
      const before = world.deleted();
      await assert.rejects(stack.up());
      assert.deepEqual([...(stack.outputs.unproven ?? [])].sort(), before);
      sandbox.clearFaults();
      refuseAfter(1);
      await assert.rejects(stack.up());
      assert.deepEqual([...(stack.outputs.unproven ?? [])].sort(), world.deleted());
      assert.equal(world.deleted().length, 3);
    });
  });

  describe("when GitHub refuses a version", () => {
    it("warns, and keeps the answer from run to run", async () => {
      const part = world.image("pr1").children[0]?.digest ?? "";
      sandbox.setPackage({ package: repository, visibility: "public", versions: [{ version: part, downloads: 9000 }] });
      approve();
      await stack.up();
      const answer = stack.outputs.refused[part] ?? "";
      assert.match(answer, /5000 downloads/);
      assert.ok(stack.said.includes(`warning: acme/shop: not deleted, 1 version: ${answer.replace(/\.$/, "")} (${part.slice(0, 19)})`));
      stack.policy = { ...stack.policy, protect: ["prod"] };
      await stack.up();
      assert.equal(stack.outputs.refused[part], answer);
      assert.deepEqual(Object.keys(stack.outputs.remaining), [part]);
    });
  });

  describe("when the token may not do all of it", () => {
    const signIn = (...scopes: string[]) => {
      stack.token = sandbox.createToken({ scopes });
    };
    it("says so before the first deletion where it cannot undo", async () => {
      signIn("read:packages", "delete:packages");
      approve();
      await stack.up();
      assert.deepEqual(
        stack.said.filter((line) => line.startsWith("warning")),
        ["warning: acme/shop: the token may delete but not restore; add the scope write:packages to be able to undo."],
      );
      assert.deepEqual(world.deleted(), world.digests("pr1", "pr2"));
    });
    it("deletes nothing where it cannot delete, and names the scope", async () => {
      signIn("read:packages", "write:packages");
      approve();
      await assert.rejects(stack.up(), /acme\/shop: the token has no scope delete:packages; nothing is deleted\./);
      assert.deepEqual(world.deleted(), []);
    });
  });

  describe("when somebody took a part of it meanwhile", () => {
    it("is in the ledger all the same, as GitHub remembers it", async () => {
      const part = world.image("pr1").children[0]?.digest ?? "";
      sandbox.addFault({
        match: { method: "GET", path: "state=active" },
        after: 2,
        effect: { kind: "vanish", versions: [{ package: repository, version: part }] },
      });
      const id = sandbox.package(repository)?.versions.find(({ digest }) => digest === part)?.id;
      approve();
      await stack.up();
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.digests("pr1", "pr2"));
      assert.ok(stack.outputs.ledger[part]?.startsWith(`${id} ${planId} 2026-11-23T12:00`), stack.outputs.ledger[part]);
    });
  });

  describe("when something is restored", () => {
    beforeEach(async () => {
      approve();
      await stack.up();
      stack.policy = { ...stack.policy, restore: ["pr-1"] };
    });

    it("says how much, and leaves the ledger", async () => {
      stack.said.length = 0;
      await stack.up();
      assert.deepEqual(stack.said, ["acme/shop: 3 versions restored, and pulled"]);
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.digests("pr2"));
      assert.deepEqual(stack.outputs.counts, { deleted: 3, remaining: 0, pending: 0 });
    });

    it("is verified by the next run where this one could not pull it, unless it is named no longer", async () => {
      const part = world.image("pr1").children[0]?.digest ?? "";
      const broken = {
        match: { method: "GET", path: `/manifests/${part}` },
        times: null,
        effect: { kind: "status" as const, status: 404 },
      };
      sandbox.addFault(broken);
      await assert.rejects(stack.up());
      assert.deepEqual(Object.keys(stack.outputs.unverified ?? {}).sort(), world.digests("pr1"));
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.digests("pr2"));
      await assert.rejects(stack.up());
      sandbox.clearFaults();
      await stack.up();
      assert.equal(stack.outputs.unverified, undefined);
      assert.equal(stack.outputs.failure, undefined);
    });

    it("restores nothing where the token may not, and names the scope", async () => {
      stack.token = sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      await assert.rejects(stack.up(), /acme\/shop: the token has no scope write:packages; nothing is restored\./);
      assert.deepEqual(world.deleted(), world.digests("pr1", "pr2"));
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.digests("pr1", "pr2"));
    });
  });
});
