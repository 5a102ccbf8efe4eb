// @ts-check
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** The compiler and its loader: the package is compiled already, and ts-node leaves alone what stands in node_modules. */
const compilers = ["ts-node", "typescript"];

/**
 * Writes the policy pack as a package of its own, compiled, into a folder (default: dist/policies), for `npm publish` and
 * `pulumi policy publish`.
 * @param {string[]} args
 */
export async function policyPack([folder = join(root, "dist", "policies")] = []) {
  const source = join(root, "policies");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(root, "bin", "policies"), folder, { recursive: true, filter: (path) => !/\.(?:d\.ts|map)$/.test(path) });
  await cp(join(source, "PulumiPolicy.yaml"), join(folder, "PulumiPolicy.yaml"));
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  await cp(join(root, "docs", "policies.md"), join(folder, "README.md"));

  const { dependencies, ...manifest } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const needed = Object.fromEntries(Object.entries(dependencies).filter(([name]) => !compilers.includes(name)));
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ ...manifest, main: "index.js", dependencies: needed }, null, 2)}\n`);
  process.stdout.write(`${manifest.name} ${manifest.version}: ${folder}\n`);
  return 0;
}
