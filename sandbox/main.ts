#!/usr/bin/env node
import { parseArgs } from "node:util";
import { startSandbox } from "./sandbox";

const help = `Usage: npm run sandbox -- [--port N] [--dir FOLDER] [--now TIME]

A GHCR for trying and testing, on loopback only: GitHub's Packages API under /api, the OCI registry under /v2/,
and control over time, faults and switches under /_sandbox/. Ready when it prints one line of JSON with
githubApiUrl, registryUrl and a token that may do everything.

  --port N      listen on this port (default: any free one)
  --dir FOLDER  keep everything there across restarts (default: in memory)
  --now TIME    let the clock stand still at this time (default: real time)
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
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port}: not a port`);
  const sandbox = await startSandbox({
    port,
    ...(values.dir === undefined ? {} : { dir: values.dir }),
    ...(values.now === undefined ? {} : { now: values.now }),
  });
  process.stderr.write("This is a sandbox of GHCR, for trying and testing only. Ctrl+C ends it.\n");
  const { githubApiUrl, registryUrl, token } = sandbox;
  process.stdout.write(`${JSON.stringify({ githubApiUrl, registryUrl, token })}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void sandbox.close());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
