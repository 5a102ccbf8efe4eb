import assert from "node:assert/strict";
import { buildImage } from "../../../../sandbox";
import { now, policyFor, shop } from "../../../support/engine/world";
import { useDeployedShop } from "../../../support/lifecycle/deployed-shop";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

describe("an apply that asks GitHub where images run", function () {
  this.timeout(60_000);
  const here = useDeployedShop();

  describe("once a plan is approved", () => {
    beforeEach(async () => {
      await here.stack.upAndApprove();
      here.sandbox.clearRequests();
    });

    it("deletes it after asking again", async () => {
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), here.world.digests("pr1", "prodBefore", "pr2"));
      const firstDeletion = here.sandbox.requests().findIndex(({ method }) => method === "DELETE");
      assert.equal(here.asked(here.sandbox.requests().slice(0, firstDeletion)).length, 9);
    });

    it("leaves what has been deployed since, and says where it runs", async () => {
      await here.stack.up(() => here.report(here.platformOf("pr1")));
      assert.deepEqual(here.world.deleted(), here.world.digests("prodBefore", "pr2"));
      const digest = here.world.image("pr1").index;
      assert.ok(
        here.stack.said.includes(`warning: acme/shop@${digest} stays: linux/arm64 deployed as shop-web in production (eu-1)`),
        here.stack.said.join("\n"),
      );
      assert.deepEqual(await here.pendingOf(), [], "it is approved no more, and does not wait either");
    });

    for (const [what, refuse] of [
      ["a token that may not read them", () => here.lowerToken()],
      [
        "an error at each attempt",
        () => void here.sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } }),
      ],
      [
        "an answer that is not understood",
        () => void here.sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "body", body: "{}" } }),
      ],
      [
        "a page of a proxy",
        () =>
          void here.sandbox.addFault({
            match: { path: "/artifacts/" },
            times: null,
            effect: { kind: "status", status: 403, body: "<html>no</html>" },
          }),
      ],
      [
        "a connection that breaks off",
        () => void here.sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "drop" } }),
      ],
      [
        "a 404",
        () =>
          void here.sandbox.addFault({
            match: { path: "/artifacts/" },
            times: null,
            effect: { kind: "status", status: 404, body: { message: "Not Found" } },
          }),
      ],
    ] as const) {
      it(`deletes nothing where GitHub answers with ${what}, says so once, and goes on under the same approval later`, async () => {
        const { token } = here.stack;
        await here.stack.up(refuse);
        assert.deepEqual(here.world.deleted(), []);
        const said = here.stack.said.filter((line) => line.includes("not known to run"));
        assert.equal(said.length, 1, here.stack.said.join("\n"));
        assert.match(said[0] ?? "", /^warning: acme\/shop: 9 approved versions stay, not known to run or not to run: /);
        here.sandbox.clearFaults();
        here.stack.token = token;
        await here.stack.up();
        assert.deepEqual(here.world.deleted(), here.world.digests("pr1", "prodBefore", "pr2"));
      });
    }

    it("leaves only what GitHub fails to answer for", async () => {
      await here.stack.up(() => here.fail(here.platformOf("pr1")));
      assert.deepEqual(here.world.deleted(), here.world.digests("prodBefore", "pr2"));
    });

    it("deletes what the limit of a run allows, and asks for no more than that", async () => {
      here.stack.policy = { ...here.stack.policy, limits: { deletions: 5 } };
      await here.stack.up(() => here.sandbox.clearRequests());
      assert.deepEqual(here.world.deleted(), here.world.digests("pr1"));
      assert.equal(here.asked().length, 6, "of two of the three images: those of the first make up less than the limit");
      await here.stack.up();
      assert.equal(here.world.deleted().length, 10);
    });

    it("keeps the approval of the rest where GitHub does not answer a preview", async () => {
      here.stack.policy = { ...here.stack.policy, limits: { deletions: 5 } };
      await here.stack.up();
      here.sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } });
      // Another connection, since previews share answers for some minutes.
      here.stack = here.reconnected(1.01);
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), here.world.digests("pr1"));
      here.sandbox.clearFaults();
      await here.stack.up();
      assert.equal(here.world.deleted().length, 10);
    });

    it("has other images go where the oldest runs", async () => {
      here.stack.policy = { ...here.stack.policy, limits: { deletions: 5 } };
      await here.stack.up(() => here.report(here.world.image("pr1").index));
      assert.deepEqual(here.world.deleted(), here.world.digests("prodBefore"));
    });
  });

  describe("that needs several batches", () => {
    const repository = "acme/many";
    const deletedTags = () => here.sandbox.package(repository)?.deleted.flatMap(({ tags }) => tags) ?? [];

    function seedMany(images: number): void {
      const seeds = Array.from({ length: images }, (_, place) => ({
        package: repository,
        tags: [`pr-${place}`],
        createdAt: new Date(Date.parse(now) - (100 - place / 2) * 86_400_000).toISOString(),
        manifest: buildImage("linux/amd64", { seed: `many ${place}` }).manifest.bytes.toString(),
      }));
      here.sandbox.seed([...seeds, { package: repository, tags: ["prod"] }]);
    }

    it("is not asked about to its end where GitHub answers nothing", async () => {
      seedMany(150);
      here.sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } });
      here.stack = new SimulatedStack(here.sandbox, policyFor(repository, { inUse: { github: "optional" }, limits: { percent: 100 } }), 1);
      assert.deepEqual(await here.pendingOf(), []);
      assert.equal(new Set(here.asked().map(({ path }) => path)).size, 97);
    });

    /** Approves the deletion of so many images, and has one of them deployed while the first batch goes. */
    async function deleteMany(images: number, deployed: string, deletions: number): Promise<void> {
      seedMany(images);
      const limits = { percent: 100, deletions };
      here.stack = new SimulatedStack(here.sandbox, policyFor(repository, { inUse: { github: "required" }, limits }), 1);
      await here.stack.upAndApprove();
      const { digest = "" } = here.sandbox.package(repository)?.versions.find(({ tags }) => tags.includes(deployed)) ?? {};
      here.sandbox.addFault({ match: { method: "DELETE" }, after: 4, effect: { kind: "call", call: () => void here.report(digest) } });
      await here.stack.up();
    }

    it("stops between two of them at what has been deployed in the meantime, and says so", async () => {
      await deleteMany(40, "pr-39", 200);
      assert.equal(deletedTags().length, 39);
      assert.ok(!deletedTags().includes("pr-39"));
      const last = here.stack.said.filter((line) => /stays: deployed as shop-web in production \(eu-1\)$/.test(line));
      assert.equal(last.length, 1, here.stack.said.join("\n"));
    });

    it("has no other image go instead, which the run did not count on", async () => {
      await deleteMany(50, "pr-39", 40);
      assert.equal(deletedTags().length, 39);
    });
  });

  describe("when an image that runs is deleted already", () => {
    beforeEach(async () => {
      here.stack.policy = { ...here.stack.policy, approval: "automatic" };
      await here.stack.up();
      here.report(here.world.image("pr1").index);
      // Another connection, since previews share answers for some minutes.
      here.stack = here.reconnected(1.02);
    });

    const lost = async () =>
      (await here.stack.preview()).inputs.notices?.filter((text) => text.startsWith("in use, and not in the package"));

    it("is named, with where it runs and how to restore it", async () => {
      const digest = here.world.image("pr1").index;
      assert.deepEqual(await lost(), [
        `in use, and not in the package: ${digest} is deployed as shop-web in production (eu-1). Unless that runs from another package, ` +
          `\`restore: ["${digest}"]\` brings it back, until 2026-12-23`,
      ]);
    });

    it("is not named where somebody pushed it again, although GitHub lists it as deleted, too", async () => {
      await here.world.deploy({ pr1: shop.pr1 });
      assert.ok(here.world.deleted().includes(here.world.image("pr1").index));
      assert.equal(await lost(), undefined);
    });

    it("is not named while it comes back, nor once it has", async () => {
      here.stack.policy = { ...here.stack.policy, restore: ["pr-1"] };
      assert.equal(await lost(), undefined);
      await here.stack.up();
      assert.ok(here.world.digests("pr1").every((digest) => here.world.present().includes(digest)));
      assert.equal(await lost(), undefined);
    });
  });
});
