// @ts-check
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isExecutable } from "./command.mjs";
import { go, goProblem } from "./go.mjs";
import { root, toolsBin } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

const wrapperModule = join(root, "engine");
const pulumi = join(toolsBin, "pulumi");
const stamp = join(toolsBin, ".pulumi-built-from");

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

const launcher = `#!/bin/sh
# Starts this repository's stand-in for Pulumi's Node.js language host.
exec node "$(dirname "$0")/../../engine/language-host/main.mjs" "$@"
`;

/** The CLI compiled from the Go module proxy, for networks that block the download. @type {import("./engine-choice.mjs").Source} */
export const builtEngine = {
  async find() {
    const builtFrom = await readFile(stamp, "utf8").catch(() => undefined);
    if (builtFrom !== (await fingerprint()) || !(await isExecutable(pulumi))) return undefined;
    await placeLanguageHost();
    return { pulumi, kind: "built", version: await pinnedVersion() };
  },
  async make(doing) {
    const version = await pinnedVersion();
    const problem = await goProblem(wrapperModule);
    if (problem) throw new SetupError(`it cannot be built from source either: ${problem}`);

    doing(`building Pulumi v${version} from source, about 4 minutes the first time`);
    await mkdir(toolsBin, { recursive: true });
    const unfinished = `${pulumi}.unfinished`;
    try {
      const flags = ["-trimpath", "-ldflags", `-s -w -X ${versionVariable}=v${version}`, "-o", unfinished];
      await go(["build", ...flags, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"], {
        cwd: wrapperModule,
        failure: "building Pulumi from source failed",
      });
      await placeLanguageHost();
      await rename(unfinished, pulumi);
      await writeFile(stamp, await fingerprint());
    } finally {
      await rm(unfinished, { force: true });
    }
    return { pulumi, kind: "built", version };
  },
};

/** Writes the language host and the dynamic provider beside the engine, where it finds them. */
async function placeLanguageHost() {
  const host = join(toolsBin, "pulumi-language-nodejs");
  if ((await readFile(host, "utf8").catch(() => "")) !== launcher) {
    await place(host, (temporary) => writeFile(temporary, launcher));
  }
  const shipped = join(root, "node_modules", "@pulumi", "pulumi", "pulumi-resource-pulumi-nodejs");
  const provider = join(toolsBin, "pulumi-resource-pulumi-nodejs");
  const [have, want] = await Promise.all([readFile(provider, "utf8").catch(() => ""), readFile(shipped, "utf8")]);
  if (have !== want) await place(provider, (temporary) => copyFile(shipped, temporary));
}

/** @param {string} path @param {(temporary: string) => Promise<void>} write */
async function place(path, write) {
  const temporary = `${path}.${process.pid}`;
  await write(temporary);
  await chmod(temporary, 0o755);
  await rename(temporary, path);
}

async function pinnedVersion() {
  const modules = await readFile(join(wrapperModule, "go.mod"), "utf8");
  const version = /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(modules)?.[1];
  if (!version) throw new Error("engine/go.mod does not name github.com/pulumi/pulumi/pkg/v3");
  return version;
}

async function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(await readFile(join(wrapperModule, file)));
  return hash.digest("hex");
}
