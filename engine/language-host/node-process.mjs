// @ts-check
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => process.exit(0));
}

/**
 * Runs one of the SDK's entry points (`cmd/run`, `cmd/run-policy-pack`, `cmd/run-plugin`) with the SDK that the program itself depends on.
 * @param {string} directory the program's
 * @param {string} entryPoint
 * @param {{ nodeArguments: string[], args: string[], cwd: string, env: NodeJS.ProcessEnv, stdio: import("node:child_process").StdioOptions }} how
 */
export function spawnEntryPoint(directory, entryPoint, { nodeArguments, args, cwd, env, stdio }) {
  const script = resolveFrom(directory, `@pulumi/pulumi/cmd/${entryPoint}`);
  const child = spawn(process.execPath, [...nodeArguments, script, ...args], { cwd, env, stdio });
  running.add(child);
  child.once("close", () => running.delete(child));
  return child;
}

/**
 * @param {string} directory
 * @param {string} module
 */
function resolveFrom(directory, module) {
  try {
    return createRequire(join(directory, "index.js")).resolve(module);
  } catch (cause) {
    throw new Error(`The Pulumi SDK is not installed in ${directory}: run 'npm ci' there.`, { cause });
  }
}

/**
 * The options under `runtime:` in Pulumi.yaml or PulumiPolicy.yaml.
 * @param {import("@pulumi/pulumi/proto/language_pb.js").ProgramInfo | undefined} info
 */
export function runtimeOptions(info) {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  const typescript = options.typescript !== false;
  const tsconfig = typeof options.tsconfig === "string" ? options.tsconfig : undefined;
  const nodeArguments = typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
  /** @type {NodeJS.ProcessEnv} */
  const env = { PULUMI_NODEJS_TYPESCRIPT: String(typescript), ...(tsconfig && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }) };
  return { nodeArguments, env };
}
