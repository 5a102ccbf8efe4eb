import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { expired, now, PackageWorld, policyFor, shop, small } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";

describe("a deletion that GitHub refuses", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
  });
  afterEach(() => sandbox.close());

  async function approved(): Promise<SimulatedStack> {
    const stack = new SimulatedStack(sandbox, policyFor(repository));
    await stack.upAndApprove();
    return stack;
  }

  describe("when a part of an image is refused", () => {
    it("deletes the rest of the image, and remembers the part", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const part = world.image("pr1").children[0]?.digest ?? "";
      sandbox.setPackage({ package: repository, visibility: "public", versions: [{ version: part, downloads: 9000 }] });
      const stack = await approved();
      await stack.up();
      assert.deepEqual(
        world.deleted(),
        world.digests("pr1").filter((digest) => digest !== part),
      );
      assert.deepEqual(Object.keys(stack.outputs.refused), [part]);
      assert.equal((await stack.preview()).changes, false);
    });

    it("tries it again when its approval is taken back and given again", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const stack = await approved();
      sandbox.addFault({ match: { method: "DELETE" }, times: null, effect: { kind: "refuse", reason: "downloads" } });
      await stack.up();
      sandbox.clearFaults();
      await stack.up();
      assert.deepEqual(world.deleted(), []);

      const { approve: _, ...withdrawn } = stack.policy;
      stack.policy = withdrawn;
      const { inputs } = await stack.up();
      stack.policy = { ...withdrawn, approve: inputs.pending?.id };
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1"));
    });
  });

  describe("when GitHub refuses an image in words that nobody has seen", () => {
    it("leaves the image whole, says so in these words, deletes the others, and asks no more", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(shop);
      const stack = await approved();
      const effect = { kind: "status" as const, status: 400, body: { message: "Versions are frozen for an audit." } };
      sandbox.addFault({ match: { method: "DELETE" }, effect });
      await stack.up();
      const [stays] = expired.filter((name) => !world.deleted().includes(world.image(name).index));
      const others = expired.filter((name) => name !== stays);
      assert.deepEqual(world.deleted(), world.digests(...others));
      const refused = world.image(stays ?? "").index;
      assert.equal(stack.outputs.refused[refused], "Versions are frozen for an audit.");
      assert.ok(
        stack.said.some((text) =>
          text.includes(
            `${repository}: not deleted, 1 version, with 4 more that it needs: Versions are frozen for an audit (${refused.slice(0, 19)})`,
          ),
        ),
        stack.said.join("\n"),
      );
      assert.equal(stack.outputs.failure, undefined);

      sandbox.clearRequests();
      assert.equal((await stack.preview()).changes, false);
      await stack.up();
      assert.ok(sandbox.requests().every(({ method }) => method !== "DELETE"));
    });
  });
});
