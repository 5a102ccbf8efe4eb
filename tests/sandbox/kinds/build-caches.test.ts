import assert from "node:assert/strict";
import { buildImage, type Content, descriptorOf, jsonContent, MediaType, pushBlob, pushContent, pushImage } from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, dropBroken, nodeAt, worldOf } from "../../support/graph/world";

const cacheConfig = "application/vnd.buildkit.cacheconfig.v0";

/** What BuildKit exports: layers, and a config that tells how they follow each other. */
function cacheOf(seed: string): { layers: Content[]; config: Content } {
  const layers = [...buildImage("linux/amd64", { seed }).blobs].slice(1);
  const records = layers.map(({ digest }, layer) => ({ digest, results: [{ layer }] }));
  const config = jsonContent(cacheConfig, {
    layers: layers.map(({ digest: blob }, place) => ({ blob, parent: place - 1, annotations: {} })),
    records,
  });
  return { layers, config };
}

/** BuildKit before 0.21: an index whose entries are layers, the config last. Docker's types with `oci-mediatypes=false`. */
function oldForm(seed: string, mediaType: string): Content {
  const { layers, config } = cacheOf(seed);
  const entries = layers.map((layer) => ({
    ...descriptorOf(layer),
    annotations: { "buildkit/createdat": "2023-11-30T00:00:00Z", "containerd.io/uncompressed": layer.digest },
  }));
  return jsonContent(mediaType, { schemaVersion: 2, mediaType, manifests: [...entries, descriptorOf(config)] });
}

/** Since then, and before with `image-manifest=true`: an image manifest with a config of its own type. */
function newForm(seed: string): Content {
  const { layers, config } = cacheOf(seed);
  const mediaType = MediaType.ociManifest;
  return jsonContent(mediaType, { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: layers.map(descriptorOf) });
}

const forms = [
  { name: "an index of layers, in OCI's types", build: (seed: string) => oldForm(seed, MediaType.ociIndex) },
  { name: "an index of layers, in Docker's types", build: (seed: string) => oldForm(seed, MediaType.dockerList) },
  { name: "an image manifest", build: newForm },
];

describe("a build cache of BuildKit", () => {
  const bench = useWorkbench();
  async function push(content: Content, seed: string, tag: string): Promise<void> {
    const { layers, config } = cacheOf(seed);
    for (const { bytes } of [...layers, config]) await pushBlob(bench().target, bytes);
    await pushContent(bench().target, content, [tag]);
  }

  for (const { name, build } of forms) {
    describe(`as ${name}`, () => {
      it("is a root, and its blobs are no missing children", async () => {
        await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
        const kept = build("kept");
        await push(kept, "kept", "buildcache");
        await push(build("branch"), "branch", "buildcache-pr-1");
        const rules = [dropBroken, { name: "drop-caches", action: "delete" as const, tags: ["buildcache-pr-*"] }];
        const world = await worldOf(bench().sandbox, { rules });
        assert.deepEqual(treeOf(world), ["buildcache: root, stays", "buildcache-pr-1: root, goes", "prod: root, stays"]);
        assert.deepEqual(nodeAt(world, kept.digest).missingChildren, []);
        await carryOut(bench().sandbox, world, { rules });
      });

      it("is a root as well when a newer one took its tag", async () => {
        await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
        const old = build("old");
        await push(old, "old", "buildcache");
        await push(build("new"), "new", "buildcache");
        const rules = [
          dropBroken,
          { name: "keep-tagged", action: "keep" as const, tags: ["*"] },
          { name: "drop", action: "delete" as const },
        ];
        const world = await worldOf(bench().sandbox, { rules });
        assert.deepEqual(world.plan.deletions.digests(), [old.digest]);
      });
    });
  }

  it("can be selected by its type in the new form", async () => {
    await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
    const cache = newForm("cache");
    await push(cache, "cache", "buildcache");
    const rules = [{ name: "drop-caches", action: "delete" as const, artifactType: [cacheConfig] }];
    assert.deepEqual((await worldOf(bench().sandbox, { rules })).plan.deletions.digests(), [cache.digest]);
  });
});
