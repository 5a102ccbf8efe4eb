import assert from "node:assert/strict";
import { buildImage, buildIndex, descriptorOf, pushContent, type Sandbox, type SwitchChanges, startSandbox } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { expired, now, PackageWorld, policyFor, shop, small } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";
const keptTags = ["main-1", "pr-3", "prod", "v1.0.0", "v1.1.0", "v1.2.0"];

describe("an apply", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
  });
  afterEach(() => sandbox.close());

  /** A stack whose plan is on record and approved. */
  async function approved(): Promise<SimulatedStack> {
    const stack = new SimulatedStack(sandbox, policyFor(repository));
    await stack.upAndApprove();
    return stack;
  }

  describe("when nothing is in the way", () => {
    it("deletes each index before what hangs under it, and nothing but by GitHub's API", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(shop);
      const stack = await approved();
      const ids = new Map(sandbox.package(repository)?.versions.map(({ id, digest }) => [String(id), digest]));
      sandbox.clearRequests();
      await stack.up();

      const writes = sandbox.requests().filter(({ method }) => method !== "GET" && method !== "HEAD");
      assert.ok(writes.every(({ method, surface, status }) => method === "DELETE" && surface === "api" && status === 204));
      const order = writes.map(({ path }) => ids.get(path.split("/").at(-1) ?? ""));
      for (const name of expired) {
        const { index, children, attestations } = world.image(name);
        for (const { digest } of [...children, ...attestations]) assert.ok(order.indexOf(index) < order.indexOf(digest));
      }
    });

    it("asks the registry for every tag that stays before the first deletion", async () => {
      await new PackageWorld(sandbox, repository).deploy(shop);
      const stack = await approved();
      sandbox.clearRequests();
      await stack.up();
      const first = sandbox.requests().findIndex(({ method }) => method === "DELETE");
      const asked = sandbox.requests().slice(0, first);
      for (const tag of keptTags)
        assert.ok(
          asked.some(({ method, path }) => method === "HEAD" && path.endsWith(`/manifests/${tag}`)),
          tag,
        );
    });
  });

  describe("when more may go by now than was decided (S4)", () => {
    it("deletes no more than that", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy({
        ...small,
        main: { days: 10, tags: ["main-1"], attestations: false },
      });
      const stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic" }));
      // The program's look lists twice; then `prod` moves on, and what carried it is untagged and old.
      const main = world.image("main").built.index.bytes.toString("utf8");
      const effect = { kind: "push" as const, versions: [{ package: repository, tags: ["prod"], manifest: main }] };
      sandbox.addFault({ match: { method: "GET", path: "state=active" }, after: 2, effect });
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1"));

      // A run saw it tagged, so it counts from there (S7a).
      const deletions = async () => Object.keys((await stack.preview()).inputs.deletions).sort();
      assert.deepEqual(await deletions(), world.digests("pr1"));
      sandbox.setClock(new Date(sandbox.now().getTime() + 15 * 86_400_000));
      assert.deepEqual(await deletions(), world.digests("pr1", "prod"));
    });
  });

  describe("when the program could not look (S3)", () => {
    it("leaves what is approved and not done, and goes on the next time", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const stack = await approved();
      sandbox.addFault({
        match: { method: "DELETE" },
        after: 1,
        effect: { kind: "status", status: 401, body: { message: "Bad credentials" } },
      });
      await assert.rejects(stack.up(), /Bad credentials/);
      assert.equal(world.deleted().length, 1);

      const refused = { kind: "status" as const, status: 403, body: { message: "Resource not accessible" } };
      sandbox.addFault({ match: { method: "GET", path: "state=active" }, effect: refused });
      await assert.rejects(stack.up(), /Resource not accessible/);
      assert.equal(world.deleted().length, 1);

      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1"));
    });
  });

  describe("when the approval is taken back half-way", () => {
    it("deletes no more", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const stack = await approved();
      sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "refuse", reason: "not-admin" } });
      await assert.rejects(stack.up(), /Package not found/);
      const { approve: _, ...policy } = stack.policy;
      stack.policy = policy;
      await stack.up();
      assert.equal(world.deleted().length, 1);
      assert.deepEqual(Object.keys(stack.outputs.ledger), world.deleted());
    });
  });

  describe("when a version of the plan was deleted and pushed again (S4)", () => {
    it("is another version, which nobody approved", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const stack = await approved();
      sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "refuse", reason: "not-admin" } });
      await assert.rejects(stack.up(), /Package not found/);

      const { manifest } = world.image("pr1").built.children[0] ?? {};
      const pkg = sandbox.store.find(repository);
      const version = manifest && pkg?.byDigest(manifest.digest);
      if (pkg && version) sandbox.store.delete(pkg, version);
      if (manifest) await pushContent(world.target, manifest);
      // Old enough for the rules, by now.
      sandbox.advanceClock(40 * 86_400);
      await stack.up();
      assert.ok(world.present().includes(manifest?.digest ?? ""));
      assert.deepEqual(Object.keys(stack.outputs.pending?.deletions ?? {}), [manifest?.digest]);
    });
  });

  describe("when GitHub limits the rate", () => {
    it("waits as long as it is told, and goes on", async () => {
      const world = await new PackageWorld(sandbox, repository).deploy(small);
      const stack = await approved();
      sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "rate-limit", retryAfterSeconds: 1 } });
      const began = Date.now();
      await stack.up();
      assert.ok(Date.now() - began >= 1_000);
      assert.deepEqual(world.deleted(), world.digests("pr1"));
    });
  });

  describe("when an image is larger than a batch, and GitHub's list still shows what is gone", () => {
    it("deletes all of it", async () => {
      const createdAt = new Date(Date.parse(now) - 100 * 86_400_000).toISOString();
      const parts = Array.from({ length: 40 }, (_, place) => buildImage("linux/amd64", { seed: `part ${place}` }).manifest);
      const seed = (manifest: Buffer, tags: string[]) => ({ package: repository, createdAt, tags, manifest: manifest.toString() });
      const keep = buildImage("linux/amd64", { seed: "prod" }).manifest;
      const large = buildIndex(parts.map((part) => descriptorOf(part)));
      sandbox.seed([...parts.map(({ bytes }) => seed(bytes, [])), seed(large.bytes, ["pr-1"]), seed(keep.bytes, ["prod"])]);
      const stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic", limits: { percent: 100 } }));
      // A look asks for the count and twice for the page: those after the first batch are answered from before it.
      const list = { method: "GET", path: "state=active" };
      sandbox.addFault({ match: list, after: 4, times: 2, effect: { kind: "stale-list" } });
      const count = { method: "GET", pattern: "/container/shop$" };
      const body = JSON.stringify({ id: 1, name: "shop", package_type: "container", version_count: 42 });
      sandbox.addFault({ match: count, after: 2, times: 1, effect: { kind: "body", body, headers: {} } });
      await stack.up();
      assert.deepEqual(
        sandbox.package(repository)?.versions.map(({ digest }) => digest),
        [keep.digest],
      );
      assert.equal(Object.keys(stack.outputs.ledger).length, 41);
    });
  });

  describe("when GHCR behaves in one way or the other", () => {
    const ways: readonly SwitchChanges[] = [
      { updatedAtOnTagGain: true, updatedAtOnTagLoss: false },
      { updatedAtOnTagGain: false, updatedAtOnTagLoss: true },
      { updatedAtOnTagGain: false, updatedAtOnTagLoss: false },
      { updatedAtOnTagGain: true, updatedAtOnTagLoss: true },
      { headCountsAsDownload: true },
      { acceptEnforced: false },
      { referrers: "not-found" },
      { deletedListsTimes: false },
      { deletedListsToReaders: false },
      { newPackageVisibility: "public" },
    ];
    for (const way of ways) {
      it(`deletes the same: ${JSON.stringify(way)}`, async () => {
        sandbox.setSwitches(way);
        const world = await new PackageWorld(sandbox, repository).deploy(shop);
        await (await approved()).up();
        assert.deepEqual(world.deleted(), world.digests(...expired));
        await assertComplete(world, ...keptTags);
      });
    }

    it("keeps everything while a pull counts as a change of what it reads", async () => {
      sandbox.setSwitches({ updatedAtOnPull: true });
      const world = await new PackageWorld(sandbox, repository).deploy(shop);
      const stack = await approved();
      await stack.up().catch(() => undefined);
      assert.deepEqual(world.deleted(), []);
      await assertComplete(world, ...keptTags, "pr-1", "pr-2");
    });
  });
});
