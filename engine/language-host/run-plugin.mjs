// @ts-check
import grpc from "@grpc/grpc-js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import { runtimeOptions, spawnEntryPoint } from "./node-process.mjs";

/**
 * Runs a policy pack or a provider plugin written for Node.js, and streams its output until it ends or the engine cancels the call.
 * @param {grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>} call
 */
export function runPlugin(call) {
  try {
    const child = startPlugin(call.request);
    child.stdout?.on("data", (chunk) => call.write(new language.RunPluginResponse().setStdout(chunk)));
    child.stderr?.on("data", (chunk) => call.write(new language.RunPluginResponse().setStderr(chunk)));
    child.once("error", (error) => call.destroy(error));
    child.once("close", (code) => {
      call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
    call.on("cancelled", () => child.kill("SIGTERM"));
  } catch (error) {
    const details = error instanceof Error ? error.message : String(error);
    call.emit("error", { code: grpc.status.FAILED_PRECONDITION, details });
  }
}

/** @param {language.RunPluginRequest} request */
function startPlugin(request) {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const { nodeArguments, env } = runtimeOptions(request.getInfo());
  const isPolicyPack = request.getKind() === "analyzer";
  // A policy pack is told the engine's address, then where it lives; any other plugin the other way round.
  const args = isPolicyPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()];
  return spawnEntryPoint(directory, isPolicyPack ? "run-policy-pack" : "run-plugin", {
    nodeArguments,
    args,
    cwd: isPolicyPack ? directory : request.getPwd(),
    env: { ...environment(request.getEnvList()), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * The engine sends the whole environment as `NAME=value` lines; none means: ours.
 * @param {string[]} lines
 */
function environment(lines) {
  if (lines.length === 0) return process.env;
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
