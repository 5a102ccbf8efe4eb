// @ts-check
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isExecutable } from "./command.mjs";
import { cliModule, pinnedVersion } from "./engine-pin.mjs";
import { go, goProblem } from "./go.mjs";
import { root, toolsBin } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * A command that is compiled from a module of this repository.
 * @typedef {{ name: string, module: string, package: string, flags: string[] }} Built
 */

const hostModule = join(root, "engine", "language-host");
const pulumi = join(toolsBin, "pulumi");

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** The CLI compiled from the Go module proxy, for networks that block the download. @type {import("./engine-choice.mjs").Source} */
export const builtEngine = {
  async find() {
    const version = await pinnedVersion();
    for (const one of commands(version)) if (!(await isBuilt(one))) return undefined;
    await placeProvider();
    return { pulumi, kind: "built", version };
  },
  async make(doing) {
    const version = await pinnedVersion();
    const problem = await goProblem(cliModule);
    if (problem) throw new SetupError(`it cannot be built from source either: ${problem}`);

    doing(`building Pulumi v${version} from source, about 4 minutes the first time`);
    await mkdir(toolsBin, { recursive: true });
    for (const one of commands(version)) if (!(await isBuilt(one))) await build(one);
    await placeProvider();
    return { pulumi, kind: "built", version };
  },
};

/** The CLI, and this repository's stand-in for the Node.js language host, whose own module the proxy does not serve. @param {string} version @returns {Built[]} */
function commands(version) {
  return [
    {
      name: "pulumi",
      module: cliModule,
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      flags: ["-X", `${versionVariable}=v${version}`],
    },
    { name: "pulumi-language-nodejs", module: hostModule, package: ".", flags: [] },
  ];
}

/** @param {Built} command */
async function isBuilt({ name, module }) {
  const builtFrom = await readFile(stampOf(name), "utf8").catch(() => undefined);
  return builtFrom === (await fingerprint(module)) && (await isExecutable(join(toolsBin, name)));
}

/** @param {Built} command */
async function build({ name, module, package: source, flags }) {
  const unfinished = join(toolsBin, `${name}.unfinished`);
  try {
    await go(["build", "-trimpath", "-ldflags", ["-s", "-w", ...flags].join(" "), "-o", unfinished, source], {
      cwd: module,
      failure: `building ${name} from source failed`,
    });
    await rename(unfinished, join(toolsBin, name));
    await writeFile(stampOf(name), await fingerprint(module));
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** @param {string} name */
function stampOf(name) {
  return join(toolsBin, `.${name}-built-from`);
}

/** Writes the SDK's dynamic provider beside the engine, where it finds it. */
async function placeProvider() {
  const shipped = join(root, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");
  const provider = join(toolsBin, "pulumi-resource-pulumi-nodejs");
  const [have, want] = await Promise.all([readFile(provider, "utf8").catch(() => ""), readFile(shipped, "utf8")]);
  if (have === want) return;
  const temporary = `${provider}.${process.pid}`;
  await copyFile(shipped, temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, provider);
}

/** @param {string} module */
async function fingerprint(module) {
  const hash = createHash("sha256");
  for (const file of (await readdir(module)).sort()) hash.update(file).update(await readFile(join(module, file)));
  return hash.digest("hex");
}
