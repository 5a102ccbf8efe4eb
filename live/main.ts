import { readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { requireCommandToken } from "../components/config/token";
import { type Accepted, accept } from "./acceptance";
import { PolicyProbes } from "./policy/policy-probes";
import { probes } from "./probes/all";
import { type Occasion, withResults } from "./rows/page";
import { isFine } from "./rows/row";
import { renderTable } from "./rows/table";
import { openSession, readOptions } from "./session";

const help = `Usage: npm run test:live -- --owner LOGIN [--json FILE] [--write] [--api URL --registry URL]

Compares what the sandbox and docs/safety.md assume of GHCR with what GHCR does, on a package that the run pushes itself
(ghcr-retention-probe-<random>) and removes at its end. Nothing else is written: docs/live.md.

GITHUB_TOKEN: a classic token with read:packages, write:packages and delete:packages, or that of a workflow.
GITHUB_READ_TOKEN: a classic token with read:packages alone; without it, what such a token may do is not observed.

  --owner LOGIN   the user or organisation under which the package is pushed
  --json FILE     also write the results to FILE; '-' prints them instead of the table
  --write         also write the results into docs/live.md
  --api URL, --registry URL
                  other servers than GitHub's, such as a sandbox
  --help          this text

Ends with 0 if everything is as assumed, 1 if not or if the package could not be removed, and 130 after Ctrl-C.
`;

class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      owner: { type: "string" },
      api: { type: "string" },
      registry: { type: "string" },
      json: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const options = readOptions(values);
  const token = requireCommandToken("an apply");
  const session = await openSession(options, { token, readToken: process.env.GITHUB_READ_TOKEN, pace: { pause, say } });
  const occasion: Occasion = {
    at: new Date().toISOString(),
    githubApiUrl: options.githubApiUrl,
    registryUrl: options.registryUrl,
    token: token.startsWith("ghs_") ? "GITHUB_TOKEN" : "classic token",
  };
  const signal = interruption();
  const policy = new PolicyProbes({ env: process.env, signal });
  let accepted: Accepted;
  try {
    accepted = await accept({ owner: options.owner, session, probes: [...probes, ...policy.probes], signal });
  } finally {
    await policy.close();
  }
  const { rows, left } = accepted;
  const json = `${JSON.stringify({ ...occasion, rows }, undefined, 2)}\n`;
  process.stdout.write(values.json === "-" ? json : `${renderTable(rows)}\n`);
  if (values.json !== undefined && values.json !== "-") await writeFile(values.json, json);
  if (values.write) {
    const page = join(__dirname, "..", "..", "docs", "live.md");
    await writeFile(page, withResults(await readFile(page, "utf8"), occasion, rows));
  }
  return rows.every(isFine) && left === undefined ? 0 : 1;
}

/** Is aborted by the first signal; later ones change nothing, since the package has to be removed. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      say(`${signal}: removing the package of this run …`);
      controller.abort(new Interrupted(signal));
    });
  }
  return controller.signal;
}

async function pause(seconds: number): Promise<void> {
  await wait(seconds * 1_000);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(error instanceof Interrupted ? 128 + constants.signals[error.signal] : 1);
  },
);
