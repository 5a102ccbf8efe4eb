import { notAmong } from "../approval/notice";
import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { noticeText } from "../messages/notice";
import { passedOnText } from "../messages/run-part";
import { faultOf } from "./fault";
import { previewReport, type ReportOptions } from "./preview-report";
import { updateReport } from "./update-report";

export interface ReportSettings extends Pick<ReportOptions, "inUse" | "changed" | "raiseWith" | "frees"> {
  readonly isPreview: boolean;
  readonly approveWith: (planId: string) => string;
}

/** Renders the report under the resource: what a preview would do, or what an update did. What the run fails by, its error says. Pure. */
export function reportOf(known: ResourceOutputs, decided: Decided, { isPreview, ...options }: ReportSettings): string {
  const { refused = {}, ledger = {} } = known;
  const { changed = [] } = options;
  const notices = recallNotices(known);
  const told = faultOf(known, decided.policy)?.told ?? [];
  if (!isPreview)
    return [
      updateReport(known, decided, options.raiseWith, options.approveWith),
      ...notAmong(notices, told).map(noticeText),
      ...(changed.length > 0 ? [passedOnText(changed)] : []),
    ].join("\n\n");
  return previewReport(decided.decision, decided.policy, { refused, ledger, notices, told, ...options });
}
