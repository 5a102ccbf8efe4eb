import assert from "node:assert/strict";
import { buildIndex, type Content, descriptorOf, type SeedVersion } from "../../../../sandbox";
import { now } from "../../../support/engine/world";
import { requests, usualDeletions } from "../../../support/lifecycle/fault-matrix/points";
import { images, indexOverApproved, repository, Scene } from "../../../support/lifecycle/fault-matrix/scene";

const { pr1 } = images;

function index(tags: string[], ...parts: Content[]): SeedVersion {
  return {
    package: repository,
    tags,
    manifest: buildIndex(parts.map(descriptorOf), { annotations: { tags: tags.join() } }).bytes.toString(),
  };
}

describe("the proof that an apply lost nothing (S6)", function () {
  this.timeout(60_000);

  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
  });
  afterEach(() => scene.sandbox.close());

  /** Does something just before the last deletion is carried out. */
  const beforeTheLast = (call: () => void, deletions = usualDeletions) => scene.before("DELETE", deletions, call);
  const messageOf = (meanwhile?: () => void) =>
    scene.stack.up(meanwhile).then(
      () => "",
      (error: Error) => error.message,
    );

  describe("when an image lacked a part before", () => {
    const [nowhere] = images.foreign.children.map(({ manifest }) => manifest);
    const seed = (tag: string, days: number) => {
      const createdAt = new Date(Date.parse(now) - days * 86_400_000).toISOString();
      scene.sandbox.seed([{ ...index([tag], nowhere as Content), createdAt }]);
    };

    it("is no reason to undo anything", async () => {
      seed("v5", 10);
      await scene.approve();
      await scene.stack.up();
      assert.deepEqual(scene.gone(), [...scene.approved].sort());
    });

    it("comes back with it lacking, where something else is to be undone", async () => {
      seed("pr-5", 120);
      scene.stack.policy = { ...scene.stack.policy, approval: "automatic" };
      beforeTheLast(() => scene.sandbox.seed([indexOverApproved]), usualDeletions + 1);
      assert.match(await messageOf(), /All 6 versions deleted in this run were restored; every retained image is complete again\.$/);
      assert.deepEqual(scene.gone(), []);
    });
  });

  describe("when somebody pushed an image that lacks what is gone", () => {
    beforeEach(() => scene.approve());

    it("brings all back, and remembers why each stays", async () => {
      beforeTheLast(() => scene.sandbox.seed([indexOverApproved]));
      assert.match(await messageOf(), /every retained image is complete again\.$/);
      const { refused } = scene.stack.outputs;
      assert.deepEqual(Object.keys(refused).sort(), [...scene.approved].sort());
      for (const reason of Object.values(refused))
        assert.match(
          reason,
          /^restored, since its deletion left an image incomplete \(v9@sha256:[0-9a-f]{12} lacks sha256:[0-9a-f]{12}\)$/,
        );
    });

    it("finds it by its tag, where GitHub's list does not show it yet", async () => {
      beforeTheLast(() => {
        scene.sandbox.addFault({ match: requests.list, times: 4, effect: { kind: "stale-list" } });
        scene.sandbox.seed([index(["prod"], ...pr1.children.map(({ manifest }) => manifest))]);
      });
      assert.match(await messageOf(), /after the deletion an image was not complete \(prod lacks sha256:[0-9a-f]{12}\)/);
      assert.deepEqual(scene.gone(), []);
    });

    it("says that it is not complete where it cannot be seen any more", async () => {
      beforeTheLast(() => scene.sandbox.seed([indexOverApproved]));
      scene.before("POST", usualDeletions, () => {
        scene.sandbox.addFault({
          match: requests.list,
          times: null,
          effect: { kind: "status", status: 403, body: { message: "No more" } },
        });
      });
      assert.match(
        await messageOf(),
        /All 5 versions deleted in this run were restored; NOT COMPLETE YET: acme\/app: GitHub answered 403: No more\..*\. Check it now\.$/,
      );
    });
  });

  describe("when somebody else deleted what an image lacks", () => {
    beforeEach(() => scene.approve());
    const [part] = pr1.children.map(({ manifest }) => manifest);

    it("brings back one after the other, until nothing lacks anything", async () => {
      beforeTheLast(() => scene.sandbox.seed([index(["v10"], pr1.index)]), usualDeletions - 2);
      const others = [pr1.index.digest, part?.digest ?? ""];
      const message = await messageOf(() => others.forEach((digest) => void scene.deleteByHand(digest)));
      assert.match(message, /; 2 deleted by an earlier run or by somebody else were restored; every retained image is complete again\.$/);
      for (const digest of others) assert.ok(scene.present().includes(digest));
    });

    it("brings back what is in use although a part of it is gone for good, with its tag", async () => {
      const shared = pr1.children.at(-1)?.manifest.digest ?? "";
      scene.before("DELETE", 1, () => {
        scene.sandbox.seed([{ package: repository, tags: ["v2"], manifest: pr1.index.bytes.toString() }]);
        scene.deleteByHand(shared);
      });
      assert.match(await messageOf(), /All 5 versions deleted in this run were restored; NOT COMPLETE YET: main-1 lacks/);
      assert.equal(scene.sandbox.store.find(repository)?.byTag("v2")?.digest, pr1.index.digest);
    });

    it("brings back what was gone just when it was to be deleted", async () => {
      let last = "";
      beforeTheLast(() => {
        const parts = [...pr1.children, ...images.before.children].map(({ manifest }) => manifest);
        const left = parts.find(({ digest }) => scene.approved.has(digest) && scene.present().includes(digest)) as Content;
        last = left.digest;
        scene.deleteByHand(last);
        scene.sandbox.seed([index(["v11"], left)]);
      });
      assert.match(
        await messageOf(),
        /; 1 deleted by an earlier run or by somebody else was restored; every retained image is complete again\.$/,
      );
      assert.ok(scene.present().includes(last));
    });

    it("cannot bring back what GitHub does not remember, and says so", async () => {
      scene.sandbox.addFault({ match: requests["list of deleted"], times: null, effect: { kind: "status", status: 403 } });
      beforeTheLast(() => scene.sandbox.seed([indexOverApproved]), usualDeletions - 1);
      const message = await messageOf(() => scene.deleteByHand(part?.digest ?? ""));
      assert.match(message, /NOT COMPLETE YET: v9@sha256:[0-9a-f]{12} lacks .*\. Check it now\.$/);
      assert.doesNotMatch(message, /could be restored/);
    });
  });
});
