import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  type Content,
  descriptorOf,
  jsonContent,
  MediaType,
  type PushTarget,
  pushBuilt,
  type Sandbox,
  startSandbox,
} from "../../../sandbox";
import { digestOf } from "../../../sandbox/store/digest";
import { tarOf } from "../../../sandbox/tar";
import { bundleLabel, lockLayer, oneLayerImage, pushBundle, pushRelocated } from "../../support/inventory/bundles";
import { assertStops, countRequests, lookAt, repository, strike } from "../../support/inventory/looking";

describe("what a layer or a config names", () => {
  let sandbox: Sandbox;
  let target: PushTarget;

  beforeEach(async () => {
    sandbox = await startSandbox({ now: "2023-12-01T00:00:00Z" });
    target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository };
  });
  afterEach(() => sandbox.close());

  async function keptBy(digest: string): Promise<string[]> {
    const { graph } = await lookAt(sandbox);
    const edges = graph.keeps[graph.byDigest.get(digest) ?? -1] ?? [];
    return edges.map(({ to, as }) => `${as} ${graph.nodes[to]?.version.digest}`).sort();
  }

  describe("of a bundle of imgpkg", () => {
    const plain = oneLayerImage({ layer: gzipSync(tarOf("app.txt", "hello")) });
    const elsewhere = `sha256:${"ab".repeat(32)}`;

    it("is each image that the package holds", async () => {
      const image = await pushRelocated(target, plain);
      assert.deepEqual(await keptBy(await pushBundle(target, ["v1"], [image, elsewhere])), [`bundled image ${image}`]);
    });
    it("is found under a name that begins with `./`, and in a layer that is not compressed", async () => {
      const image = await pushRelocated(target, plain);
      const lock = `kind: ImagesLock\nimages:\n- image: "registry.example/acme/app@${image}"\n`;
      for (const [tag, layer] of Object.entries({
        v1: lockLayer([image], "./.imgpkg/images.yml"),
        v2: tarOf(".imgpkg/images.yml", lock),
      })) {
        const bundle = await pushRelocated(target, oneLayerImage({ layer, labels: { ...bundleLabel, tag } }), [tag]);
        assert.deepEqual(await keptBy(bundle), [`bundled image ${image}`]);
      }
    });
    it("is nothing where it names no image", async () => {
      assert.deepEqual(await keptBy(await pushBundle(target, ["v1"], [])), []);
    });
    it("is not looked for in an image without the label, whatever its layer holds", async () => {
      const image = await pushRelocated(target, plain);
      assert.deepEqual(await keptBy(await pushRelocated(target, oneLayerImage({ layer: lockLayer([image]) }), ["v1"])), []);
      assert.equal(countRequests(sandbox, /GET|\/blobs\/sha256:/), 2, "the configs of two images with one layer");
    });
    it("is read once: another look remembers it", async () => {
      const image = await pushRelocated(target, plain);
      await pushBundle(target, ["v1"], [image]);
      const { memory } = await lookAt(sandbox);
      sandbox.clearRequests();
      const { graph } = await lookAt(sandbox, { memory });
      assert.equal(countRequests(sandbox, "/blobs/"), 0);
      assert.equal(graph.keeps.flat().length, 1);
    });
    it("is read again where the answer broke off", async () => {
      const image = await pushRelocated(target, plain);
      strike(sandbox, { surface: "registry", path: "/blobs/" }, { kind: "truncate" }, 2);
      assert.deepEqual(await keptBy(await pushBundle(target, ["v1"], [image])), [`bundled image ${image}`]);
    });

    describe("stops the package (S3), and names the version", () => {
      const label = (bundle: string) => `${repository}@${bundle}: what it needs cannot be known, since `;
      const remedy =
        ". Nothing of this package is deleted while it is there; run again later, or delete that version by hand if it is not needed.";
      async function assertNotKnown(bundle: string, why: string): Promise<void> {
        await assertStops(sandbox, `${label(bundle)}${why}${remedy}`.slice(repository.length));
      }

      for (const [what, layer, why] of [
        ["holds no lock file", gzipSync(tarOf("config.yml", "a: 1")), "it is an imgpkg bundle, and its layer holds no .imgpkg/images.yml"],
        [
          "holds another kind of file",
          gzipSync(tarOf(".imgpkg/images.yml", "kind: BundleLock\n")),
          ".imgpkg/images.yml in its layer is no ImagesLock",
        ],
        [
          "holds a file that is no YAML",
          gzipSync(tarOf(".imgpkg/images.yml", "kind: [ImagesLock\n")),
          ".imgpkg/images.yml in its layer is no ImagesLock",
        ],
        [
          "names an image by its tag",
          gzipSync(tarOf(".imgpkg/images.yml", "kind: ImagesLock\nimages:\n- image: acme/app:v1\n")),
          ".imgpkg/images.yml in its layer names an image without a digest",
        ],
        [
          "holds too large a file",
          gzipSync(tarOf(".imgpkg/images.yml", " ".repeat(1024 * 1024 + 1))),
          ".imgpkg/images.yml in its layer has more than 1 MiB",
        ],
      ] as const) {
        it(`where the layer ${what}`, async () => {
          await assertNotKnown(await pushRelocated(target, oneLayerImage({ layer, labels: bundleLabel }), ["v1"]), why);
        });
      }
      it("where the layer is no archive", async () => {
        const layer = Buffer.from("no archive ".repeat(100));
        await pushRelocated(target, oneLayerImage({ layer, labels: bundleLabel }), ["v1"]);
        await assertStops(sandbox, /its layer is no tar archive that can be read/);
      });
      it("where the layer says that it is too large to be read", async () => {
        const { manifest, blobs } = oneLayerImage({ layer: lockLayer([]), labels: bundleLabel });
        const body = JSON.parse(manifest.bytes.toString("utf8")) as { layers: { size: number; digest: string }[] };
        const [layer] = body.layers;
        assert.ok(layer);
        layer.size = 64 * 1024 * 1024 + 1;
        const bundle = await pushBuilt(target, { manifest: jsonContent(manifest.mediaType, body), blobs }, ["v1"]);
        await assertNotKnown(bundle, `its blob ${layer.digest} has 67108865 bytes; expected 67108864 at most`);
      });
      it("where the registry does not have the layer", async () => {
        const bundle = oneLayerImage({ layer: lockLayer([]), labels: bundleLabel });
        const [, layer] = bundle.blobs;
        await pushRelocated(target, bundle, ["v1"]);
        strike(sandbox, { surface: "registry", path: layer?.digest ?? "" }, { kind: "status", status: 404, headers: {}, handled: false });
        await assertNotKnown(bundle.manifest.digest, `its blob ${layer?.digest} is answered with 404`);
      });
      it("where the registry sends other bytes", async () => {
        const bundle = oneLayerImage({ layer: lockLayer([]), labels: bundleLabel });
        const [config] = bundle.blobs;
        await pushRelocated(target, bundle, ["v1"]);
        strike(sandbox, { surface: "registry", path: config?.digest ?? "" }, { kind: "wrong-digest" });
        await assertNotKnown(bundle.manifest.digest, `its blob ${config?.digest} has other content than its digest says`);
      });
    });
  });

  describe("of a ModelKit", () => {
    const configType = "application/vnd.kitops.modelkit.config.v1+json";

    async function pushKit(tag: string, kitfile: string | object, name = "base"): Promise<string> {
      const bytes = Buffer.from(typeof kitfile === "string" ? kitfile : JSON.stringify(kitfile));
      const config: Content = { mediaType: configType, digest: digestOf(bytes), bytes };
      const layer = jsonContent("application/vnd.kitops.modelkit.model.v1.tar", { name });
      const mediaType = MediaType.ociManifest;
      const body = { schemaVersion: 2, mediaType, config: descriptorOf(config), layers: [descriptorOf(layer)] };
      return pushBuilt(target, { manifest: jsonContent(mediaType, body), blobs: [config, layer] }, [tag]);
    }
    const buildsOn = (path: string) => ({ manifestVersion: "1.0.0", model: { name: "tuned", path } });
    const host = () => new URL(sandbox.registryUrl).host;

    it("is the kit that it builds on, by tag and by digest", async () => {
      const base = await pushKit("base", { manifestVersion: "1.0.0", model: { path: "./model.gguf" } });
      for (const [tag, path] of Object.entries({ v1: `${host()}/${repository}:base`, v2: `${host()}/${repository}@${base}` })) {
        assert.deepEqual(await keptBy(await pushKit(tag, buildsOn(path))), [`base model ${base}`]);
      }
    });
    it("is nothing where it builds on a kit of another package, or on a file", async () => {
      await pushKit("base", { manifestVersion: "1.0.0" });
      const paths = [`${host()}/${repository}-2:base`, `ghcr.io/${repository}:base`, `${repository}:base`, "./base", "base:base", "/base"];
      for (const [place, path] of paths.entries()) assert.deepEqual(await keptBy(await pushKit(`v${place}`, buildsOn(path))), [], path);
    });
    it("stops the package where its config is no Kitfile", async () => {
      const kit = await pushKit("v1", "[1]");
      await assertStops(sandbox, new RegExp(`@${kit}: what it needs cannot be known, since its config is no Kitfile`));
    });
  });
});
