import { relative } from "node:path";
import type { Narrator } from "./output/narrator";
import { policyPackFrom, repository } from "./stage/project";
import type { Stage } from "./stage/stage";
import { imageOf } from "./world/year";

/** Prints the commands to continue with, ready to paste. */
export function farewell({ narrator, folder, sandbox }: Stage): void {
  const here = relative(repository, folder);
  narrator.plain(["", "To continue, start the registry again where it stopped (`kill %1` ends it):"]);
  printCommands(narrator, [[`npm run sandbox -- --dir ${here}/registry --port ${new URL(sandbox.url).port} &`]]);
  narrator.plain(["", "Then, with the demo's engine and stacks in this shell:"]);
  printCommands(narrator, [
    [`cd ${here} && . ./env`],
    ["pulumi preview", "still nothing to do"],
    ["pulumi stack output", "what was deleted, and what is pending"],
    [`crane ls ${imageOf(sandbox, "logto")}`],
    [`curl -X POST ${sandbox.url}/_sandbox/clock -d '{"now": "2024-01-17T03:00:00Z"}'`],
    ["pulumi preview", "a month later: a new plan"],
    [`pulumi preview --stack workflow-of-2023 --policy-pack ${policyPackFrom(folder)}`],
  ]);
  narrator.plain(["", `The rules are in ${here}/Pulumi.policy.yaml: change them, and preview the effect.`]);
}

function printCommands(narrator: Narrator, commands: readonly (readonly [command: string, comment?: string])[]): void {
  narrator.plain([
    "",
    ...commands.map(([command, comment]) => `    ${comment === undefined ? command : `${command.padEnd(24)}# ${comment}`}`),
  ]);
}
