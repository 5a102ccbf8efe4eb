import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decide } from "../../../components/approval/decide";
import { connect } from "../../../components/inventory/connection";
import { pullImage } from "../../../components/inventory/registry/pull-image";
import { type Observation, takeInventory } from "../../../components/inventory/take-inventory";
import { deletionText } from "../../../components/messages/deletion-reason";
import { previewReport } from "../../../components/report/preview-report";
import { jsonContent, MediaType } from "../../../sandbox";
import { digestOf } from "../../../sandbox/store/digest";
import { nothing } from "../../support/builders/decided";
import { dropEverything, policyOf } from "../../support/builders/policy";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { index, serve } from "../../support/hostile/serving";
import { lookAt, name, repository } from "../../support/inventory/looking";

const escapes = "\u001b]8;;http://evil.example\u0007\u001b[1A\u001b[2Kapprove\u202e\u200f\r\n\tpulumi config set";
const child = `sha256:${"ab".repeat(32)}`;
const descriptor = { mediaType: MediaType.ociManifest, digest: child, size: 1 };

describe("an image that means harm", () => {
  const sandbox = useSandbox();

  describe("when it is pulled after it was restored", () => {
    const layer = Buffer.from("layer");
    const image = JSON.stringify({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(layer), size: layer.length },
      layers: [],
    });

    async function assertNotPulled(bytes: string, location: string, says: RegExp): Promise<void> {
      const { githubApiUrl, registryUrl, token } = sandbox();
      const digest = serve(sandbox(), bytes, { mediaType: MediaType.ociManifest });
      sandbox().addFault({ match: { path: "/blobs/" }, times: null, effect: { kind: "status", status: 307, headers: { location } } });
      const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
      await assert.rejects(pullImage(connection.registry, name, digest, new Set()), says);
    }

    it("follows to another host without the token", async () => {
      await assertNotPulled(
        image,
        `${sandbox().foreignUrl}/layer`,
        /^RetentionError: .* cannot be pulled: its blob sha256:[0-9a-f]{64} is answered with 404 by localhost:\d+, where the registry has it;/,
      );
      const foreign = sandbox()
        .requests()
        .filter(({ surface }) => surface === "foreign");
      assert.deepEqual(
        foreign.map(({ token, path }) => ({ token, path })),
        [{ token: "anonymous", path: "/layer" }],
      );
    });

    for (const location of ["http://192.0.2.1/layer", "ftp://localhost/layer", "data:text/plain,layer"]) {
      it(`does not follow to ${location}`, async () => {
        await assertNotPulled(
          image,
          location,
          /^RetentionError: .* cannot be pulled: .* \(the registry sends it from an address that is not https\);/,
        );
      });
    }

    it("says so where it names its content in no known form", async () => {
      await assertNotPulled(
        image.replace(/"size":\d+/, '"size":"5"'),
        "",
        /^RetentionError: .* cannot be pulled: it names its content in a form that is not understood/,
      );
    });
  });

  describe("when people read its names", () => {
    /** An old image whose names are what they are. */
    async function reportOn(platform: string, artifactType: string): Promise<string> {
      const part = jsonContent(MediaType.ociManifest, {
        schemaVersion: 2,
        mediaType: MediaType.ociManifest,
        config: { mediaType: artifactType },
        layers: [],
        annotations: { x: artifactType },
      });
      const listed = {
        mediaType: MediaType.ociManifest,
        digest: part.digest,
        size: 1,
        platform: { os: platform, architecture: "amd64" },
      };
      const manifest = {
        schemaVersion: 2,
        mediaType: MediaType.ociIndex,
        manifests: [listed],
        artifactType,
      };
      const createdAt = "2023-01-01T00:00:00Z";
      sandbox().seed([
        { package: repository, manifest: JSON.parse(part.bytes.toString()), createdAt },
        { package: repository, manifest, createdAt },
        { package: repository, tags: ["prod"], createdAt },
      ]);
      return report(await lookAt(sandbox()));
    }

    function report({ graph }: Observation): string {
      const policy = policyOf([{ ...dropEverything, untagged: true }], { limits: { deletions: 10, percent: 100 } });
      const decision = decide(graph, policy, nothing);
      assert.equal(Object.keys(decision.pending?.deletions ?? {}).length, 2);
      for (const reason of Object.values(decision.pending?.deletions ?? {})) assertClean(deletionText(reason));
      return previewReport(decision, policy, { approveWith: (id) => `approve ${id}`, refused: {}, ledger: {}, frees: {}, notices: [] });
    }

    function assertClean(line: string): void {
      assert.match(line, /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);
    }

    it("changes neither the terminal nor the line that approves", async () => {
      const text = await reportOn(escapes, `application/${escapes.repeat(1_000)}`);
      const lines = text.split("\n");
      for (const line of lines) {
        assertClean(line);
        assert.ok(line.length < 300, line);
      }
      assert.deepEqual(
        lines.filter((line) => /^\s*approve /.test(line)).map((line) => line.replace(/[0-9a-f]{12}$/, "ID")),
        ["  approve 2023-12-01-ID"],
      );
      assert.match(text, /\?\]8;;http:\/\/evil/);
    });
  });

  describe("when it is remembered on disk", () => {
    let folder = "";
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "hostile-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("writes nothing beside the cache", async () => {
      const { githubApiUrl, registryUrl, token } = sandbox();
      const cacheFolder = join(folder, "one", "cache");
      const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder };
      const path = { "content-type": MediaType.ociIndex, etag: '"../../../../x"' };
      sandbox().addFault({
        match: { surface: "api", path: "state=active" },
        times: null,
        effect: { kind: "body", headers: { etag: path.etag } },
      });
      serve(sandbox(), index({ manifests: [descriptor], artifactType: "../../../x", annotations: { "../../../x": "../../../x" } }));
      await takeInventory(connect(endpoints, token, 1), name, { manifestsToRead: () => [], unreadable: [] });
      assert.deepEqual(await readdir(folder), ["one"]);
      assert.deepEqual(await readdir(join(folder, "one")), ["cache"]);
      assert.deepEqual((await readdir(cacheFolder)).sort(), ["content-v2", "index-v5", "tidied", "tmp"]);
    });
  });
});
