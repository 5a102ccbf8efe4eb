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
      assert.deepEqual(parseManifest(JSON.stringify(body), contentType, "acme/app@sha256:1"), { index: true, children: [] });
    });
  }

  it("is no index where the manifest is an image's", () => {
    const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"ab".repeat(32)}`, size: 2 };
    const body = JSON.stringify({ schemaVersion: 2, config, layers: [], manifests: null });
    assert.equal(parseManifest(body, undefined, "acme/app@sha256:1").index, false);
  });
});
