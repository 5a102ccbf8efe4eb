import * as pulumi from "@pulumi/pulumi";
import type { Judgement, Known } from "./judgement";
import { previewReport } from "./plan/report";

/** What stands under the resource: in a preview what would be done, after an update what was. */
export function reportOf(known: Known, judgement: Judgement | undefined, approveWith: (planId: string) => string): string | undefined {
  const { refused = {}, notices = [] } = known;
  if (judgement === undefined) return undefined;
  if (!pulumi.runtime.isDryRun()) return [updateReport(known), ...notices].join("\n\n");
  return previewReport(judgement.decision, judgement.policy, { refused, notices, approveWith });
}

function updateReport({ pending, remaining = {}, refused = {}, ledger = {} }: Known): string {
  const left = Object.keys(remaining).filter((digest) => refused[digest] === undefined).length;
  return [
    `${Object.keys(ledger).length} versions deleted under this policy and restorable`,
    ...(left > 0 ? [`${left} approved versions are left for the next \`pulumi up\``] : []),
    ...(Object.keys(refused).length > 0 ? [`${Object.keys(refused).length} approved versions stay`] : []),
    ...(pending ? [`plan ${pending.id} waits for approval (${Object.keys(pending.deletions).length} versions)`] : []),
  ].join("; ");
}
