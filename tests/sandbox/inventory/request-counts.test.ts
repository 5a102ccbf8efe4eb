import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchVersion, now, packageOfAYear, readsOf, rules, seedOf } from "../../../bench/world";
import { observePackage } from "../../../components/observe/observe-package";
import type { InUse } from "../../../components/rules/policy";
import { type LoggedRequest, type Sandbox, startSandbox } from "../../../sandbox";

const pagesOf = (versions: number) => Math.ceil(versions / 100);

describe("the number of requests", () => {
  let sandbox: Sandbox;
  let cacheFolder: string;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    cacheFolder = await mkdtemp(join(tmpdir(), "request-counts-"));
  });
  afterEach(async () => {
    await sandbox.close();
    await rm(cacheFolder, { recursive: true });
  });

  function seed(name: string, versions: readonly BenchVersion[]): void {
    sandbox.seed(versions.map((version) => seedOf(`acme/${name}`, version)));
  }

  let looks = 0;
  /** What a preview asks for, in a run of its own. */
  async function preview(name: string, inUse?: InUse): Promise<readonly LoggedRequest[]> {
    sandbox.clearRequests();
    const { githubApiUrl, registryUrl, token } = sandbox;
    // Another pace each time, so that nothing of the connection before is used.
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 1_000 + ++looks, cacheFolder };
    const outcome = await observePackage({ endpoints, token }, { owner: "acme", package: name, rules, ...(inUse ? { inUse } : {}) });
    assert.ok(outcome.kind === "observed", JSON.stringify(outcome));
    assert.equal(outcome.graph.nodes.length, sandbox.package(`acme/${name}`)?.versions.length);
    return sandbox.requests();
  }

  function manifestsIn(requests: readonly LoggedRequest[]): number {
    return requests.filter(({ surface }) => surface === "registry").length;
  }

  function confirmedIn(requests: readonly LoggedRequest[]): number {
    return requests.filter(({ status }) => status === 304).length;
  }

  for (const versions of [5, 100, 250, 1_000, 3_000]) {
    describe(`of a package of ${versions} versions`, () => {
      const world = packageOfAYear("app", versions);
      const { others, children } = readsOf(world);

      it("is at the bound when nothing is known: ⌈V/100⌉ + R + C + 4", async () => {
        seed("app", world);
        const requests = await preview("app");
        assert.equal(manifestsIn(requests), others + children);
        assert.ok(requests.length <= pagesOf(versions) + others + children + 4, `${requests.length} requests`);
        assert.equal(new Set(requests.filter(({ surface }) => surface === "registry").map(({ path }) => path)).size, others + children);
      });

      it("is that of the pages in the second phase, each confirmed: `up` after its own preview", async () => {
        seed("app", world);
        await preview("app");
        const requests = await preview("app");
        assert.equal(manifestsIn(requests), 0);
        assert.equal(confirmedIn(requests), pagesOf(versions) + 1);
        assert.ok(requests.length <= pagesOf(versions) + 4, `${requests.length} requests`);
      });
    });
  }

  describe("of a package under a policy that asks GitHub where images run", () => {
    it("has one more for each digest that would go and that a workload can run: ⌈V/100⌉ + R + C + D + 4", async () => {
      const world = packageOfAYear("app", 250);
      seed("app", world);
      const [plain, asking] = [await preview("app"), await preview("app", { github: "required" })];
      const asked = asking.filter(({ path }) => path.includes("/artifacts/")).map(({ path }) => path);
      assert.equal(new Set(asked).size, asked.length);
      const { others, children } = readsOf(world);
      // An image that goes has two platforms, and two attestations that nobody runs.
      assert.equal(asked.length, (children / 4) * 3);
      assert.ok(plain.length <= pagesOf(250) + others + children + 4);
      assert.ok(asking.length <= pagesOf(250) + asked.length + 4, `${asking.length} requests, ${asked.length} of them questions`);
    });
  });

  describe("of a package that grew since the last run", () => {
    it("is at the bound: ⌈V/100⌉ + N + 4, with the unchanged last pages confirmed", async () => {
      const world = packageOfAYear("app", 1_000);
      const [before, pushed] = [world.slice(0, 985), world.slice(985)];
      seed("app", before);
      await preview("app");
      seed("app", pushed);
      const fresh = readsOf(pushed).others;
      const requests = await preview("app");
      assert.equal(manifestsIn(requests), fresh);
      assert.ok(requests.length <= pagesOf(1_000) + fresh + 4, `${requests.length} requests`);
    });

    it("costs no more where only tags moved: pages, no manifest", async () => {
      seed("app", packageOfAYear("app", 500));
      await preview("app");
      const newest = sandbox.package("acme/app")?.versions.find(({ tags }) => tags.some((tag) => tag.startsWith("pr-")));
      sandbox.setPackage({ package: "acme/app", versions: [{ version: newest?.digest ?? "", updatedAt: now }] });
      const requests = await preview("app");
      assert.equal(manifestsIn(requests), 0);
      assert.ok(confirmedIn(requests) < pagesOf(500) + 1);
    });
  });

  describe("of an organisation", () => {
    it("grows with its packages, and the owner is asked for once", async () => {
      const names = ["one", "two", "three", "four"];
      for (const name of names) seed(name, packageOfAYear(name, 200));
      sandbox.clearRequests();
      const { githubApiUrl, registryUrl, token } = sandbox;
      const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 1_000 + ++looks, cacheFolder };
      const settings = { endpoints, token };
      await Promise.all(names.map((name) => observePackage(settings, { owner: "acme", package: name, rules })));
      const { others, children } = readsOf(packageOfAYear("one", 200));
      assert.equal(sandbox.requests().filter(({ path }) => path.includes("/users/")).length, 1);
      assert.ok(sandbox.requests().length <= names.length * (pagesOf(200) + others + children + 3) + 1);
    });
  });
});
