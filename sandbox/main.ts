#!/usr/bin/env node
import { parseArgs } from "node:util";
import { startSandbox } from "./sandbox";

const help = `Usage: npm run sandbox -- [--port N] [--dir FOLDER] [--now TIME]

Runs a sandbox of GHCR for experiments and tests, on loopback only: GitHub's Packages API under /api, the OCI registry
under /v2/, and control of time, faults and switches under /_sandbox/. When ready, it prints one line of JSON with
githubApiUrl, registryUrl and a token that has all permissions.

  --port N      listen on this port (default: any free port)
  --dir FOLDER  keep the state in FOLDER across restarts (default: in memory)
  --now TIME    stop the clock at TIME (default: real time)
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      dir: { type: "string" },
      now: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port ${values.port}: expected a port number from 0 to 65535`);
  const sandbox = await startSandbox({
    port,
    ...(values.dir === undefined ? {} : { dir: values.dir }),
    ...(values.now === undefined ? {} : { now: values.now }),
  });
  process.stderr.write("This is a sandbox of GHCR, for experiments and tests only. Press Ctrl+C to stop it.\n");
  const { githubApiUrl, registryUrl, token } = sandbox;
  process.stdout.write(`${JSON.stringify({ githubApiUrl, registryUrl, token })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void sandbox.close());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
