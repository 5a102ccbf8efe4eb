import assert from "node:assert/strict";
import { buildGraph } from "../../../../components/graph/graph";
import { connect } from "../../../../components/inventory/connection";
import type { ApplyProgress } from "../../../../components/lifecycle/apply/apply-run";
import { deleteVersions, restore, wholeImages } from "../../../../components/lifecycle/apply/delete-versions";
import { unstoppable } from "../../../../components/model/stop";
import { DeletionSet } from "../../../../components/plan/deletion-set";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { type Entry, image, index, packageOf } from "../../../support/builders/package";
import { now, PackageWorld } from "../../../support/engine/world";
import { lookAt, name, repository } from "../../../support/inventory/looking";

describe("how many versions of a run are whole images", () => {
  const old = [index("old", ["o1", "o2"], { tags: ["pr-1"], days: 90 }), image("o1"), image("o2")];
  const young = [index("new", ["n1", "n2"], { tags: ["pr-2"], days: 30 }), image("n1"), image("n2")];
  const wholeOf = (entries: readonly Entry[], most: number) => {
    const graph = buildGraph(packageOf(...entries));
    return wholeImages(DeletionSet.largestSafe(graph, graph.nodes.keys()), most);
  };

  it("is all of them where all may go", () => {
    assert.equal(wholeOf([...old, ...young], 6), 6);
    assert.equal(wholeOf([...old, ...young], 100), 6);
    assert.equal(wholeOf([], 5), 0);
  });
  it("leaves an image whole that would be cut", () => {
    assert.deepEqual(
      [3, 4, 5].map((most) => wholeOf([...old, ...young], most)),
      [3, 3, 3],
    );
  });
  it("cuts the first image where even that is larger", () => {
    assert.deepEqual(
      [1, 2].map((most) => wholeOf([...old, ...young], most)),
      [1, 2],
    );
  });
  it("counts images without parts one by one", () => {
    const single = [1, 2, 3, 4].map((number) => image(`i${number}`, { tags: [`pr-${number}`] }));
    assert.deepEqual(
      [1, 2, 3].map((most) => wholeOf(single, most)),
      [1, 2, 3],
    );
  });
});

describe("a deletion at GitHub", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy({
      pr: { days: 90, tags: ["pr-1"], attestations: false },
      prod: { days: 50, tags: ["prod"], attestations: false },
    });
  });
  afterEach(() => sandbox.close());

  function connection() {
    const { githubApiUrl, registryUrl, token } = sandbox;
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
  }

  /** Deletes `pr`, or so many versions of it. */
  async function deletePr(count = 3): Promise<ApplyProgress> {
    const { graph, route } = await lookAt(sandbox);
    const set = DeletionSet.largestSafe(
      graph,
      world.digests("pr").map((digest) => graph.byDigest.get(digest) ?? -1),
    );
    assert.equal(set.size, 3);
    const progress: ApplyProgress = { deleted: [], pushedAgain: [], refused: new Map(), found: [], restored: new Set() };
    await deleteVersions({ connection: connection(), name, route, progress, stop: unstoppable() }, set, count);
    return progress;
  }

  const carriedIn = ({ deleted: carried }: ApplyProgress) => carried.map(({ version }) => version.digest).sort();

  describe("when all goes well", () => {
    it("is on record with GitHub's time, to the second", async () => {
      sandbox.setClock("2026-11-24T01:02:03Z");
      const { deleted: carried, refused } = await deletePr();
      assert.deepEqual(world.deleted(), world.digests("pr"));
      assert.deepEqual([...new Set(carried.map(({ deletedAt }) => deletedAt))], [Date.parse("2026-11-24T01:02:03Z")]);
      assert.ok(carried.every((one) => !("alreadyGone" in one)));
      assert.equal(refused.size, 0);
    });
    it("takes no more than it is told", async () => {
      assert.deepEqual(carriedIn(await deletePr(1)), [world.image("pr").index]);
      assert.deepEqual(world.deleted(), [world.image("pr").index]);
    });
  });

  describe("when GitHub refuses an image", () => {
    for (const [message, told] of [
      ["Publicly visible package versions with more than 5000 downloads cannot be deleted.", /more than 5000 downloads/],
      [
        "Publicly visible package versions with more than 5,000 downloads cannot be deleted. - https://docs.github.com/x",
        /cannot be deleted\.$/,
      ],
      ["You cannot delete the last tagged version of a package.", /last tagged version/],
      ["You cannot delete the last version of a package.", /last version/],
      ["Invalid argument.", /^Invalid argument\.$/],
      ["A text that nobody has seen yet", /^A text that nobody has seen yet$/],
    ] as const) {
      it(`leaves it whole, remembers the answer, and asks for none of its parts: ${message.slice(-40)}`, async () => {
        sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "status", status: 400, body: { message } } });
        const { deleted: carried, refused } = await deletePr();
        const { index: multi, children } = world.image("pr");
        assert.deepEqual(carried, []);
        assert.match(refused.get(multi) ?? "", told);
        for (const { digest } of children) assert.equal(refused.get(digest), `stays with ${multi.slice(0, 19)}`);
        assert.equal(refused.size, 3);
        assert.equal(sandbox.requests().filter(({ method }) => method === "DELETE").length, 1);
      });
    }
    it("goes on with other parts where it refuses a part", async () => {
      sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "refuse", reason: "downloads" } });
      const { deleted: carried, refused } = await deletePr();
      assert.deepEqual([carried.length, refused.size], [2, 1]);
    });
  });

  describe("when GitHub does not know a version any more", () => {
    it("counts it as deleted, and says that it was not this run", async () => {
      sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "vanish" } });
      const progress = await deletePr();
      assert.deepEqual(carriedIn(progress), world.digests("pr"));
      assert.deepEqual(
        progress.deleted.map(({ alreadyGone: unknown }) => unknown),
        [true, undefined, undefined],
      );
      assert.equal(progress.deleted[0]?.deletedAt, Date.parse(now));
    });
    for (const message of ["Package version not found.", "Not Found"]) {
      it(`counts it as deleted by this run where an error came after the deletion: 500, then 404 ${message}`, async () => {
        sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "status", status: 500, handled: true } });
        sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "status", status: 404, body: { message } } });
        const progress = await deletePr();
        assert.deepEqual(carriedIn(progress), world.digests("pr"));
        assert.deepEqual(world.deleted(), world.digests("pr"));
        assert.ok(progress.deleted.every((one) => !("alreadyGone" in one)));
      });
    }
  });

  describe("when GitHub answers something else", () => {
    for (const [status, message] of [
      [404, "Package not found."],
      [422, "more than 5000 downloads"],
      [200, "OK"],
    ] as const) {
      it(`breaks off, and names the package: ${status} ${message}`, async () => {
        sandbox.addFault({ match: { method: "DELETE" }, times: null, effect: { kind: "status", status, body: { message } } });
        await assert.rejects(deletePr(), (error: Error) => {
          assert.equal(error.name, "RetentionError");
          assert.match(error.message, /^logto-io\/logto/);
          return true;
        });
        assert.deepEqual(world.deleted(), []);
      });
    }
    it("breaks off, and prints no page, where a proxy answers 400 with HTML", async () => {
      sandbox.addFault({
        match: { method: "DELETE" },
        effect: { kind: "status", status: 400, body: "<!DOCTYPE html><title>Bad request</title>" },
      });
      await assert.rejects(deletePr(), /^RetentionError: logto-io\/logto: GitHub answered 400: an HTML page; run again later\.$/);
      assert.deepEqual(world.deleted(), []);
    });
    it("says what it expected of a proxy that answers 202", async () => {
      sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "status", status: 202 } });
      await assert.rejects(
        deletePr(),
        /^RetentionError: logto-io\/logto@sha256:[0-9a-f]{64}: GitHub answered 202 where 204 was expected; run again later\.$/,
      );
    });
  });

  describe("when it is taken back", () => {
    async function restoreIndex(): Promise<void> {
      const { route } = await lookAt(sandbox);
      const digest = world.image("pr").index;
      const id = sandbox.package(repository)?.deleted.find((version) => version.digest === digest)?.id ?? lostId;
      await restore({ connection: connection(), name, route }, { id, digest });
    }
    let lostId = 0;

    it("is there again", async () => {
      await deletePr();
      await restoreIndex();
      assert.ok(world.present().includes(world.image("pr").index));
    });
    for (const status of [400, 404, 409, 422]) {
      it(`is no error where it is there already: ${status}`, async () => {
        lostId = (await lookAt(sandbox)).graph.inventory.versions.find(({ digest }) => digest === world.image("pr").index)?.id ?? 0;
        sandbox.addFault({ match: { method: "POST" }, effect: { kind: "status", status, body: { message: "It is not deleted." } } });
        await restoreIndex();
      });
    }
    it("is no error where the list lags behind and the registry serves it, unless GitHub does not know it", async () => {
      lostId = (await lookAt(sandbox)).graph.inventory.versions.find(({ digest }) => digest === world.image("pr").index)?.id ?? 0;
      const { route } = await lookAt(sandbox);
      const digest = world.image("pr").index;
      const answer = (status: number) => {
        sandbox.addFault({
          match: { method: "POST" },
          effect: { kind: "status", status, body: { message: "Package version not found." } },
        });
        sandbox.addFault({ match: { method: "GET", path: "/versions" }, times: null, effect: { kind: "status", status: 401 } });
        return restore({ connection: connection(), name, route }, { id: lostId, digest }).finally(() => sandbox.clearFaults());
      };
      await answer(422);
      await assert.rejects(answer(404), /^RetentionError: logto-io\/logto/);
    });
    it("is an error where it is not there, whatever GitHub calls it", async () => {
      await deletePr();
      for (const status of [404, 422, 403]) {
        sandbox.addFault({ match: { method: "POST" }, effect: { kind: "status", status, body: { message: "Package not found." } } });
        await assert.rejects(restoreIndex(), /^RetentionError: logto-io\/logto/);
      }
      sandbox.addFault({ match: { method: "POST" }, effect: { kind: "status", status: 200 } });
      await assert.rejects(restoreIndex(), /GitHub answered 200 where 204 was expected/);
    });
    it("is an error where GitHub refuses it, although the version is there", async () => {
      lostId = 1;
      sandbox.addFault({
        match: { method: "POST" },
        effect: { kind: "status", status: 403, body: { message: "You need write:packages" } },
      });
      await assert.rejects(restoreIndex(), /^RetentionError: logto-io\/logto/);
    });
  });
});
