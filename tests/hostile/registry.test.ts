import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildGraph } from "../../components/graph/graph";
import { connect } from "../../components/inventory/connection";
import { type Look, look } from "../../components/inventory/look";
import { pullImage } from "../../components/inventory/pull";
import { resolveReference } from "../../components/inventory/registry";
import { decide } from "../../components/plan/decision";
import { previewReport } from "../../components/plan/report";
import { jsonContent, MediaType } from "../../sandbox";
import { digestOf } from "../../sandbox/store/digest";
import { dropEverything, policyOf } from "../builders/policy";
import { assertStops, countRequests, lookAt, name, repository } from "../inventory/looking";
import { useSandbox } from "../sandbox/running-sandbox";
import { endless, serveOnLoopback } from "./loopback";

const mebibyte = 1024 * 1024;
const depth = 100_000;
const deep = "[".repeat(depth) + "]".repeat(depth);
const child = `sha256:${"ab".repeat(32)}`;
const escapes = "\u001b]8;;http://evil.example\u0007\u001b[1A\u001b[2Kapprove\u202e\u200f\r\n\tpulumi config set";

interface Served {
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent instead of the bytes that the digest stands for. */
  readonly instead?: Buffer;
}

describe("a registry that means harm", () => {
  const sandbox = useSandbox();

  /** A tagged version with exactly these bytes. */
  function serve(bytes: Buffer | string, { mediaType = MediaType.ociIndex, headers = {}, instead }: Served = {}): string {
    const digest = digestOf(bytes);
    sandbox().seed([{ package: repository, digest, tags: ["prod"] }]);
    const call = () => ({ status: 200, headers: { "content-type": mediaType, ...headers }, body: instead ?? bytes });
    sandbox().addFault({ match: { surface: "registry", path: digest }, times: null, effect: { kind: "call", call } });
    return digest;
  }

  const index = (change: object) => JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: [], ...change });
  const descriptor = { mediaType: MediaType.ociManifest, digest: child, size: 1 };
  const whole = JSON.stringify(descriptor);
  const notUnderstood = (why: string) =>
    new RegExp(`^${repository}@sha256:[0-9a-f]{64} \\(media type "[^"]*"\\) is no manifest that can be understood: ${why}`);

  for (const [what, bytes, why] of [
    ["a key twice", `{"schemaVersion":2,"manifests":[${whole}],"manifests":[]}`, 'the key "manifests" stands twice'],
    ["a key twice, once in escapes", `{"schemaVersion":2,"manifests":[${whole}],"\\u006danifests":[]}`, 'the key "manifests" stands twice'],
    [
      "a key of a descriptor twice",
      index({}).replace("[]", `[${whole.replace('"size":1', `"digest":"sha256:${"cd".repeat(32)}"`)}]`),
      'the key "digest" stands twice',
    ],
    ["a key in capitals, which Go reads", index({ Manifests: [descriptor] }), 'the key "Manifests" differs from a known one by case alone'],
    [
      "a key with a long s, which Go reads",
      index({ manifeſts: [descriptor] }),
      'the key "manifeſts" differs from a known one by case alone',
    ],
    ["a subject in capitals", index({ SUBJECT: descriptor }), 'the key "SUBJECT" differs'],
    ["a digest in capitals", index({ manifests: [{ ...descriptor, Digest: child }] }), 'the key "Digest" differs'],
    ["a digest that is a path", index({ manifests: [{ ...descriptor, digest: "sha256:../../../x" }] }), "manifests\\.0\\.digest: "],
    ["a subject that is a path", index({ subject: { ...descriptor, digest: "../../x" } }), "subject\\.digest: "],
    ["a list of a million digits", `{"manifests":${"9".repeat(1_000_000)}}`, "manifests: "],
    ["a schema version beyond all numbers", '{"schemaVersion":1e999,"manifests":[]}', "schemaVersion: "],
    ["nesting in the place of a list", `{"manifests":${deep}}`, "manifests\\.0: "],
    ["escapes in a key", index({ annotations: { [escapes]: 1 } }), "annotations\\.\\?\\]8;;http"],
  ] as const) {
    it(`stops the look: ${what}`, async () => {
      serve(bytes);
      await assertStops(sandbox(), notUnderstood(why));
    });
  }

  it("takes a manifest for what its known keys say, however deep the others are nested", async () => {
    const digest = serve(index({ manifests: [descriptor] }).replace(/}$/, `,"x":${deep}}`));
    const { inventory } = await lookAt(sandbox());
    assert.deepEqual(
      inventory.manifests.get(digest)?.children.map(({ digest }) => digest),
      [child],
    );
  });

  it("gives nothing another prototype", async () => {
    const hostile = '{"schemaVersion":2,"manifests":[],"__proto__":{"gone":true},"annotations":{"__proto__":"x","constructor":"y"}}';
    const digest = serve(hostile);
    const manifest = (await lookAt(sandbox())).inventory.manifests.get(digest);
    assert.equal(manifest?.gone, undefined);
    assert.deepEqual(Object.entries(manifest?.annotations ?? {}), [["constructor", "y"]]);
    assert.equal(Object.getPrototypeOf(manifest?.annotations), Object.prototype);
  });

  it("is answered in time, however many siblings an attestation has", async () => {
    const attestation = (place: number) => ({
      ...descriptor,
      digest: `sha256:${String(place).padStart(64, "0")}`,
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": child },
    });
    const digest = serve(index({ manifests: Array.from({ length: 12_000 }, (_, place) => attestation(place)) }));
    assert.equal((await lookAt(sandbox())).inventory.manifests.get(digest)?.children.length, 12_000);
  });

  describe("with bodies without measure", () => {
    it("stops the look by what it inflates to", async () => {
      const bytes = Buffer.alloc(64 * mebibyte, " ");
      serve(bytes, { headers: { "content-encoding": "gzip" }, instead: gzipSync(bytes) });
      await assertStops(sandbox(), /the registry answered once with a body of more than 4 MiB, which no manifest has/);
    });

    it("takes what is compressed on the way for what its digest says", async () => {
      const bytes = index({});
      const digest = serve(bytes, { headers: { "content-encoding": "gzip" }, instead: gzipSync(bytes) });
      assert.ok((await lookAt(sandbox())).inventory.manifests.has(digest));
    });

    for (const [what, status] of Object.entries({
      "a manifest": 200,
      "what is said of an absent one": 404,
      "a refusal": 403,
      "a redirect": 302,
      "a limit": 429,
    })) {
      it(`is read no further than the bound: ${what}`, async () => {
        const { githubApiUrl, token } = sandbox();
        sandbox().seed([{ package: repository, digest: child, tags: ["prod"] }]);
        const server = await serveOnLoopback((request, response) => {
          response.statusCode = status;
          const { writeHead } = response;
          response.writeHead = ((_status: number, headers: Record<string, string>) =>
            writeHead.call(response, status, headers)) as typeof writeHead;
          endless(request, response);
        });
        try {
          const connection = connect(
            { githubApiUrl, registryUrl: server.url, deletionsPerMinute: 100_000, cacheFolder: undefined },
            token,
            1,
          );
          await assert.rejects(look(connection, name, { curiosity: () => [], unreadable: [] }), /^LookError: logto-io\/logto@sha256:/);
          // A buffer of the system's for each of up to five tries, beside the 4 MiB.
          assert.ok(server.bytesSent() < 48 * mebibyte, `${server.bytesSent()} bytes were sent`);
        } finally {
          await server.close();
        }
      });
    }
  });

  describe("with headers", () => {
    for (const value of ["sha256:../../x", "\u009b31mprod", `${child}, ${child}`, ""]) {
      it(`takes no digest from what is none: ${JSON.stringify(value)}`, async () => {
        const { githubApiUrl, registryUrl, token } = sandbox();
        sandbox().seed([{ package: repository, tags: ["prod"] }]);
        sandbox().addFault({
          match: { method: "HEAD" },
          times: null,
          effect: { kind: "body", headers: { "docker-content-digest": value } },
        });
        const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
        await assert.rejects(
          resolveReference(connection, name, "prod"),
          /^LookError: logto-io\/logto:prod: the registry names no digest \(Docker-Content-Digest is missing, or is none\)$/,
        );
      });
    }

    it("shows a content type without its escapes", async () => {
      serve('{"hello":"world"}', { mediaType: "text/\u009b31m\u0085x" });
      await assertStops(sandbox(), /has the media type "text\/\?31m\?x", which is not understood here/);
    });

    it("asks for nothing whose name is a path", async () => {
      const { githubApiUrl, registryUrl, token } = sandbox();
      const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
      for (const reference of ["../../other/manifests/prod", "sha256:../../x", "prod?x", "prod#x", "%2e%2e", ""]) {
        await assert.rejects(resolveReference(connection, name, reference), /^LookError: .*: expected a digest or a tag$/);
      }
      assert.equal(countRequests(sandbox(), "/"), 0);
    });
  });

  describe("with an image that is pulled after it was restored", () => {
    const layer = Buffer.from("layer");
    const image = JSON.stringify({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(layer), size: layer.length },
      layers: [],
    });

    async function assertNotPulled(bytes: string, location: string, says: RegExp): Promise<void> {
      const { githubApiUrl, registryUrl, token } = sandbox();
      const digest = serve(bytes, { mediaType: MediaType.ociManifest });
      sandbox().addFault({ match: { path: "/blobs/" }, times: null, effect: { kind: "status", status: 307, headers: { location } } });
      const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
      await assert.rejects(pullImage(connection, name, digest, new Set()), says);
    }

    it("follows to another host without the token", async () => {
      await assertNotPulled(
        image,
        `${sandbox().foreignUrl}/layer`,
        /^LookError: .* cannot be pulled: its blob sha256:[0-9a-f]{64} is answered with 404;/,
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
          /^LookError: .* cannot be pulled: .* \(the registry sends it from an address that is not https\);/,
        );
      });
    }

    it("says so where it names its content in no known form", async () => {
      await assertNotPulled(
        image.replace(/"size":\d+/, '"size":"5"'),
        "",
        /^LookError: .* cannot be pulled: it names its content in a form that is not understood/,
      );
    });
  });

  describe("with names that people read", () => {
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

    function report({ inventory }: Look): string {
      const policy = policyOf([{ ...dropEverything, untagged: true }], { limits: { deletions: 10, percent: 100 } });
      const decision = decide(buildGraph(inventory), policy, { deletions: {}, plans: {} });
      assert.equal(Object.keys(decision.pending?.deletions ?? {}).length, 2);
      for (const reason of Object.values(decision.pending?.deletions ?? {})) assertClean(reason);
      return previewReport(decision, policy, { approveWith: (id) => `approve ${id}`, refused: {}, notices: [] });
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

  describe("with a cache on disk", () => {
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
      serve(index({ manifests: [descriptor], artifactType: "../../../x", annotations: { "../../../x": "../../../x" } }));
      await look(connect(endpoints, token, 1), name, { curiosity: () => [], unreadable: [] });
      assert.deepEqual(await readdir(folder), ["one"]);
      assert.deepEqual(await readdir(join(folder, "one")), ["cache"]);
      assert.deepEqual((await readdir(cacheFolder)).sort(), ["content-v2", "index-v5", "tmp"]);
    });
  });
});
