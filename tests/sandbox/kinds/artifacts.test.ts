import assert from "node:assert/strict";
import { type Content, descriptorOf, jsonContent, MediaType, pushBlob, pushContent, pushImage } from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, dropBroken, dropDangling, nodeAt, worldOf } from "../../support/graph/world";

const helmConfig = "application/vnd.cncf.helm.config.v1+json";
const wasmConfig = "application/vnd.wasm.config.v0+json";

/** What `oras push` is told after the reference. */
const pushes = [
  {
    name: "a Helm chart",
    artifactType: helmConfig,
    args: [
      ...["--config", `chart.json:${helmConfig}`],
      ...["a:application/vnd.cncf.helm.chart.content.v1.tar+gzip", "b:application/vnd.cncf.helm.chart.provenance.v1.prov"],
    ],
  },
  { name: "a Wasm module", artifactType: wasmConfig, args: ["--config", `chart.json:${wasmConfig}`, "a:application/wasm"] },
  { name: "an ORAS artifact", artifactType: "example/firmware", args: ["--artifact-type", "example/firmware", "a:example/part", "b"] },
  { name: "an ORAS artifact without a type", artifactType: "application/vnd.unknown.artifact.v1", args: ["a", "b"] },
  {
    name: "an artifact of the first form",
    artifactType: "application/vnd.unknown.config.v1+json",
    args: ["--image-spec", "v1.0", "a:example/part"],
  },
];

describe("artifacts", () => {
  const bench = useWorkbench();

  for (const { name, artifactType, args } of pushes) {
    it(`such as ${name} are plain roots`, async function () {
      const oras = bench().client(this, "oras");
      bench().write("chart.json", "{}");
      for (const tag of ["prod", "pr-1"]) {
        bench().write("a", `a of ${tag}`);
        bench().write("b", `b of ${tag}`);
        await oras("push", "--plain-http", bench().reference(tag), ...args);
      }
      const careful = await worldOf(bench().sandbox, { rules: [dropBroken, dropDangling] });
      assert.deepEqual(careful.plan.deletions.digests(), []);
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), ["pr-1: root, goes", "prod: root, stays"]);
      assert.deepEqual(new Set(world.graph.nodes.map(({ manifest }) => manifest?.artifactType)), new Set([artifactType]));
      await carryOut(bench().sandbox, world);
      await oras("pull", "--plain-http", "--output", "pulled", bench().reference("prod"));
    });
  }

  it("listed by an index live and die with it", async function () {
    const oras = bench().client(this, "oras");
    for (const tag of ["prod", "pr-1"]) {
      bench().write("a", `a of ${tag}`);
      await oras("push", "--plain-http", "--artifact-type", "example/firmware", bench().reference(`${tag}-part`), "a");
      await oras("manifest", "index", "create", "--plain-http", bench().reference(tag), `${tag}-part`);
    }
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), [
      "pr-1: root, goes",
      "  artifact (example/firmware) pr-1-part #1: root, goes",
      "pr-1-part #1: root, goes",
      "prod: root, stays",
      "  artifact (example/firmware) prod-part #2: root, stays",
      "prod-part #2: root, stays",
    ]);
    await carryOut(bench().sandbox, world);
  });

  it("of the artifact manifest, which the specification had for a while, follow their subject", async () => {
    const prod = await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
    const mediaType = "application/vnd.oci.artifact.manifest.v1+json";
    const subject = { mediaType: MediaType.ociManifest, digest: prod, size: 555 };
    bench().sandbox.seed([
      { package: bench().repository, mediaType, manifest: { mediaType, artifactType: "example/sbom", blobs: [], subject } },
      { package: bench().repository, mediaType, manifest: { mediaType, artifactType: "example/other", blobs: [] }, tags: ["pr-1"] },
    ]);
    assert.deepEqual(treeOf(await worldOf(bench().sandbox)), [
      "pr-1: root, goes",
      "prod: root, stays",
      "  referrer (example/sbom): referrer, stays",
    ]);
  });
});

describe("an index of nothing", () => {
  const bench = useWorkbench();

  it("is a plain root, and not broken", async function () {
    const regctl = bench().client(this, "regctl");
    await regctl("index", "create", bench().reference("prod"));
    // As Go writes a list that was never filled.
    const empty = jsonContent(MediaType.ociIndex, { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: null });
    await pushContent(bench().target, empty, ["pr-1"]);
    const careful = await worldOf(bench().sandbox, { rules: [dropBroken] });
    assert.deepEqual(careful.plan.deletions.digests(), []);
    assert.deepEqual(treeOf(await worldOf(bench().sandbox)), ["pr-1: root, goes", "prod: root, stays"]);
  });
});

describe("images of unusual layers", () => {
  const bench = useWorkbench();
  const elsewhere = { digest: `sha256:${"ab".repeat(32)}`, size: 1, urls: ["https://example.com/layer"] };
  const layersOf: Record<string, (layer: Content) => object[]> = {
    "foreign ones of Docker": () => [{ mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ...elsewhere }],
    "nondistributable ones": () => [{ mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", ...elsewhere }],
    "types that nobody knows": (layer) => [descriptorOf(layer)],
    none: () => [],
  };

  for (const [name, layers] of Object.entries(layersOf)) {
    it(`(${name}) are plain roots`, async () => {
      for (const tag of ["prod", "pr-1"]) {
        const config = jsonContent("application/vnd.oci.image.config.v1+json", { os: "windows", architecture: "amd64", tag });
        const layer = jsonContent("application/x-nobody-knows+zst", { tag });
        for (const { bytes } of [config, layer]) await pushBlob(bench().target, bytes);
        const manifest = { schemaVersion: 2, mediaType: MediaType.ociManifest, config: descriptorOf(config), layers: layers(layer) };
        await pushContent(bench().target, jsonContent(MediaType.ociManifest, manifest), [tag]);
      }
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), ["pr-1: root, goes", "prod: root, stays"]);
      await carryOut(bench().sandbox, world);
    });
  }

  it("may leave their own media type out, as OCI allows", async () => {
    const children: string[] = [];
    for (const tag of ["prod", "pr-1"]) {
      const manifest = {
        schemaVersion: 2,
        config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: elsewhere.digest, size: 2 },
        layers: [],
        annotations: { tag },
      };
      const content = jsonContent(MediaType.ociManifest, manifest);
      bench().sandbox.setSwitches({ requireBlobs: false });
      children.push(await pushContent(bench().target, content));
      await pushContent(bench().target, jsonContent(MediaType.ociIndex, { schemaVersion: 2, manifests: [descriptorOf(content)] }), [tag]);
    }
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), ["pr-1: root, goes", "  manifest: child, goes", "prod: root, stays", "  manifest: child, stays"]);
    assert.equal(nodeAt(world, children[0] ?? "").role, "child");
  });
});
