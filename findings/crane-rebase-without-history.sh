#!/usr/bin/env bash
# crane 0.22.1: `crane rebase` of an image whose config has no `history`, which OCI leaves optional, loses the image's first own layer.
#
# Expected: the layers of the new base, and above them the image's own two layers.
# Seen: it exits 0, and of the image's own layers only the second is left; an image with one layer of its own keeps none. Where the history
# ends before the layers do, `createAddendums` compares a place that counts from 0 with `len(oldBaseLayers)+1`, which counts from 1:
# https://github.com/google/go-containerregistry/blob/v0.22.1/pkg/v1/mutate/rebase.go. In 0.21.7 the old base's layer stands there instead.
#
# Needs Go. Exits 1 when the image's layers come out otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${registry:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
GOBIN="$folder" go install github.com/google/go-containerregistry/cmd/crane@v0.22.1
address=127.0.0.1:$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
PORT=${address#*:} ./crane registry serve --address "$address" >/dev/null 2>&1 &
registry=$!
for _ in $(seq 50); do ./crane catalog "$address" >/dev/null 2>&1 && break || sleep 0.1; done

node - <<'JS'
const { createHash } = require("node:crypto");
const { execFileSync } = require("node:child_process");
const { mkdirSync, writeFileSync } = require("node:fs");

const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

function layerOf(name) {
  mkdirSync("files", { recursive: true });
  writeFileSync(`files/${name}`, name);
  return execFileSync("tar", ["--create", "--directory", "files", name]);
}

/** An OCI layout with one image, whose config says nothing of how it was built. */
function writeLayout(folder, names) {
  mkdirSync(`${folder}/blobs/sha256`, { recursive: true });
  const put = (mediaType, bytes) => {
    writeFileSync(`${folder}/blobs/${digestOf(bytes).replace(":", "/")}`, bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const json = (mediaType, value) => put(mediaType, Buffer.from(JSON.stringify(value)));
  const layers = names.map((name) => put("application/vnd.oci.image.layer.v1.tar", layerOf(name)));
  const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
  const config = json("application/vnd.oci.image.config.v1+json", { architecture: "amd64", os: "linux", rootfs });
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = json(mediaType, { schemaVersion: 2, mediaType, config, layers });
  writeFileSync(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(`${folder}/index.json`, JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
}

writeLayout("old-base", ["old-base"]);
writeLayout("new-base", ["new-base"]);
writeLayout("image", ["old-base", "first", "second"]);
JS

for name in old-base new-base image; do ./crane push "$name" "$address/acme/app:$name" >/dev/null 2>&1; done
at="$address/acme/app"
./crane rebase "$at:image" --old_base "$at:old-base" --new_base "$at:new-base" --tag "$at:rebased" >/dev/null 2>&1
files() {
  for digest in $(./crane manifest "$1" | node -p 'JSON.parse(require("fs").readFileSync(0)).layers.map(({ digest }) => digest).join(" ")'); do
    ./crane blob "$at@$digest" | tar --list
  done | paste -sd ' '
}
seen=$(files "$at:rebased")
echo "crane $(./crane version): layers of the image: $(files "$at:image"); rebased from old-base to new-base: $seen"
[[ "$seen" == "new-base second" ]]
