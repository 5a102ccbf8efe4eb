import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { describeMachine } from "./machine";
import { writePage } from "./performance-page";
import { isMet, type Row, renderRows } from "./row";
import { SandboxProcess } from "./sandbox-process";
import { sizesFor } from "./sizes";
import { measureDeletions } from "./work/deletions";
import { measureEngine, type OtherTools } from "./work/engine";
import { measureLargePackage } from "./work/large-package";
import { measureLibrary } from "./work/library-load";
import { measureGrowth, measurePoint, type Point, rowsOfPoint } from "./work/one-package";
import { measureOrganisation } from "./work/organisation";
import { measureSandbox } from "./work/sandbox-load";

const help = `Usage: npm run bench -- [--quick] [--only PART] [--earlier FOLDER] [--peer FOLDER] [--json FILE] [--write]

Measures against a sandbox in a separate process, and prints the measured value, the bound and their ratio for each row.

  --quick      use smaller sizes: about a minute
  --only PART  one of: library, engine, one-package, organisation, large-package, deletions, sandbox
  --earlier FOLDER  compare the engine's previews with those of another build of this repository: a worktree with its dependencies, compiled
  --peer FOLDER     compare them with the dry run of dataaxiom/ghcr-cleanup-action: a checkout
  --json FILE  also write the results to FILE
  --write      write docs/performance.md and its plots anew
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      earlier: { type: "string" },
      peer: { type: "string" },
      json: { type: "string" },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const machine = describeMachine();
  process.stdout.write(`${machine.text}\n\n`);
  const results = { machine, ...(await measure(values.quick, values.only, values)) };
  process.stdout.write(`${renderRows(results.rows)}\n`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
  if (values.write) await writePage(results);
  const missed = results.rows.filter((row) => !isMet(row)).length;
  process.stdout.write(missed === 0 ? "every goal is met\n" : `${missed} of ${results.rows.length} goals missed\n`);
}

/** Starts a fresh sandbox for each part, so that the packages of one part do not take memory of the next. */
async function measure(quick: boolean, only: string | undefined, others: OtherTools) {
  const sizes = sizesFor(quick);
  const rows: Row[] = [];
  const points: Point[] = [];
  let growth: Awaited<ReturnType<typeof measureLargePackage>>["growth"] = [];
  const parts: Record<string, (sandbox: SandboxProcess) => Promise<Row[]>> = {
    library: measureLibrary,
    engine: (sandbox) => measureEngine(sandbox, others, sizes.rounds),
    "one-package": async (sandbox) => {
      for (const versions of sizes.overSize) points.push(await measurePoint(sandbox, versions, versions <= sizes.maxForReference));
      const main = points.find(({ versions }) => versions === sizes.onePackage);
      return [...(main ? rowsOfPoint(main) : []), ...(await measureGrowth(sandbox, 1_000))];
    },
    organisation: (sandbox) => measureOrganisation(sandbox, sizes.packages, sizes.versionsOfEach),
    "large-package": async (sandbox) => {
      const large = await measureLargePackage(sandbox, sizes.largePackage, sizes.pure);
      growth = large.growth;
      return large.rows;
    },
    deletions: (sandbox) => measureDeletions(sandbox, sizes.deletions),
    sandbox: measureSandbox,
  };
  for (const [name, part] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    process.stderr.write(`measuring: ${name} …\n`);
    const sandbox = await SandboxProcess.start();
    try {
      rows.push(...(await part(sandbox)));
    } finally {
      sandbox.stop();
    }
  }
  return { rows, points, growth };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
