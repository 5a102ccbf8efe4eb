import { constants } from "node:os";
import { parseArgs } from "node:util";
import { Narrator } from "./output/narrator";
import { leaveFolder, newFolder, ownFolder } from "./stage/folder";
import { Stage } from "./stage/stage";
import { introduce, play } from "./story";

const help = `Usage: npm run demo [-- --dir FOLDER]

Replays the incident of December 2023 on a sandbox of GHCR, with the real Pulumi CLI, and shows what retention as code
does about it. Ends with exit code 0 only when every step showed what it must.

  --dir FOLDER  a new folder in this repository for registry, stacks and state (default: .demo, wiped first)
  --help        this text
`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { dir: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const narrator = new Narrator(process.stdout);
  const folder = values.dir === undefined ? ownFolder() : newFolder(values.dir);
  process.once("exit", () => leaveFolder(folder));
  const stage = await Stage.open(folder, narrator);
  process.once("exit", () => stage.commands.kill());
  try {
    introduce(narrator);
    return await Promise.race([play(stage).then(() => 0), interruption(narrator)]);
  } catch (error) {
    narrator.failed(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    await stage.close();
  }
}

/** Resolves with the exit code on an interruption; nothing is printed after it. */
function interruption(narrator: Narrator): Promise<number> {
  return new Promise((resolve) => {
    // The reader is gone, as after `| head`.
    process.stdout.on("error", () => resolve(1));
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        narrator.silence("interrupted; stopping the running commands");
        resolve(128 + constants.signals[signal]);
      });
    }
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
