import type { Decision } from "../approval/decide";
import { breachAfterGrace, type InGrace } from "../approval/in-grace";
import { describeAge } from "../messages/age";
import { afterGraceText } from "../messages/limit-breach";
import type { Policy } from "../rules/policy";
import type { RaiseWith } from "./approval-line";
import { imagesOf } from "./images-table";
import type { Alert, Block } from "./paragraph";
import { plannedTable } from "./planned-table";

/** Lists the images whose grace is not over, each with the day from which it may go. */
export function graceTable({ plan }: Decision, { digests, due }: InGrace, { grace }: Policy): Block | undefined {
  if (digests.length === 0) return undefined;
  const head = `${digests.length === 1 ? "1 version waits out its" : `${digests.length} versions wait out their`} grace of ${describeAge(grace ?? 0)}`;
  const them = digests.length === 1 ? "it" : "them";
  return {
    kind: "grace",
    title: `${head}, counted from the first \`pulumi up\` that records ${them}:`,
    lines: plannedTable(plan, imagesOf(plan, digests), due).split("\n"),
  };
}

/** Warns already during grace of a plan that nobody will be able to approve. */
export function afterGraceAlerts(decision: Decision, waiting: InGrace, policy: Policy, raiseWith?: RaiseWith): Alert[] {
  const after = breachAfterGrace(decision, waiting, policy);
  return after === undefined ? [] : [{ kind: "warning", text: afterGraceText(after.day, after.breach, raiseWith?.(after.breach)) }];
}
