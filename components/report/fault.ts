import { isFault, type Notice } from "../approval/notice";
import type { ResourceOutputs } from "../lifecycle/state/decide-again";
import { recallNotices } from "../lifecycle/state/stored-notices";
import { faultSummaryText, noticeText } from "../messages/notice";
import type { Policy } from "../rules/policy";

const maxFaults = 5;

/** Why a run fails although all of it was carried out: what somebody asked for and does not happen. */
export interface Fault {
  /** What the run's error says. */
  readonly text: string;
  /** The same in a few words, for a table. */
  readonly summary: string;
  /** The notices that the error repeats: the report leaves them out. */
  readonly told: readonly Notice[];
}

/** Returns why a run fails; `undefined` where there is nothing of that kind, or where the policy takes it as a notice. */
export function faultOf(known: Pick<ResourceOutputs, "notices" | "noticeIds">, { onVoid }: Policy): Fault | undefined {
  const faults = recallNotices(known).filter(isFault);
  const [first] = faults;
  if (onVoid === "warn" || first === undefined) return undefined;
  const told = faults.slice(0, maxFaults);
  const more = faults.length - told.length;
  return {
    text: [...told.map(noticeText), ...(more > 0 ? [`… and ${more} more, in the report of the package`] : [])].join("\n"),
    summary: faultSummaryText(first),
    told,
  };
}
