import assert from "node:assert/strict";
import { MediaType, pushImage } from "../../../sandbox";
import { useWorkbench } from "../../support/graph/workbench";
import { worldOf } from "../../support/graph/world";

const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: `sha256:${"cd".repeat(32)}`, size: 4096 };
const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: `sha256:${"ab".repeat(32)}`, size: 512 };

const schema1 = {
  schemaVersion: 1,
  name: "logto-io/logto",
  tag: "old",
  architecture: "amd64",
  fsLayers: [{ blobSum: layer.digest }],
  history: [{ v1Compatibility: "{}" }],
};

interface Case {
  readonly name: string;
  readonly manifest: string | Record<string, unknown>;
  /** As the registry serves it. */
  readonly mediaType: string;
  readonly says: RegExp;
  /** Of a signed manifest of schema 1 the digest leaves the signatures out. */
  readonly digest?: string;
}

const cases: Case[] = [
  {
    name: "Docker schema 1",
    manifest: schema1,
    mediaType: "application/vnd.docker.distribution.manifest.v1+json",
    says: /has the media type "application\/vnd\.docker\.distribution\.manifest\.v1\+json", which is not understood/,
  },
  {
    name: "Docker schema 1 with signatures",
    manifest: { ...schema1, signatures: [{ protected: "…" }] },
    mediaType: "application/vnd.docker.distribution.manifest.v1+prettyjws",
    digest: `sha256:${"ef".repeat(32)}`,
    says: /has the media type "application\/vnd\.docker\.distribution\.manifest\.v1\+prettyjws", which is not understood/,
  },
  {
    name: "Docker schema 1 served as plain JSON",
    manifest: schema1,
    mediaType: "application/json",
    says: /has the media type "application\/vnd\.docker\.distribution\.manifest\.v1\+json", which is not understood/,
  },
  {
    name: "a manifest of a type to come",
    manifest: { schemaVersion: 3, mediaType: "application/vnd.oci.image.index.v2+json", manifests: [] },
    mediaType: "application/vnd.oci.image.index.v2+json",
    says: /has the media type "application\/vnd\.oci\.image\.index\.v2\+json", which is not understood/,
  },
  {
    name: "JSON that is no manifest",
    manifest: { hello: "world" },
    mediaType: "application/json",
    says: /has the media type "application\/json", which is not understood/,
  },
  {
    name: "an image manifest that lists manifests",
    manifest: { schemaVersion: 2, mediaType: MediaType.ociManifest, config, layers: [layer], manifests: [{ ...config }] },
    mediaType: MediaType.ociManifest,
    says: /has the media type "application\/vnd\.oci\.image\.manifest\.v1\+json", which is not understood/,
  },
  {
    name: "an index without a list",
    manifest: { schemaVersion: 2, mediaType: MediaType.ociIndex },
    mediaType: MediaType.ociIndex,
    says: /has the media type "application\/vnd\.oci\.image\.index\.v1\+json", which is not understood/,
  },
  {
    name: "an index with a digest of an unknown algorithm",
    manifest: {
      schemaVersion: 2,
      mediaType: MediaType.ociIndex,
      manifests: [{ mediaType: MediaType.ociManifest, digest: `blake3:${"ab".repeat(32)}`, size: 1 }],
    },
    mediaType: MediaType.ociIndex,
    says: /\(media type "application\/vnd\.oci\.image\.index\.v1\+json"\) is no manifest that can be understood: manifests\.0\.digest: /,
  },
  {
    name: "a subject that is none",
    manifest: { schemaVersion: 2, mediaType: MediaType.ociManifest, config, layers: [layer], subject: { digest: "prod" } },
    mediaType: MediaType.ociManifest,
    says: /\(media type "application\/vnd\.oci\.image\.manifest\.v1\+json"\) is no manifest that can be understood: subject\.digest: /,
  },
  {
    name: "what is not JSON",
    manifest: "<html>503</html>",
    mediaType: "text/html",
    says: /\(media type "text\/html"\) is not JSON/,
  },
  {
    name: "a list instead of a manifest",
    manifest: "[]",
    mediaType: MediaType.ociManifest,
    says: /\(media type "application\/vnd\.oci\.image\.manifest\.v1\+json"\) is no manifest that can be understood: the body: /,
  },
  {
    name: "control characters in keys and types",
    manifest: { schemaVersion: 2, mediaType: MediaType.ociManifest, config, layers: [layer], annotations: { "\u001b[2Jkey": 1 } },
    mediaType: MediaType.ociManifest,
    says: /is no manifest that can be understood: annotations\.\?\[2Jkey: /,
  },
];

describe("a manifest that is not understood", () => {
  const bench = useWorkbench();

  for (const { name, manifest, mediaType, says, digest } of cases) {
    for (const tags of [["old"], []]) {
      it(`stops the plan with digest and media type: ${name}, ${tags.length > 0 ? "tagged" : "untagged"}`, async () => {
        await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
        await pushImage(bench().target, { seed: "pr", tags: ["pr-1"] });
        const [seeded] = bench().sandbox.seed([
          { package: bench().repository, manifest, mediaType, tags, ...(digest === undefined ? {} : { digest }) },
        ]);
        await assert.rejects(worldOf(bench().sandbox), ({ name: kind, message }: Error) => {
          assert.equal(kind, "RetentionError");
          assert.ok(message.startsWith(`logto-io/logto@${seeded?.digest} `), message);
          assert.match(message, says);
          assert.match(message, /Nothing of this package is deleted while it is there; delete that version by hand if it is not needed\.$/);
          return true;
        });
        const asked = bench()
          .sandbox.requests()
          .filter(({ path }) => path.includes(seeded?.digest ?? "-"));
        assert.equal(asked.length, 1, "reading again would not help");
      });
    }
  }

  it("is not understood as a child of an index either, once something depends on it", async () => {
    await pushImage(bench().target, { seed: "prod", tags: ["prod"] });
    const [child] = bench().sandbox.seed([
      {
        package: bench().repository,
        manifest: { ...schema1, tag: "child" },
        mediaType: "application/vnd.docker.distribution.manifest.v1+json",
      },
    ]);
    const manifests = [{ mediaType: "application/vnd.docker.distribution.manifest.v1+json", digest: child?.digest, size: 1 }];
    bench().sandbox.seed([
      { package: bench().repository, manifest: { schemaVersion: 2, mediaType: MediaType.dockerList, manifests }, tags: ["pr-1"] },
    ]);
    await assert.rejects(worldOf(bench().sandbox), /manifest\.v1\+json", which is not understood/);
  });
});
