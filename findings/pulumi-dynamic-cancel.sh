#!/usr/bin/env bash
# @pulumi/pulumi 3.276.0: a dynamic provider is not told when the engine cancels the update.
#
# Expected: after the engine's `Cancel`, which it sends to each provider on Ctrl-C, the code of a dynamic resource that is creating
# something learns of it somehow, as providers written in Go do by their context, or the process ends the work.
# Seen: the host process answers `Cancel` with success at once, and tells nobody: no method of the dynamic provider is called, no signal
# arrives, no event of the process fires, and the work goes on to its end. The engine starts providers in a process group of their own,
# so a terminal's Ctrl-C does not reach them either.
#
# Exits 1 when the work ends early, or the provider is told.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.276.0
cat >Pulumi.yaml <<'YAML'
name: cancelled
runtime: nodejs
YAML
node - <<'JS'
const { spawn } = require("node:child_process");
const { createInterface } = require("node:readline");
const grpc = require("@grpc/grpc-js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const { ConfigureRequest, CreateRequest } = require("@pulumi/pulumi/proto/provider_pb.js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { version } = require("@pulumi/pulumi/package.json");

/** A dynamic provider in the form in which the SDK stores one. It works for three seconds, and counts what it is told meanwhile. */
function handler() {
  const told = [];
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => told.push(signal));
  const note = (name) => async () => void told.push(name);
  return {
    cancel: note("cancel"),
    signalCancellation: note("signalCancellation"),
    async create() {
      let steps = 0;
      while (steps < 30) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        steps += 1;
      }
      return { id: "made", outs: { steps, told: told.join(" ") } };
    },
  };
}

async function main() {
  const args = [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"];
  const host = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise((resolve) => createInterface({ input: host.stdout }).once("line", resolve));
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method, request) =>
    new Promise((resolve, reject) => client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));
  try {
    await call("configure", new ConfigureRequest().setArgs(Struct.fromJavaScript({})));
    const properties = Struct.fromJavaScript({ __provider: `exports.handler = ${handler};` });
    const started = performance.now();
    const since = () => `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const created = call("create", new CreateRequest().setProperties(properties));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await call("cancel", new Empty());
    console.log(`@pulumi/pulumi ${version}: Cancel answered with success after ${since()}`);
    const { steps, told } = (await created).getProperties().toJavaScript();
    console.log(`the creation went on to ${steps} of 30 steps and ended after ${since()}; told meanwhile: ${told || "nothing"}`);
    return steps === 30 && told === "";
  } finally {
    client.close();
    host.kill("SIGKILL");
  }
}

main().then((asSeen) => process.exit(asSeen ? 0 : 1), (error) => (console.error(error), process.exit(1)));
JS
