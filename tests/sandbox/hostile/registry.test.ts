import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { connect } from "../../../components/inventory/connection";
import { resolveReference } from "../../../components/inventory/registry/registry";
import { takeInventory } from "../../../components/inventory/take-inventory";
import { MediaType } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { endless, serveOnLoopback } from "../../support/hostile/loopback";
import { index, serve } from "../../support/hostile/serving";
import { assertStops, countRequests, lookAt, name, repository } from "../../support/inventory/looking";

const mebibyte = 1024 * 1024;
const depth = 100_000;
const deep = "[".repeat(depth) + "]".repeat(depth);
const child = `sha256:${"ab".repeat(32)}`;
const escapes = "\u001b]8;;http://evil.example\u0007\u001b[1A\u001b[2Kapprove\u202e\u200f\r\n\tpulumi config set";

describe("a registry that means harm", () => {
  const sandbox = useSandbox();

  const descriptor = { mediaType: MediaType.ociManifest, digest: child, size: 1 };
  const whole = JSON.stringify(descriptor);
  const notUnderstood = (why: string) =>
    new RegExp(`^${repository}@sha256:[0-9a-f]{64} \\(media type "[^"]*"\\) is no manifest that can be understood: ${why}`);

  for (const [what, bytes, why] of [
    ["a key twice", `{"schemaVersion":2,"manifests":[${whole}],"manifests":[]}`, 'the key "manifests" occurs twice'],
    ["a key twice, once in escapes", `{"schemaVersion":2,"manifests":[${whole}],"\\u006danifests":[]}`, 'the key "manifests" occurs twice'],
    [
      "a key of a descriptor twice",
      index({}).replace("[]", `[${whole.replace('"size":1', `"digest":"sha256:${"cd".repeat(32)}"`)}]`),
      'the key "digest" occurs twice',
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
      serve(sandbox(), bytes);
      await assertStops(sandbox(), notUnderstood(why));
    });
  }

  it("takes a manifest for what its known keys say, however deep the others are nested", async () => {
    const digest = serve(sandbox(), index({ manifests: [descriptor] }).replace(/}$/, `,"x":${deep}}`));
    const {
      graph: { inventory },
    } = await lookAt(sandbox());
    assert.deepEqual(
      inventory.manifests.get(digest)?.children.map(({ digest }) => digest),
      [child],
    );
  });

  it("gives nothing another prototype", async () => {
    const hostile = '{"schemaVersion":2,"manifests":[],"__proto__":{"gone":true},"annotations":{"__proto__":"x","constructor":"y"}}';
    const digest = serve(sandbox(), hostile);
    const manifest = (await lookAt(sandbox())).graph.inventory.manifests.get(digest);
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
    const digest = serve(sandbox(), index({ manifests: Array.from({ length: 12_000 }, (_, place) => attestation(place)) }));
    assert.equal((await lookAt(sandbox())).graph.inventory.manifests.get(digest)?.children.length, 12_000);
  });

  describe("with bodies without measure", () => {
    it("stops the look by what it inflates to", async () => {
      const bytes = Buffer.alloc(64 * mebibyte, " ");
      serve(sandbox(), bytes, { headers: { "content-encoding": "gzip" }, instead: gzipSync(bytes) });
      await assertStops(sandbox(), /the registry answered once with a body of more than 4 MiB, which no manifest has/);
    });

    it("takes what is compressed on the way for what its digest says", async () => {
      const bytes = index({});
      const digest = serve(sandbox(), bytes, { headers: { "content-encoding": "gzip" }, instead: gzipSync(bytes) });
      assert.ok((await lookAt(sandbox())).graph.inventory.manifests.has(digest));
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
          await assert.rejects(
            takeInventory(connection, name, { manifestsToRead: () => [], unreadable: [] }),
            /^RetentionError: logto-io\/logto@sha256:/,
          );
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
          resolveReference(connection.registry, name, "prod"),
          /^RetentionError: logto-io\/logto:prod: the registry returned no valid digest in Docker-Content-Digest$/,
        );
      });
    }

    it("shows a content type without its escapes", async () => {
      serve(sandbox(), '{"hello":"world"}', { mediaType: "text/\u009b31m\u0085x" });
      await assertStops(sandbox(), /has the media type "text\/\?31m\?x", which is not understood here/);
    });

    it("asks for nothing whose name is a path", async () => {
      const { githubApiUrl, registryUrl, token } = sandbox();
      const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
      for (const reference of ["../../other/manifests/prod", "sha256:../../x", "prod?x", "prod#x", "%2e%2e", ""]) {
        await assert.rejects(resolveReference(connection.registry, name, reference), /^RetentionError: .*: expected a digest or a tag$/);
      }
      assert.equal(countRequests(sandbox(), "/"), 0);
    });
  });
});
