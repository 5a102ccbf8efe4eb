#!/usr/bin/env bash
# @pulumi/pulumi 3.248.0 loads TypeScript's compiler and npm's reader of dependency trees whenever it is loaded.
#
# Expected: both belong to the serializer of functions, which `dynamic/index.js` loads "on demand, as its dependencies are slow to load".
# A program without a serialized function, and the process of a dynamic provider, would load neither.
# Seen: `runtime/index.js` loads the serializer's modules anyway, and these load both at their top. They are more than half of all
# modules, and two thirds of the time and more that `require("@pulumi/pulumi")` takes: once in the program, once in the provider.
#
# Exits 1 when the SDK loads without them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.248.0 typescript@5.9.3
cat > load.cjs <<'JS'
const start = performance.now();
require("@pulumi/pulumi");
const ms = performance.now() - start;
const loaded = Object.keys(require.cache);
const compiler = loaded.some((file) => file.endsWith("/typescript/lib/typescript.js"));
const arborist = loaded.some((file) => file.includes("/@npmcli/arborist/"));
console.log(JSON.stringify({ ms: Math.round(ms), modules: loaded.length, compiler, arborist }));
JS
cat > without.cjs <<'JS'
// Leaves both out until something is read from them.
const Module = require("node:module");
const load = Module._load;
Module._load = function (name, parent, isMain) {
  if (!["typescript", "@npmcli/arborist"].includes(name)) return load.call(this, name, parent, isMain);
  return new Proxy({ __esModule: true }, { get: (itself, key) => (key in itself ? itself : load.call(Module, name, parent, false))[key] });
};
JS
least() { for _ in 1 2 3 4 5; do node "$@"; done | sort -t: -k2 -n | head -1; }
as_it_is=$(least load.cjs)
without=$(least --require ./without.cjs load.cjs)
echo "as it is:            $as_it_is"
echo "both only when used: $without"
node - "$as_it_is" "$without" <<'JS'
const [asItIs, without] = process.argv.slice(2).map((text) => JSON.parse(text));
console.log(`without them: ${Math.round((100 * without.ms) / asItIs.ms)} % of the time, ${without.modules} of ${asItIs.modules} modules`);
process.exit(asItIs.compiler && asItIs.arborist && without.modules < 0.6 * asItIs.modules ? 0 : 1);
JS
