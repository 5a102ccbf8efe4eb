// @ts-check
/**
 * `node scripts/run.mjs COMMAND [ARGUMENTS]`: makes ready what the command needs, then runs it.
 * It runs on a fresh clone, so it uses nothing but Node.
 */
import { nodeProblem } from "./setup/requirements.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(1);
}

const { runCommand } = await import("./commands/run-command.mjs");
process.exitCode = await runCommand(process.argv.slice(2));
