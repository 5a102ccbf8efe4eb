// @ts-check
/**
 * `node scripts/run.mjs COMMAND [ARGUMENTS]`: prepares the requirements of the command, then runs it.
 * Runs on a fresh clone, so it uses only Node.
 */
import { nodeProblem } from "./setup/requirements.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}

const { runCommand } = await import("./commands/run-command.mjs");
process.exitCode = await runCommand(process.argv.slice(2));
