import { applyThePolicy } from "./acts/apply-the-policy";
import { previewAgain } from "./acts/preview-again";
import { pullWhatStays } from "./acts/pull-what-stays";
import { refuseTheWorkflow } from "./acts/refuse-the-workflow";
import { restoreAnImage } from "./acts/restore-an-image";
import { ruinTheCopy, showTheAftermath } from "./acts/run-the-workflow";
import { farewell } from "./farewell";
import type { Narrator } from "./output/narrator";
import type { Stage } from "./stage/stage";
import { type Pushed, pushYear } from "./world/push-year";
import { owner, type PackageName, type Push, packages } from "./world/year";

/** Plays the incident and the safe alternative, step by step; a step throws when it does not show what it must. */
export async function play(stage: Stage): Promise<void> {
  const { narrator } = stage;
  const [pushes] = await Promise.all([pushTheYear(stage), stage.prepareStacks()]);
  const copy = await stage.openCopy();

  // Runs beside the first preview, which does not depend on the copy.
  const aftermath = ruinTheCopy(stage, copy);
  aftermath.catch(() => {});
  await refuseTheWorkflow(stage, pushes);
  showTheAftermath(stage, await aftermath);
  await applyThePolicy(stage);
  await pullWhatStays(stage, pushes);
  await restoreAnImage(stage, pushes);
  await previewAgain(stage);
  narrator.plain(["", `Every step was checked. It took ${Math.round(narrator.seconds)} seconds.`]);
  farewell(stage);
}

export function introduce(narrator: Narrator): void {
  narrator.title("The incident of 17 December 2023, replayed");
  narrator.caption(
    "A workflow that cleaned up GHCR deleted every untagged version older than three days. The production images could not " +
      "be pulled any more, and production was down for 18 minutes.",
  );
  narrator.caption("https://blog.logto.io/postmortem-docker-image-not-found");
  narrator.caption("Here it happens on loopback: a sandbox of GHCR, the real Pulumi CLI, and crane.");
  narrator.plain([""]);
}

async function pushTheYear({ narrator, sandbox }: Stage): Promise<readonly Pushed[]> {
  const pushes = await pushYear(sandbox, (done) => narrator.progress(`pushing 2023: ${day(done)}, ${done.length} images`, quarter(done)));
  for (const name of packages) {
    const versions = sandbox.package(`${owner}/${name}`)?.versions.length ?? 0;
    narrator.kept(`${owner}/${name}: ${describe(pushes, name)}; ${versions} package versions`);
  }
  return pushes;
}

function describe(pushes: readonly Push[], name: PackageName): string {
  const firstTags = pushes.filter((push) => push.package === name).map(({ tags }) => tags[0] ?? "");
  const count = (start: string) => firstTags.filter((tag) => tag.startsWith(start)).length;
  const kinds = { "deployments of `prod`": "prod", "builds of pull requests": "pr-", "of main": "main-", releases: "v1." };
  const counted = Object.entries(kinds).map(([kind, start]) => ({ kind, count: count(start) }));
  const parts = counted.filter((one) => one.count > 0).map((one) => `${one.count} ${one.kind}`);
  return `${firstTags.length} multi-platform images (${parts.join(", ")})`;
}

function day(done: readonly Push[]): string {
  return done.at(-1)?.at.toISOString().slice(0, 10) ?? "";
}

function quarter(done: readonly Push[]): string {
  return String(Math.floor((done.at(-1)?.at.getUTCMonth() ?? 0) / 3));
}
