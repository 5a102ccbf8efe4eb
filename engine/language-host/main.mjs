// @ts-check
/**
 * A stand-in for Pulumi's Node.js language host, for places where the official bundle cannot be downloaded and the CLI
 * was built from source: the host's own Go module is not served by the module proxy. It runs programs, dynamic providers
 * and policy packs; it neither installs dependencies nor generates code.
 * @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
 */
import grpc from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import { runPlugin } from "./run-plugin.mjs";
import { runProgram } from "./run-program.mjs";

export const hostVersion = "0.1.0-stand-in";

/**
 * @template Request, Response
 * @param {(request: Request) => Response | Promise<Response>} answer
 * @returns {grpc.handleUnaryCall<Request, Response>}
 */
function unary(answer) {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error) => callback({ code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
}

/** @returns {language.AboutResponse} */
function about() {
  const response = new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  response.getMetadataMap().set("host", `ghcr-retention's stand-in ${hostVersion}, not Pulumi's own`);
  return response;
}

// The engine's own address comes with the command line; the handshake repeats it.
let engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(/** @type {grpc.ServiceDefinition} */ (/** @type {unknown} */ (LanguageRuntimeService)), {
  handshake: unary((/** @type {language.LanguageHandshakeRequest} */ request) => {
    engineAddress = request.getEngineAddress() || engineAddress;
    return new language.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(hostVersion)),
  getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
  getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
  getProgramDependencies: unary(() => new language.GetProgramDependenciesResponse()),
  about: unary(about),
  run: unary((/** @type {language.RunRequest} */ request) => runProgram(request, engineAddress)),
  runPlugin,
});

server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// The engine holds our stdin open for as long as it lives: its end means nobody is left to serve.
process.stdin.on("end", () => process.exit(0)).resume();
