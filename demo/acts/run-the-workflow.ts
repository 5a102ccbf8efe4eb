import type { Sandbox } from "../../sandbox";
import { promise } from "../output/broken-promise";
import type { Ran } from "../stage/commands";
import type { Stage } from "../stage/stage";
import { runTheWorkflow } from "../world/naive-workflow";
import { imageOf, owner, type PackageName, packages } from "../world/year";

/** The deletions of the workflow, and the pulls afterwards. */
export interface Aftermath {
  readonly deleted: ReadonlyMap<PackageName, number>;
  readonly manifest: Ran;
  readonly pulls: readonly Ran[];
}

/** Runs the workflow on the copy and tries to deploy afterwards. Prints nothing, so it can run beside other steps. */
export async function ruinTheCopy({ commands }: Stage, copy: Sandbox): Promise<Aftermath> {
  const deleted = new Map(await Promise.all(packages.map(async (name) => [name, await runTheWorkflow(copy, name)] as const)));
  const [manifest, ...pulls] = await Promise.all([
    commands.run("crane", ["digest", imageOf(copy, "logto", "prod")]),
    ...packages.map((name) => commands.run("crane", ["pull", "--platform", "linux/amd64", imageOf(copy, name, "prod"), "prod.tar"])),
  ]);
  return { deleted, manifest, pulls };
}

export function showTheAftermath({ narrator }: Stage, { deleted, manifest, pulls }: Aftermath): void {
  narrator.step("b", "What it did in 2023, on a copy of the registry");
  narrator.caption("The same calls as then: list the versions, pick those without a tag and without a change for three days, DELETE each.");
  narrator.plain([""]);
  for (const [name, count] of deleted) narrator.printed([`${owner}/${name}: ${count} versions deleted, each answered with 204`]);
  for (const ran of [manifest, ...pulls]) {
    narrator.command(ran.command);
    narrator.printed(ran.output.trimEnd().split("\n"));
  }
  expectOutage(manifest, pulls);
  narrator.kept("Production is down: the tag and the index are still there, and the manifests of the platforms are not.");
}

/** Expects the tag to be found, and none of its platforms. */
export function expectOutage(manifest: Ran, pulls: readonly Ran[]): void {
  promise(manifest.code === 0, `'${manifest.command}' to find the index, which has a tag`, () => manifest.output);
  for (const { command, code, output } of pulls) {
    const isUnknown = code !== 0 && output.includes("MANIFEST_UNKNOWN");
    promise(isUnknown, `'${command}' to fail with MANIFEST_UNKNOWN`, () => `exit code ${code}: ${output}`);
  }
}
