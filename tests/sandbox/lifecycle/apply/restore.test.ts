import assert from "node:assert/strict";
import { pushContent, type SwitchChanges } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { kept, repository, useRestoration } from "../../../support/lifecycle/restoration";

describe("a restoration", function () {
  this.timeout(60_000);

  const here = useRestoration();

  describe("when a tag is named", () => {
    it("previews the whole image, and brings back nothing yet", async () => {
      here.restore("pr-1");
      const { inputs, changes } = await here.stack.preview();
      assert.equal(changes, true);
      assert.deepEqual(Object.keys(inputs.restoring ?? {}).sort(), here.world.digests("pr1"));
      assert.deepEqual(Object.keys(inputs.deletions).sort(), here.world.digests("pr2", "prodBefore"));
      assert.deepEqual(here.world.deleted(), here.world.digests("pr1", "pr2", "prodBefore"));
    });

    it("brings back the image with its parts and all its tags, and nothing else", async () => {
      here.restore("pr-1");
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), here.world.digests("pr2", "prodBefore"));
      assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.doesNotMatch(here.stack.said.join("\n"), /warning/);
      assert.equal((await here.stack.preview()).changes, false);
    });

    it("brings parts back before the index that needs them", async () => {
      here.restore("pr-1");
      const ids = new Map(here.sandbox.package(repository)?.deleted.map(({ id, digest }) => [String(id), digest]));
      here.sandbox.clearRequests();
      await here.stack.up();
      const restored = here.sandbox.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/restore"));
      const order = restored.map(({ path }) => ids.get(path.split("/").at(-2) ?? ""));
      assert.equal(order.length, 5);
      assert.equal(order.at(-1), here.world.image("pr1").index);
    });

    it("pulls all of it, layers included", async () => {
      here.restore("pr-1");
      here.sandbox.clearRequests();
      await here.stack.up();
      const pulled = new Set(
        here.sandbox
          .requests()
          .filter(({ method, path }) => method === "GET" && path.includes("/blobs/"))
          .map(({ path }) => path.split("/").at(-1)),
      );
      const { children, attestations } = here.world.image("pr1").built;
      for (const part of [...children, ...attestations]) for (const { digest } of part.blobs) assert.ok(pulled.has(digest), digest);
    });
  });

  describe("when a digest is named", () => {
    it("brings back the image that it is a part of", async () => {
      here.restore(here.world.image("pr2").children[0]?.digest ?? "");
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), here.world.digests("pr1", "prodBefore"));
      await assertComplete(here.world, ...kept, "pr-2");
    });
  });

  describe("when a plan is named", () => {
    it("brings back all that it deleted, but for tags that are elsewhere by now", async () => {
      here.restore(here.planId);
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), []);
      assert.deepEqual(here.ledger(), []);
      await assertComplete(here.world, ...kept, "pr-1", "pr-2", "pr-one");
      assert.ok(here.world.present().includes(here.world.image("prodBefore").index));
    });
  });

  describe("when somebody has brought it back by hand before", () => {
    it("leaves the ledger with all its parts, although nobody has read them since", async () => {
      await here.deleteThem({ tagsReturnOnRestore: false });
      const pkg = here.sandbox.store.find(repository);
      const gone = new Set(here.world.digests("pr1"));
      for (const version of pkg?.deleted.all() ?? []) if (pkg && gone.has(version.digest)) here.sandbox.store.restore(pkg, version);
      // It is young by that, so the rules ask for none of its parts.
      for (const tag of ["pr-1", "pr-one"]) await here.world.tag("pr1", tag);
      here.restore("pr-1");
      await here.stack.up();
      assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.equal((await here.stack.preview()).changes, false);
    });
  });

  describe("when it stays in the policy", () => {
    it("is protected, and goes again only once it is taken out and approved anew", async () => {
      here.restore("pr-1");
      await here.stack.up();
      here.sandbox.advanceClock(3 * 86_400);
      const { inputs } = await here.stack.up();
      assert.equal(inputs.pending, undefined);
      here.restore();
      const next = await here.stack.up();
      assert.deepEqual(Object.keys(next.inputs.pending?.deletions ?? {}).sort(), here.world.digests("pr1"));
      assert.deepEqual(here.world.deleted(), here.world.digests("pr2", "prodBefore"));
    });
  });

  describe("when GHCR behaves in one way or the other", () => {
    const ways: readonly SwitchChanges[] = [
      { tagsReturnOnRestore: false },
      { tagsReturnOnRestore: true },
      { tagsReturnOnRestore: false, deletedListsTags: false },
      { updatedAtOnRestore: true, tagsReturnOnRestore: false },
      { tagsReturnOnRestore: false, deletedListsTags: false, deletedListsTimes: false },
      { requireChildren: true, tagsReturnOnRestore: false },
    ];
    for (const way of ways) {
      it(`brings back the same: ${JSON.stringify(way)}`, async () => {
        await here.deleteThem(way);
        here.restore("pr-1", "pr-2");
        await here.stack.up();
        assert.deepEqual(here.world.deleted(), here.world.digests("prodBefore"));
        await assertComplete(here.world, ...kept, "pr-1", "pr-2", "pr-one");
        assert.equal((await here.stack.preview()).changes, false);
      });
    }

    for (const way of [
      { repushOfDeleted: "revive" },
      { repushOfDeleted: "new-version", deletedListedAfterRepush: true },
      { repushOfDeleted: "new-version", deletedListedAfterRepush: false },
    ] satisfies SwitchChanges[]) {
      it(`takes what somebody pushed again as it is: ${JSON.stringify(way)}`, async () => {
        await here.deleteThem({ ...way, tagsReturnOnRestore: false });
        const [part] = here.world.image("pr1").built.children;
        if (part) await pushContent(here.world.target, part.manifest);
        here.restore("pr-1");
        await here.stack.up();
        assert.ok(here.world.digests("pr1").every((digest) => here.world.present().includes(digest)));
        await assertComplete(here.world, ...kept, "pr-1", "pr-one");
        assert.equal((await here.stack.preview()).changes, false);
      });
    }
  });

  describe("when a tag is on another image by now", () => {
    it("leaves it there, and brings back the image", async () => {
      await here.world.tag("main", "pr-1");
      here.restore("pr-1");
      await here.stack.up();
      const holder = here.sandbox.package(repository)?.versions.find(({ tags }) => tags.includes("pr-1"));
      assert.equal(holder?.digest, here.world.image("main").index);
      assert.match(
        here.stack.said.join("\n"),
        /warning: acme\/shop:pr-1 has moved to sha256:[0-9a-f]{12} and stays there; pull the restored image by sha256:[0-9a-f]{64}/,
      );
      assert.deepEqual(here.world.deleted(), here.world.digests("pr2", "prodBefore"));
      assert.equal((await here.stack.preview()).changes, false);
    });
  });
});
