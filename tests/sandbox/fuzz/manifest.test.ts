import assert from "node:assert/strict";
import fc from "fast-check";
import { parseManifest } from "../../../components/inventory/registry/manifest";
import type { Manifest } from "../../../components/model/inventory";
import { buildArtifact, buildMultiArchImage, MediaType } from "../../../sandbox";
import { mutatedJson, mutatedText } from "../../support/fuzz/mutations";
import { assertForPeople, assertPrintable, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";

const label = "logto-io/logto@sha256:0000";
const wellFormed = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const multiArch = buildMultiArchImage({ seed: "fuzz", attestationSubject: true, annotations: { "org.opencontainers.image.source": "x" } });
const subject = { mediaType: MediaType.ociIndex, digest: multiArch.index.digest, bytes: multiArch.index.bytes };
const valid = [
  multiArch.index,
  ...multiArch.attestations.map(({ manifest }) => manifest),
  buildMultiArchImage({ seed: "docker", docker: true }).index,
  buildArtifact({ seed: "signature", subject, artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json" }).manifest,
].map(({ bytes }) => JSON.parse(bytes.toString("utf8")) as unknown);

const contentType = fc.oneof(
  fc.constantFrom(undefined, MediaType.ociIndex, MediaType.ociManifest, "application/json", "text/html", ""),
  mutatedText(MediaType.ociIndex),
);

function parse(body: string, type: string | undefined): Manifest | undefined {
  try {
    return parseManifest(body, type, label);
  } catch (error) {
    assertForPeople(error, label);
    assert.equal((error as Error).message.includes("\n"), false);
    return undefined;
  }
}

/** What any reader of the JSON could follow from it. */
function referencesIn(body: string): string[] {
  const { manifests, subject } = JSON.parse(body) as { manifests?: unknown; subject?: unknown };
  return [...(Array.isArray(manifests) ? manifests : []), subject].flatMap((descriptor: { digest?: unknown } | null | undefined) => {
    const digest = descriptor?.digest;
    return typeof digest === "string" && wellFormed.test(digest) ? [digest] : [];
  });
}

describe("the parser of manifests", function () {
  this.timeout(patience);

  it("takes the valid ones that are changed here", () => {
    for (const manifest of valid) assert.ok(parse(JSON.stringify(manifest), undefined));
  });

  it("gives a manifest that follows every reference, or an error for people", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...valid).chain(mutatedJson), contentType, (body, type) => {
        const manifest = parse(body, type);
        assertPrototypesClean();
        if (manifest === undefined) return;
        taken += 1;
        const followed = new Set([...manifest.children.map(({ digest }) => digest), manifest.subject]);
        for (const digest of referencesIn(body)) assert.ok(followed.has(digest), `${digest} is dropped of ${body}`);
        for (const digest of followed) assert.ok(digest === undefined || wellFormed.test(digest));
        for (const { label, platform = "" } of manifest.children) assertPrintable(label + platform);
        assertPrintable(manifest.artifactType ?? "");
        assert.equal(manifest.gone, undefined);
      }),
      runs(1_500),
    );
    assert.ok(taken > 100, `only ${taken} of the changed manifests were taken`);
  });

  it("gives the same for any other text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" })), contentType, (body, type) => {
        parse(body, type);
        assertPrototypesClean();
      }),
      runs(500),
    );
  });
});
