import assert from "node:assert/strict";
import type { SeedVersion } from "../../../../sandbox";
import { usualDeletions } from "../../../support/lifecycle/fault-matrix/points";
import { indexOverApproved, repository, Scene } from "../../../support/lifecycle/fault-matrix/scene";

describe("an apply that breaks off before it has verified what stays (S6)", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
    await scene.approve();
  });
  afterEach(() => scene.sandbox.close());

  /** With the last deletion the network is lost; what is `pushed` comes through just before. */
  async function loseNetwork(pushed: (scene: Scene) => SeedVersion[] = () => []): Promise<void> {
    const { sandbox } = scene;
    const lose = () => {
      sandbox.addFault({ times: null, effect: { kind: "drop" } });
      sandbox.seed(pushed(scene));
    };
    scene.before("DELETE", usualDeletions, lose);
    await assert.rejects(scene.stack.up(), /could not be reached/);
    scene.recover();
  }

  it("is verified by the next run, which finds nothing wrong", async () => {
    await loseNetwork();
    await scene.stack.up();
    assert.deepEqual(scene.ledger(), [...scene.approved].sort());
    assert.deepEqual(scene.stack.outputs.unproven, undefined);
    assert.equal((await scene.stack.preview()).changes, false);
  });

  it("is put right by the next run, where somebody pushed what needs a part that is gone", async () => {
    await loseNetwork(() => [indexOverApproved]);
    const { inputs } = await scene.stack.preview();
    assert.deepEqual(
      inputs.notices?.filter((text) => text.startsWith("incomplete")),
      ["incomplete: v9 names 1 version that was deleted under this policy. `pulumi up` restores it"],
    );
    await scene.stack.up();
    const [part = ""] = [...scene.approved].filter((digest) => !scene.gone().includes(digest));
    assert.ok(String(indexOverApproved.manifest).includes(part));
    assert.equal(scene.gone().length, usualDeletions - 1);
    assert.deepEqual(scene.ledger(), scene.gone());
    assert.equal((await scene.stack.preview()).changes, false);
  });

  it("is undone by the next run, where somebody tagged what is gone", async () => {
    await loseNetwork(({ images, sandbox }) => {
      const version = sandbox.store.find(repository)?.deletedByDigest(images.pr1.index.digest);
      // GitHub deletes a tag together with its version.
      version?.tags.push("v2");
      return [];
    });
    await assert.rejects(
      scene.stack.up(),
      /the tag v2 lacks sha256:[0-9a-f]{12}\)\. \d deleted by an earlier run or by somebody else were restored; every/,
    );
    assert.ok(!scene.gone().includes(scene.images.pr1.index.digest));
    assert.deepEqual(scene.ledger(), scene.gone());
  });
});
