import assert from "node:assert/strict";
import { indexOverApproved, Scene } from "../../../support/lifecycle/fault-matrix/scene";

describe("an image that lacks what the policy deleted (S1)", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
    await scene.approve();
  });
  afterEach(() => scene.sandbox.close());

  const incomplete = (texts: readonly string[] = []) => texts.filter((text) => text.startsWith("incomplete"));

  it("is completed by the next update, which its preview announces, and stays", async () => {
    await scene.stack.up();
    scene.sandbox.seed([indexOverApproved]);
    const { inputs, changes } = await scene.stack.preview();
    const [part = "", ...others] = Object.keys(inputs.restoring ?? {});
    assert.ok(changes && others.length === 0 && String(indexOverApproved.manifest).includes(part));
    assert.deepEqual(incomplete(inputs.notices), [
      "incomplete: v9 names 1 version that was deleted under this policy. `pulumi up` restores it",
    ]);
    await scene.stack.up();
    assert.ok(!scene.gone().includes(part));
    assert.deepEqual(scene.ledger(), scene.gone());
    const after = await scene.stack.preview();
    assert.deepEqual([after.changes, incomplete(after.inputs.notices)], [false, []]);
  });

  it("is completed where somebody restored it without its parts", async () => {
    await scene.stack.up();
    const { pr1 } = scene.images;
    const pkg = scene.sandbox.store.find("acme/app");
    const version = pkg?.deletedByDigest(pr1.index.digest);
    assert.ok(pkg && version);
    scene.sandbox.store.restore(pkg, version);
    await scene.stack.refresh();
    await scene.stack.up();
    for (const { manifest } of pr1.children) assert.ok(pkg.byDigest(manifest.digest));
    assert.deepEqual(scene.ledger(), scene.gone());
  });

  it("is left to people where somebody else deleted the part", async () => {
    await scene.stack.up();
    const [child] = scene.images.prod.children;
    const pkg = scene.sandbox.store.find("acme/app");
    const version = pkg?.byDigest(child?.manifest.digest ?? "");
    assert.ok(pkg && version);
    scene.sandbox.store.delete(pkg, version);
    const { inputs, changes } = await scene.stack.preview();
    assert.deepEqual([changes, inputs.restoring, incomplete(inputs.notices)], [false, undefined, []]);
  });
});
