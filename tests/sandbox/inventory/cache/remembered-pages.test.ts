import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../../components/inventory/connection";
import { takeInventory } from "../../../../components/inventory/take-inventory";
import { buildMultiArchImage, type Sandbox, seedsOf, startSandbox } from "../../../../sandbox";

const images = 50;
const name = { owner: "acme", name: "app" };
const options = { unreadable: [], manifestsToRead: () => [] };

describe("a package that was looked at before", () => {
  let sandbox: Sandbox;
  let cacheFolder: string;
  let ids: readonly number[];
  let looks = 0;
  beforeEach(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), "remembered-"));
    sandbox = await startSandbox({ now: "2026-11-23T12:00:00Z" });
    const seeds = Array.from({ length: images }, (_, place) =>
      seedsOf(buildMultiArchImage({ seed: `image-${place}` }), {
        package: "acme/app",
        tags: [`v${place}`],
        createdAt: new Date(Date.parse("2026-01-01") + place * 86_400_000).toISOString(),
      }),
    );
    ids = sandbox.seed(seeds.flat()).map(({ id }) => id);
  });
  afterEach(async () => {
    await sandbox.close();
    await rm(cacheFolder, { recursive: true });
  });

  /** Another connection each time, as another run has. */
  async function lookAgain() {
    const endpoints = { githubApiUrl: sandbox.githubApiUrl, registryUrl: sandbox.registryUrl, deletionsPerMinute: 6_000, cacheFolder };
    sandbox.clearRequests();
    return takeInventory(connect(endpoints, sandbox.token, 1_000 + ++looks), name, options);
  }

  async function remove(id: number | undefined): Promise<void> {
    const url = `${sandbox.githubApiUrl}/orgs/acme/packages/container/app/versions/${id}`;
    const { status } = await fetch(url, { method: "DELETE", headers: { authorization: `Bearer ${sandbox.token}` } });
    assert.equal(status, 204);
  }

  describe("when nothing has changed", () => {
    it("reads no manifest again, and every page is confirmed", async () => {
      const {
        graph: { inventory },
      } = await lookAgain();
      const again = await lookAgain();
      assert.deepEqual(again.graph.inventory.versions, inventory.versions);
      assert.deepEqual(again.graph.inventory.manifests, inventory.manifests);
      const asked = sandbox.requests();
      assert.equal(asked.filter(({ surface }) => surface === "registry").length, 0);
      assert.equal(asked.filter(({ status }) => status === 304).length, Math.ceil((images * 5) / 100) + 1);
    });
  });

  describe("when old versions went, and with them the last page", () => {
    it("asks for as many pages as are left, at once", async () => {
      await lookAgain();
      for (const id of ids.slice(0, 60)) await remove(id);
      const {
        graph: { inventory },
      } = await lookAgain();
      assert.equal(inventory.versions.length, images * 5 - 60);
      assert.equal(sandbox.requests().filter(({ path }) => path.includes("state=active")).length, 3);
    });
  });

  describe("when a version was pushed", () => {
    it("lists it, and reads only its manifest", async () => {
      await lookAgain();
      sandbox.seed(
        seedsOf(buildMultiArchImage({ seed: "new" }), { package: "acme/app", tags: ["new"], createdAt: "2026-11-23T11:00:00Z" }),
      );
      const {
        graph: { inventory },
      } = await lookAgain();
      assert.equal(inventory.versions.length, images * 5 + 5);
      assert.equal(sandbox.requests().filter(({ surface }) => surface === "registry").length, 1);
    });
  });
});
