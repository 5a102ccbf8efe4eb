import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { passedOnText } from "../messages/run-part";
import { previewReport, type ReportOptions } from "./preview-report";

export interface ReportSettings extends Pick<ReportOptions, "inUse" | "changed"> {
  readonly isPreview: boolean;
  readonly approveWith: (planId: string) => string;
}

/** Renders the report under the resource: what a preview would do, or what an update did. Pure. */
export function reportOf(known: ResourceOutputs, { decision, policy }: Decided, { isPreview, ...options }: ReportSettings): string {
  const { refused = {}, notices = [] } = known;
  const { changed = [] } = options;
  if (!isPreview) return [updateReport(known), ...notices, ...(changed.length > 0 ? [passedOnText(changed)] : [])].join("\n\n");
  return previewReport(decision, policy, { refused, notices: recallNotices(known), ...options });
}

function updateReport({ pending, remaining = {}, refused = {}, ledger = {} }: ResourceOutputs): string {
  const left = Object.keys(remaining).filter((digest) => refused[digest] === undefined).length;
  return [
    `${Object.keys(ledger).length} versions deleted under this policy and restorable`,
    ...(left > 0 ? [`${left} approved versions are left for the next \`pulumi up\``] : []),
    ...(Object.keys(refused).length > 0 ? [`${Object.keys(refused).length} approved versions stay`] : []),
    ...(pending ? [`plan ${pending.id} waits for approval (${Object.keys(pending.deletions).length} versions)`] : []),
  ].join("; ");
}
