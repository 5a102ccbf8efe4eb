import assert from "node:assert/strict";
import { parseManifest } from "../../../../components/inventory/registry/manifest";

const index = "application/vnd.oci.image.index.v1+json";

describe("a list that Go wrote as null", () => {
  for (const [what, body, contentType] of [
    ["with its media type", { schemaVersion: 2, mediaType: index, manifests: null }, undefined],
    ["with the type that the registry tells", { schemaVersion: 2, manifests: null }, index],
    ["without any type", { schemaVersion: 2, manifests: null }, undefined],
  ] as const) {
    it(`is an index of nothing: ${what}`, () => {
      assert.deepEqual(parseManifest(JSON.stringify(body), contentType, "acme/app@sha256:1"), { index: true, children: [], blobs: "" });
    });
  }

  it("is no index where the manifest is an image's", () => {
    const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"ab".repeat(32)}`, size: 2 };
    const body = JSON.stringify({ schemaVersion: 2, config, layers: [], manifests: null });
    assert.equal(parseManifest(body, undefined, "acme/app@sha256:1").index, false);
  });
});

describe("the blobs of a manifest", () => {
  const ociConfig = "application/vnd.oci.image.config.v1+json";
  const layer = "application/vnd.oci.image.layer.v1.tar+gzip";
  const digest = (digits: string) => `sha256:${digits.repeat(32)}`;
  const id = (digits: string) => digits.repeat(16);
  const config = { mediaType: ociConfig, digest: digest("cc"), size: 7 };

  function blobsOf(body: object): string | undefined {
    return parseManifest(JSON.stringify({ schemaVersion: 2, ...body }), undefined, "acme/app@sha256:1").blobs;
  }

  it("are its config and its layers", () => {
    const layers = [
      { mediaType: layer, digest: digest("ab"), size: 0 },
      { mediaType: layer, digest: `sha512:${"cd".repeat(64)}`, size: 12 },
    ];
    assert.equal(blobsOf({ config, layers }), `${id("cc")}:7 ${id("ab")}:0 ${id("cd")}:12`);
  });

  it("are those of an artifact manifest", () => {
    const mediaType = "application/vnd.oci.artifact.manifest.v1+json";
    assert.equal(blobsOf({ mediaType, blobs: [{ mediaType: "text/plain", digest: digest("ab"), size: 3 }] }), `${id("ab")}:3`);
  });

  it("are none of an index, apart from layers that it lists where others list manifests", () => {
    const image = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: digest("11"), size: 400 };
    assert.equal(blobsOf({ mediaType: index, manifests: [image] }), "");
    assert.equal(blobsOf({ mediaType: index, manifests: [image, { mediaType: layer, digest: digest("ab"), size: 5 }] }), `${id("ab")}:5`);
  });

  for (const [what, change] of Object.entries({
    "no size": { size: undefined },
    "a negative size": { size: -1 },
    "a broken size": { size: 1.5 },
    "a size in words": { size: "12" },
    "a size over 2^53": { size: 2 ** 60 },
    "another place to fetch it from": { urls: ["https://example.com/layer"] },
    "a type that is not distributed": { mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" },
    "Docker's type for that": { mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" },
  })) {
    it(`have no bytes that can be counted with ${what}`, () => {
      assert.equal(
        blobsOf({ config, layers: [{ mediaType: layer, digest: digest("ab"), size: 5, ...change }] }),
        `${id("cc")}:7 ${id("ab")}:?`,
      );
    });
  }

  it("stay unknown where their descriptors cannot be understood, and are no reason to refuse the manifest", () => {
    assert.equal(
      blobsOf({ config: { mediaType: ociConfig }, layers: [null, 5, "layer", { digest: "sha256:short", size: 5 }, {}] }),
      "? ? ? ? ? ?",
    );
  });
});
