import { promise } from "../output/broken-promise";
import { diagnosticsOf, sectionOf } from "../output/diagnostics";
import { type PlanText, planTextOf, withShortTables } from "../output/plan-text";
import { commandLine, type Ran } from "../stage/commands";
import { policyPackFrom } from "../stage/project";
import type { Stage } from "../stage/stage";
import { expectUntouched, type Versions, versionsIn } from "../world/versions";
import { owner, type PackageName, packages } from "../world/year";

const shownRows = 6;

type Plans = ReadonlyMap<PackageName, PlanText>;

export async function applyThePolicy(stage: Stage): Promise<void> {
  const { narrator, sandbox } = stage;
  narrator.step("c", "Our policy: previewed, approved, applied");
  narrator.caption(
    "These rules select whole images, and an image keeps whatever it needs. Releases and `prod` stay, and so do ten builds " +
      "of main; old pull requests are deleted, and so are deployments that were replaced more than two weeks ago.",
  );
  const before = versionsIn(sandbox);
  const plans = await preview(stage);
  await upWithoutApproval(stage, plans);
  expectUntouched(before, versionsIn(sandbox));
  narrator.kept("Nothing was deleted: no plan was approved yet.");

  narrator.plain([""]);
  narrator.caption("A person has read the preview and approves exactly these plans in the stack's config, with the commands it printed:");
  narrator.command(...[...plans.values()].map(({ approval }) => commandLine("pulumi", approval)));
  for (const { approval } of plans.values()) await stage.quietly("pulumi", approval);
  const ran = await stage.show("pulumi", ["up", "--yes", "--skip-preview"]);
  narrator.printed(linesOf(ran, "deleted"));
  expectDeleted(ran, plans, before, versionsIn(sandbox));
  const deleted = [...plans.values()].reduce((sum, plan) => sum + plan.deletes, 0);
  narrator.kept(`${deleted} versions deleted, exactly as many as approved; each can be restored for 30 days.`);
}

async function preview(stage: Stage): Promise<Plans> {
  const ran = await stage.show("pulumi", ["preview", "--policy-pack", policyPackFrom(stage.folder)]);
  const plans = expectPlans(ran);
  for (const [name, { lines }] of plans) {
    stage.narrator.printed([`${owner}/${name}:`, ...withShortTables(lines, shownRows), ""]);
  }
  stage.narrator.printed(["Policies:", ...sectionOf(ran.output, "Policies")]);
  stage.narrator.kept("The policy pack agrees: no rule tears an image apart.");
  return plans;
}

async function upWithoutApproval(stage: Stage, plans: Plans): Promise<void> {
  const ran = await stage.show("pulumi", ["up", "--yes", "--skip-preview"]);
  stage.narrator.printed(linesOf(ran, "waits"));
  promise(ran.code === 0, `'${ran.command}' to succeed without an approval`, () => `exit code ${ran.code}: ${ran.output}`);
  for (const { id } of plans.values()) {
    promise(linesOf(ran, "waits").join("\n").includes(id), `'${ran.command}' to say that plan ${id} waits`, () => ran.output);
  }
}

/** Expects the preview to succeed with a plan for each package, and the command that approves it. */
export function expectPlans(ran: Ran): Plans {
  promise(ran.code === 0, `'${ran.command}' to succeed`, () => `exit code ${ran.code}: ${ran.output}`);
  const diagnostics = diagnosticsOf(ran.output);
  const plans = packages.map((name) => {
    const plan = planTextOf(diagnostics.get(`${owner}/${name}`) ?? []);
    promise(plan !== undefined, `a plan for ${owner}/${name} with the line that approves it`, () => ran.output);
    return [name, plan] as const;
  });
  return new Map(plans);
}

/** Expects exactly the approved number of deletions in each package. */
export function expectDeleted(ran: Ran, plans: Plans, before: Versions, after: Versions): void {
  promise(ran.code === 0, `'${ran.command}' to succeed`, () => `exit code ${ran.code}: ${ran.output}`);
  for (const [name, plan] of plans) {
    const gone = (before.get(name)?.size ?? 0) - (after.get(name)?.size ?? 0);
    promise(gone === plan.deletes, `${plan.deletes} versions of ${owner}/${name} to be deleted, as approved`, () => `${gone} deleted`);
  }
}

/** Returns the engine's lines under each package that contain the word. */
function linesOf(ran: Ran, word: string): string[] {
  const diagnostics = diagnosticsOf(ran.output);
  return packages.flatMap((name) => {
    const lines = (diagnostics.get(`${owner}/${name}`) ?? []).filter((line) => line.includes(word));
    return lines.map((line) => `${owner}/${name}: ${line}`);
  });
}
