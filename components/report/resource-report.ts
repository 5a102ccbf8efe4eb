import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { passedOnText } from "../messages/run-part";
import { previewReport, type ReportOptions } from "./preview-report";
import { updateReport } from "./update-report";

export interface ReportSettings extends Pick<ReportOptions, "inUse" | "changed" | "raiseWith"> {
  readonly isPreview: boolean;
  readonly approveWith: (planId: string) => string;
}

/** Renders the report under the resource: what a preview would do, or what an update did. Pure. */
export function reportOf(known: ResourceOutputs, decided: Decided, { isPreview, ...options }: ReportSettings): string {
  const { refused = {}, ledger = {}, notices = [] } = known;
  const { changed = [] } = options;
  if (!isPreview)
    return [
      updateReport(known, decided, options.raiseWith, options.approveWith),
      ...notices,
      ...(changed.length > 0 ? [passedOnText(changed)] : []),
    ].join("\n\n");
  return previewReport(decided.decision, decided.policy, { refused, ledger, notices: recallNotices(known), ...options });
}
