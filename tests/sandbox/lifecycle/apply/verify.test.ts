import assert from "node:assert/strict";
import { buildGraph, type Graph } from "../../../../components/graph/graph";
import { connect } from "../../../../components/inventory/connection";
import type { Observation } from "../../../../components/inventory/take-inventory";
import { brokenUnlisted, confirmTags, findBroken, missingByDigest, present } from "../../../../components/lifecycle/apply/verify";
import { type Sandbox, startSandbox } from "../../../../sandbox";
import { childOf, digestOf, image, index, packageOf } from "../../../support/builders/package";
import { now, PackageWorld } from "../../../support/engine/world";
import { lookAt, repository } from "../../../support/inventory/looking";

describe("what an apply verifies", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let seen: Observation;
  let graph: Graph;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy({
      prod: { days: 50, tags: ["prod", "v1"], attestations: false },
      main: { days: 30, tags: ["main-1"], attestations: false },
    });
    seen = await lookAt(sandbox);
    graph = seen.graph;
    sandbox.clearRequests();
  });
  afterEach(() => sandbox.close());

  function connection() {
    const { githubApiUrl, registryUrl, token } = sandbox;
    return connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
  }

  const place = (digest: string) => graph.byDigest.get(digest) ?? -1;
  const all = () => [...graph.nodes.keys()];
  const partOf = (of: string) => world.image(of).children[0]?.digest ?? "";
  const short = (digest: string) => digest.slice(0, 19);

  /** The registry does not know it, so many times, after so many. */
  function forget(digest: string, times: number | null = null, after = 0): void {
    const match = { method: ["HEAD", "GET"], path: `/manifests/${digest}` };
    sandbox.addFault({ match, times, after, effect: { kind: "status", status: 404 } });
  }

  /** Somebody deletes it, by GitHub's API. */
  function deleteIt(digest: string): void {
    const pkg = sandbox.store.find(repository);
    const version = pkg?.byDigest(digest);
    assert.ok(pkg && version);
    sandbox.store.delete(pkg, version);
  }

  describe("of tags", () => {
    it("asks the registry for each tag of what stays, and no other", async () => {
      await confirmTags(connection(), graph, [place(world.image("prod").index)]);
      assert.deepEqual(
        sandbox
          .requests()
          .filter(({ surface }) => surface === "registry")
          .map(({ path }) => path.split("/").at(-1))
          .filter((last) => last === "prod" || last === "v1" || last === "main-1")
          .sort(),
        ["prod", "v1"],
      );
    });
    it("stops where a tag is on another image by now, and says on which", async () => {
      await world.tag("main", "prod");
      await assert.rejects(confirmTags(connection(), graph, all()), (error: Error) => {
        assert.equal(error.name, "RetentionError");
        assert.equal(
          error.message,
          `${repository}:prod: GitHub lists it on ${world.image("prod").index}, and the registry has it on ${world.image("main").index}. ` +
            "It is being moved just now, or the list is out of date: nothing is deleted. Run `pulumi up` again.",
        );
        return true;
      });
    });
    it("stops where the registry does not know a tag", async () => {
      forget("v1");
      await assert.rejects(
        confirmTags(connection(), graph, all()),
        /logto:v1: GitHub lists it on sha256:\w+, and the registry has it on nothing\. /,
      );
    });
  });

  describe("of the images that stay", () => {
    const broken = (of: readonly number[] = all()) => findBroken(connection(), seen.route, graph, of);

    it("finds nothing where all of them are whole", async () => assert.deepEqual(await broken(), []));
    it("names the image, and what it lacks", async () => {
      const [first, second] = world.image("prod").children.map(({ digest }) => digest);
      forget(first ?? "");
      assert.deepEqual(await broken(), [{ image: "prod, v1", lacks: [first] }]);
      forget(second ?? "");
      assert.deepEqual(
        (await broken()).map(({ lacks }) => [...lacks].sort()),
        [[first, second].sort()],
      );
    });
    it("asks four times before it judges: the registry may lag behind", async () => {
      forget(partOf("prod"), 3);
      assert.deepEqual(await broken(), []);
      sandbox.clearFaults();
      forget(partOf("prod"), 4);
      assert.deepEqual(await broken(), [{ image: "prod, v1", lacks: [partOf("prod")] }]);
    });
    it("asks again only for what was not answered", async () => {
      forget(partOf("prod"), 1);
      await broken();
      const asked = sandbox.requests().filter(({ path }) => path.includes("/manifests/"));
      assert.equal(asked.length, graph.nodes.length + 1);
    });
    it("leaves out an image that somebody else deleted", async () => {
      for (const digest of world.digests("prod")) {
        deleteIt(digest);
        forget(digest);
      }
      assert.deepEqual(await broken(), []);
    });
    it("leaves out what does not have to stay", async () => {
      forget(partOf("prod"));
      assert.deepEqual(await broken(world.digests("main").map(place)), []);
    });
    it("names no part for itself", async () => {
      forget(partOf("prod"));
      assert.deepEqual(await broken([place(partOf("prod"))]), []);
    });
  });

  describe("of what was there before the first deletion", () => {
    it("asks only for what the look was not served", async () => {
      assert.deepEqual(await present(connection(), graph, all(), new Set(graph.nodes.map(({ version }) => version.digest))), all());
      assert.deepEqual(sandbox.requests(), []);
    });
    it("leaves out what the registry does not know", async () => {
      forget(partOf("prod"));
      const there = await present(connection(), graph, all(), new Set([partOf("main")]));
      assert.deepEqual(
        all().filter((node) => !there.includes(node)),
        [place(partOf("prod"))],
      );
    });
  });

  describe("of an image that GitHub's list does not show yet", () => {
    /** `main-1` is moved onto an image that the graph does not know. */
    async function pushUnseen(): Promise<string[]> {
      const later = await new PackageWorld(sandbox, repository).deploy({ later: { days: 0, tags: ["main-1"], attestations: false } });
      return later.image("later").children.map(({ digest }) => digest);
    }
    const unseen = () => brokenUnlisted(connection(), { before: graph, now: graph }, all());

    it("finds nothing where there is none, or it is whole", async () => {
      assert.deepEqual(await unseen(), []);
      await pushUnseen();
      assert.deepEqual(await unseen(), []);
    });
    it("names the tag, and what the image lacks", async () => {
      const [part = "", other = ""] = await pushUnseen();
      forget(part);
      assert.deepEqual(await unseen(), [{ image: "main-1", lacks: [part] }]);
      forget(other);
      assert.deepEqual(await unseen(), [{ image: "main-1", lacks: [part, other] }]);
    });
    it("does not take a tag that the registry does not know for an image", async () => {
      forget("main-1");
      assert.deepEqual(await unseen(), []);
    });
    it("looks into indexes in it", async () => {
      const inner = JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.index.v1+json",
        manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digestOf("nowhere"), size: 2 }],
      });
      const [seeded] = sandbox.seed([{ package: repository, manifest: inner }]);
      const outer = (digest: string) =>
        JSON.stringify({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.index.v1+json",
          manifests: [
            { mediaType: "application/vnd.oci.image.index.v1+json", digest, size: 2 },
            { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf("a blob"), size: 2 },
          ],
        });
      sandbox.seed([{ package: repository, tags: ["v1"], manifest: outer(seeded?.digest ?? "") }]);
      assert.deepEqual(await unseen(), [{ image: "v1", lacks: [digestOf("nowhere")] }]);
      sandbox.seed([{ package: repository, tags: ["v1"], manifest: outer(digestOf("no index")) }]);
      assert.deepEqual(await unseen(), [{ image: "v1", lacks: [digestOf("no index")] }]);
    });
  });

  describe("of what indexes list", () => {
    it("names each index, and what of it the package does not hold", () => {
      const multi = index("multi", ["here", "gone", childOf("lost")], { tags: ["prod", "v1"] });
      const found = missingByDigest(buildGraph(packageOf(multi, image("here"), index("whole", ["here"], { tags: ["v2"] }))));
      const missing = { image: `prod, v1@${short(digestOf("multi"))}`, lacks: [digestOf("gone"), digestOf("lost")] };
      assert.deepEqual([...found], [[digestOf("multi"), missing]]);
    });
  });
});
