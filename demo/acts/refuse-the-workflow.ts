import { relative } from "node:path";
import { promise } from "../broken-promise";
import { sectionOf } from "../output/diagnostics";
import { refusalsOf } from "../output/refusals";
import type { Ran } from "../stage/commands";
import { repositoryFolder } from "../stage/project";
import type { Stage } from "../stage/stage";
import { owner, packages, platforms } from "../world/year";

const pack = "no-untagged-children";

export async function refuseTheWorkflow(stage: Stage): Promise<void> {
  const { narrator } = stage;
  narrator.step("a", "The workflow of 2023, as a rule: the policy pack refuses it");
  narrator.caption(
    "It deleted every untagged version older than three days, straight from GitHub's list. `prod` is an image index: it has " +
      "the tag, and the manifests of its platforms, which it lists by digest, have none.",
  );
  const policyPack = relative(stage.folder, repositoryFolder("policies"));
  const ran = await stage.show("pulumi", ["preview", "--stack", "workflow-of-2023", "--policy-pack", policyPack]);
  expectRefusal(ran);
  narrator.printed(refusalsOf(ran.output));
  narrator.kept(`Refused with exit code ${ran.code}, before anything was deleted: it would have taken the manifests of \`prod\`.`);
}

/** The pack must refuse both packages, and name manifests of `prod` by platform. */
export function expectRefusal(ran: Ran): void {
  const refusals = sectionOf(ran.output, "Policies").join("\n");
  promise(ran.code !== 0, `'${ran.command}' to fail`, () => "exit code 0");
  promise(refusals.includes(pack), `the policy ${pack} to refuse the workflow`, () => refusals || "no word of a policy");
  for (const name of packages) {
    promise(refusals.includes(`${owner}/${name}`), `${pack} to refuse ${owner}/${name}`, () => refusals);
  }
  const named = new RegExp(`(${platforms.join("|")}) of prod\\b`, "g");
  const count = [...refusals.matchAll(named)].length;
  promise(count >= packages.length, "the refusal to name manifests of prod, by platform", () => refusals);
}
