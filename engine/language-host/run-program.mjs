// @ts-check
import language from "@pulumi/pulumi/proto/language_pb.js";
import { runtimeOptions, spawnEntryPoint } from "./node-process.mjs";

// The SDK ends with this code after it has told the user what went wrong: the engine must add nothing.
// https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/run/index.ts
const alreadyReported = 32;

/**
 * Runs a program to its end. Its output goes through ours to the engine, which shows it as diagnostics.
 * @param {language.RunRequest} request
 * @param {string} engineAddress
 * @returns {Promise<language.RunResponse>}
 */
export function runProgram(request, engineAddress) {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const { nodeArguments, env } = runtimeOptions(request.getInfo());
  const child = spawnEntryPoint(directory, "run", {
    nodeArguments,
    args: programArguments(request, engineAddress),
    cwd: request.getPwd(),
    env: { ...process.env, ...env, ...configuration(request) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(outcome(code, signal)));
  });
}

/**
 * @param {language.RunRequest} request
 * @param {string} engineAddress
 */
function programArguments(request, engineAddress) {
  const flags = Object.entries({
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
    "root-directory": request.getInfo()?.getRootDirectory() ?? "",
  }).flatMap(([flag, value]) => (value ? [`--${flag}`, value] : []));
  const entryPoint = request.getInfo()?.getEntryPoint() || request.getProgram() || ".";
  return [...flags, ...(request.getDryrun() ? ["--dry-run"] : []), entryPoint, ...request.getArgsList()];
}

/**
 * The SDK reads config from the environment, with keys in their long form: `project:config:name`.
 * @param {language.RunRequest} request
 */
function configuration(request) {
  const config = Object.fromEntries(
    request
      .getConfigMap()
      .toObject()
      .map(([key, value]) => [longKey(key), value]),
  );
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList().map(longKey)),
  };
}

/** @param {string} key */
function longKey(key) {
  const colon = key.indexOf(":");
  if (colon === -1 || key.slice(colon).startsWith(":config:")) return key;
  return `${key.slice(0, colon)}:config:${key.slice(colon + 1)}`;
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function outcome(code, signal) {
  const response = new language.RunResponse();
  if (code === 0) return response;
  if (code === alreadyReported) return response.setBail(true);
  return response.setError(signal ? `Program was stopped by ${signal}` : `Program exited with non-zero exit code: ${code}`);
}
