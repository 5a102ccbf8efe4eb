import { promise } from "../output/broken-promise";
import { diagnosticsOf } from "../output/diagnostics";
import type { Ran } from "../stage/commands";
import type { Stage } from "../stage/stage";
import { owner, packages } from "../world/year";

export async function previewAgain(stage: Stage): Promise<void> {
  const { narrator } = stage;
  narrator.step("f", "The next preview: nothing to do");
  const ran = await stage.show("pulumi", ["preview", "--expect-no-changes"]);
  const diagnostics = diagnosticsOf(ran.output);
  for (const name of packages) narrator.printed([`${owner}/${name}: ${diagnostics.get(`${owner}/${name}`)?.[0] ?? ""}`]);
  expectNoChanges(ran);
  narrator.kept("No changes: the registry is in the state that the policy describes.");
}

/** `--expect-no-changes` makes any change a failure. */
export function expectNoChanges(ran: Ran): void {
  promise(ran.code === 0, `'${ran.command}' to find nothing to do`, () => `exit code ${ran.code}: ${ran.output}`);
}
