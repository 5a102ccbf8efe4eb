import { isFault } from "../approval/notice";
import type { ResourceOutputs } from "../lifecycle/state/decide-again";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { noticeText } from "../messages/notice";
import type { Policy } from "../rules/policy";

const maxFaults = 5;

/**
 * Returns why a run fails although all of it was carried out: what somebody asked for and does not happen. `undefined` where there is
 * nothing of that kind, or where the policy takes it as a notice.
 */
export function faultOf(known: Pick<ResourceOutputs, "notices" | "noticeIds">, { onVoid }: Policy): string | undefined {
  const faults = recallNotices(known).filter(isFault).map(noticeText);
  if (onVoid === "warn" || faults.length === 0) return undefined;
  const more = faults.length - maxFaults;
  return [...faults.slice(0, maxFaults), ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}
