#!/usr/bin/env bash
# yaml 2.9.1 checks that keys are unique by comparing each key with all before it.
#
# Expected: parsing a flat map takes time in proportion to its keys, as it does with `uniqueKeys: false`.
# Seen: with the default `uniqueKeys: true`, four times the keys take sixteen times as long and more; without it, about four times.
# The time is held against that of the same text without the check, in the same process.
#
# Exits 1 when the growth is no longer quadratic.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts yaml@2.9.1
node - <<'JS'
const { parse } = require("yaml");
const { version } = require("yaml/package.json");

function seconds(keys, uniqueKeys) {
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, index) => [`k${String(index).padStart(5, "0")}`, 0])));
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    parse(text, { uniqueKeys });
    return (performance.now() - start) / 1_000;
  });
  return Math.min(...times);
}

seconds(500, true);
seconds(500, false);
const [few, many] = [2_000, 8_000];
const growth = (uniqueKeys) => seconds(many, uniqueKeys) / seconds(few, uniqueKeys);
const [checked, unchecked] = [growth(true), growth(false)];
console.log(`yaml ${version}: ${many} keys take ${seconds(many, true).toFixed(2)} s with uniqueKeys, ${seconds(many, false).toFixed(2)} s without`);
console.log(`from ${few} to ${many} keys the time grows by ${checked.toFixed(1)} with uniqueKeys, by ${unchecked.toFixed(1)} without`);
process.exit(checked > 9 && checked > 1.5 * unchecked ? 0 : 1);
JS
