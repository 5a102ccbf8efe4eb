// @ts-check
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** The compiler and its loader: the package is compiled, and ts-node skips files in node_modules. */
const compilers = ["ts-node", "typescript"];

/** The pack, and the folder beside it that it imports; the package holds both, laid out as in the repository. */
const folders = ["policies", "cleaners"];

/**
 * Writes the policy pack as a package of its own, compiled, into a folder (default: dist/policies), for `npm publish` and
 * `pulumi policy publish`.
 * @param {string[]} args
 */
export async function policyPack([folder = join(root, "dist", "policies")] = []) {
  const source = join(root, "policies");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of folders) {
    await cp(join(root, "bin", name), join(folder, name), { recursive: true, filter: (path) => !/\.(?:d\.ts|map)$/.test(path) });
  }
  await writeFile(join(folder, "index.js"), 'require("./policies");\n');
  await cp(join(source, "PulumiPolicy.yaml"), join(folder, "PulumiPolicy.yaml"));
  await cp(join(root, "LICENSE"), join(folder, "LICENSE"));
  await cp(join(root, "docs", "policies.md"), join(folder, "README.md"));

  const { dependencies, ...manifest } = JSON.parse(await readFile(join(source, "package.json"), "utf8"));
  const needed = Object.fromEntries(Object.entries(dependencies).filter(([name]) => !compilers.includes(name)));
  await writeFile(join(folder, "package.json"), `${JSON.stringify({ ...manifest, main: "index.js", dependencies: needed }, null, 2)}\n`);
  process.stdout.write(`${manifest.name} ${manifest.version}: ${folder}\n`);
  return 0;
}
