import { promise } from "../output/broken-promise";
import { sectionOf } from "../output/diagnostics";
import { refusalsOf } from "../output/refusals";
import type { Ran } from "../stage/commands";
import { policyPackFrom } from "../stage/project";
import type { Stage } from "../stage/stage";
import type { Pushed } from "../world/push-year";
import { expectUntouched, versionsIn } from "../world/versions";
import { owner, packages } from "../world/year";

const pack = "no-untagged-children";

export async function refuseTheWorkflow(stage: Stage, pushes: readonly Pushed[]): Promise<void> {
  const { narrator } = stage;
  narrator.step("a", "The workflow of 2023, as a rule: the policy pack refuses it");
  narrator.caption(
    "It deleted every untagged version older than three days, straight from GitHub's list. `prod` is an image index: only the " +
      "index has a tag, and the manifests of its platforms, which it lists by digest, have none.",
  );
  const before = versionsIn(stage.sandbox);
  const ran = await stage.show("pulumi", ["preview", "--stack", "workflow-of-2023", "--policy-pack", policyPackFrom(stage.folder)]);
  expectRefusal(ran, pushes);
  expectUntouched(before, versionsIn(stage.sandbox));
  narrator.printed(refusalsOf(ran.output));
  narrator.kept(`Refused with exit code ${ran.code}, before anything was deleted: it would have taken the manifests behind \`prod\`.`);
}

/** Expects the pack to refuse both packages, and to name the manifests behind their `prod`. */
export function expectRefusal(ran: Ran, pushes: readonly Pushed[]): void {
  promise(ran.code !== 0, `'${ran.command}' to fail`, () => "exit code 0");
  const refusals = sectionOf(ran.output, "Policies").join("\n");
  for (const name of packages) {
    const refused = refusals.includes(`${pack}  (`) && refusals.includes(`: ${owner}/${name})`);
    promise(refused, `${pack} to refuse ${owner}/${name}`, () => refusals || ran.output);
    const prod = pushes.findLast((push) => push.package === name && push.tags.includes("prod"));
    const named = prod?.children.filter(({ platform, digest }) => refusals.includes(`${digest} (${platform}), needed by prod`));
    promise(named !== undefined && named.length > 0, `the refusal to name a manifest of ${owner}/${name}:prod by platform`, () => refusals);
  }
}
