// @ts-check
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "../setup/paths.mjs";

/** Files that take a minute and more: begun last, one of them would run on alone. */
const longest = [
  "tests/sandbox/lifecycle/apply/faults.test.ts",
  "tests/engine/demo/demo.test.ts",
  "tests/engine/examples/github-actions.test.ts",
];
/** Kinds of tests, the slowest first. */
const kinds = ["tests/engine/", "tests/sandbox/", "tests/property/", "tests/unit/"];

/** Every test file of the repository, in the order in which they should begin. */
export async function testFiles() {
  const entries = await readdir(join(root, "tests"), { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return files.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

/** @param {string} file */
function rank(file) {
  const place = longest.indexOf(file);
  return place >= 0 ? place - longest.length : kinds.findIndex((kind) => file.startsWith(kind));
}
