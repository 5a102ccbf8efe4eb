#!/usr/bin/env bash
# Docker Compose 5.1.0: `publish --app` copies the images of all services beside the application, and nothing uses the copies.
#
# Expected: the application runs from its own repository, which is what the copies are for; and publishing an unchanged file again
# lists the copies in the same order, since the list's digest depends on it.
# Seen: the published file names the images where they were copied from, so that the application needs both repositories for good; and
# the order changes from run to run (the services are a Go map), so that each order leaves one more index in the registry.
#
# Needs Go. Exits 1 when the published file names a copy, or when eight publications list the copies in one order.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${registry:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
export DOCKER_CONFIG=$folder GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0

build() { # name, package, version
  mkdir "$1-source"
  (cd "$1-source" && echo "module finding" >go.mod && go get "$2@$3" && go build -o "../$1" "$2") >"$1.log" 2>&1 || { cat "$1.log"; exit 2; }
}
build crane github.com/google/go-containerregistry/cmd/crane v0.20.6
build compose github.com/docker/compose/v5/cmd v5.1.0

./crane registry serve --address 127.0.0.1:0 >registry.log 2>&1 &
registry=$!
until port=$(grep -oE 'serving on port [0-9]+' registry.log | grep -oE '[0-9]+'); do sleep 0.1; done
host=127.0.0.1:$port

echo "services:" >compose.yaml
for name in web db cache; do
  echo "$name" >content
  tar -cf layer.tar content
  image=$(./crane append --oci-empty-base -f layer.tar -t "$host/acme/$name:v1" 2>/dev/null)
  printf '  %s:\n    image: %s\n' "$name" "$image" >>compose.yaml
done
for _ in 1 2 3 4 5 6 7 8; do ./compose publish --yes --app --insecure-registry "$host/acme/app:v1" >/dev/null 2>&1; done

for digest in $(grep -oE 'PUT /v2/acme/app/manifests/sha256:[0-9a-f]+' registry.log | grep -oE 'sha256:[0-9a-f]+' | sort -u); do
  # The order of the copies, of each index.
  ./crane manifest "$host/acme/app@$digest" | grep '"manifests"' | sed 's/"subject".*//' | grep -oE 'sha256:[0-9a-f]{64}' | paste -sd ' ' || true
done | sort -u >orders
orders=$(grep -c sha256 orders || true)
./compose --insecure-registry "$host" -f "oci://$host/acme/app:v1" config </dev/null 2>/dev/null | grep 'image:' >used
elsewhere=$(grep -c "$host/acme/\(web\|db\|cache\)@" used || true)
copies=$(grep -c "$host/acme/app@" used || true)

echo "docker compose 5.1.0: eight publications list the three copies in $orders orders"
echo "the published application names $copies of the copies, and $elsewhere images of other repositories"
[ "$orders" -gt 1 ] && [ "$elsewhere" -eq 3 ] && [ "$copies" -eq 0 ]
