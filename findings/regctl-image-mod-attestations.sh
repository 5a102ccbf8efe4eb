#!/usr/bin/env bash
# regctl 0.11.7: `regctl image mod` leaves the attestations of buildx in the index, but no longer beside an image that they name.
#
# Expected: an attestation's entry names an image of the same index in `vnd.docker.reference.digest`, as buildx writes it and readers of
# provenance and SBOMs look for it; or the attestation, which is about other bytes now, is dropped.
# Seen: `image mod --label` exits 0. It rewrites the image, and the attestation's config as if it were an image too, and the attestation's
# entry still names the image as it was, which the index does not list any more. `--to-oci-referrers` knows that annotation.
#
# Needs Go. Exits 1 when the entry names an image of the index, or is gone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
GOBIN="$folder" go install github.com/regclient/regclient/cmd/regctl@v0.11.7

node - <<'JS'
const { createHash } = require("node:crypto");
const { execFileSync } = require("node:child_process");
const { mkdirSync, writeFileSync } = require("node:fs");

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
mkdirSync("app/blobs/sha256", { recursive: true });

function put(mediaType, bytes) {
  writeFileSync(`app/blobs/${digestOf(bytes).replace(":", "/")}`, bytes);
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}
const json = (mediaType, value) => put(mediaType, Buffer.from(JSON.stringify(value)));

function manifestOf(platform, layer) {
  const rootfs = { type: "layers", diff_ids: [layer.digest] };
  const config = json("application/vnd.oci.image.config.v1+json", { ...platform, config: {}, rootfs });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return { ...json(mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] }), platform };
}

writeFileSync("file", "hello");
const image = manifestOf(
  { architecture: "amd64", os: "linux" },
  put("application/vnd.oci.image.layer.v1.tar", execFileSync("tar", ["--create", "file"])),
);
const predicateType = "https://slsa.dev/provenance/v0.2";
const [algorithm, hex] = image.digest.split(":");
const statement = {
  _type: "https://in-toto.io/Statement/v0.1",
  predicateType,
  subject: [{ name: "app", digest: { [algorithm]: hex } }],
  predicate: {},
};
const attestation = manifestOf(
  { architecture: "unknown", os: "unknown" },
  { ...json("application/vnd.in-toto+json", statement), annotations: { "in-toto.io/predicate-type": predicateType } },
);
const annotations = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image.digest };
const mediaType = "application/vnd.oci.image.index.v1+json";
const index = json(mediaType, { schemaVersion: 2, mediaType, manifests: [image, { ...attestation, annotations }] });
writeFileSync("app/oci-layout", '{"imageLayoutVersion":"1.0.0"}');
const named = { ...index, annotations: { "org.opencontainers.image.ref.name": "v1" } };
writeFileSync("app/index.json", JSON.stringify({ schemaVersion: 2, manifests: [named] }));
JS

./regctl image mod ocidir://app:v1 --label team=acme --create v2 >/dev/null 2>&1
orphans() {
  ./regctl manifest get "ocidir://app:$1" --format raw-body 2>/dev/null | node -p '
    const { manifests } = JSON.parse(require("fs").readFileSync(0));
    const names = manifests.flatMap(({ annotations = {} }) => annotations["vnd.docker.reference.digest"] ?? []);
    `${names.length} attestation(s), ${names.filter((name) => !manifests.some(({ digest }) => digest === name)).length} of an image that is not listed`'
}
echo "regctl 0.11.7: before: $(orphans v1); after image mod: $(orphans v2)"
[[ "$(orphans v1)" == "1 attestation(s), 0 of an image that is not listed" ]]
[[ "$(orphans v2)" == "1 attestation(s), 1 of an image that is not listed" ]]
