import assert from "node:assert/strict";
import { usualDeletions } from "../../../support/lifecycle/fault-matrix/points";
import { indexOverApproved, Scene } from "../../../support/lifecycle/fault-matrix/scene";

describe("an apply that breaks off before it has verified what stays (S6)", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
    await scene.approve();
  });
  afterEach(() => scene.sandbox.close());

  /** With the last deletion the network is lost; `push` comes through just before. */
  async function loseNetwork(push = false): Promise<void> {
    const { sandbox } = scene;
    const lose = () => {
      sandbox.addFault({ times: null, effect: { kind: "drop" } });
      if (push) sandbox.seed([indexOverApproved]);
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
    await loseNetwork(true);
    await assert.rejects(
      scene.stack.up(),
      /v9@sha256:[0-9a-f]{12} lacks sha256:[0-9a-f]{12}\)\. 1 deleted by an earlier run or by somebody else was restored; every/,
    );
    const [part = ""] = [...scene.approved].filter((digest) => !scene.gone().includes(digest));
    assert.ok(String(indexOverApproved.manifest).includes(part));
    assert.equal(scene.gone().length, usualDeletions - 1);
    assert.deepEqual(scene.ledger(), scene.gone());
  });
});
