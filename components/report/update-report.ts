import { breachAfterGrace, inGrace } from "../approval/in-grace";
import type { Decided, ResourceOutputs } from "../lifecycle/state/decide-again";
import { type DividedLedger, divideLedger } from "../lifecycle/state/ledger";
import { afterGraceText, notApprovableText } from "../messages/limit-breach";
import { count } from "../messages/plurals";
import type { RaiseWith } from "./approval-line";

/** Writes what this update did of a package, and what it leaves to do; what earlier ones did comes last. Pure. */
export function updateReport(
  known: ResourceOutputs,
  decided: Decided,
  raiseWith?: RaiseWith,
  approveWith?: (planId: string) => string,
): string {
  const { ledger = {}, restoring = {}, failure } = known;
  const { graph } = decided.decision.plan.deletions;
  const { deleted: done, restored, gone } = divideLedger(ledger, graph);
  const back = failure === undefined ? Object.keys(restoring).length : 0;
  const parts = [
    ...deleted(known, decided, done),
    ...(back > 0 ? [`restored ${count(back, "version")}, and pulled`] : []),
    ...waiting(decided, raiseWith),
    ...recorded(decided, raiseWith),
    ...(restored.length > 0 ? [`${count(restored.length, "version")} deleted earlier and restored since: left alone`] : []),
    ...(gone.length > 0 ? [`${count(gone.length, "version")} deleted earlier can be restored`] : []),
  ];
  const total = graph.nodes.length;
  const said = parts.join("; ") || `nothing to delete: ${total === 1 ? "the only version stays" : `all ${several(total, "version")} stay`}`;
  return [said, ...approval(decided, approveWith)].join("\n");
}

/** As a preview ends with it. */
function approval({ decision: { pending } }: Decided, approveWith?: (planId: string) => string): string[] {
  if (pending === undefined || pending.refused !== undefined || approveWith === undefined) return [];
  return [`To approve exactly this:\n  ${approveWith(pending.id)}`];
}

function deleted(
  { remaining = {}, refused = {}, failure }: ResourceOutputs,
  { decision }: Decided,
  done: DividedLedger["deleted"],
): string[] {
  const left = Object.keys(remaining).filter((digest) => refused[digest] === undefined).length;
  const { graph } = decision.plan.deletions;
  const staying = Object.keys(refused).filter((digest) => graph.byDigest.has(digest)).length;
  const stay = staying > 0 ? [`${count(staying, "approved version")} ${staying === 1 ? "stays" : "stay"}`] : [];
  if (done.length === 0) return [...(left > 0 ? [`${count(left, "approved version")} left for the next \`pulumi up\``] : []), ...stay];
  const rest =
    left > 0 ? ` of ${several(done.length + left, "approved version")} (${inThousands(left)} left for the next \`pulumi up\`)` : "";
  const gone = new Set(done.map(({ digest }) => digest));
  const retained = graph.nodes.filter(({ version }) => !gone.has(version.digest));
  const images = retained.filter(({ role }) => role === "root").length;
  const plans = [...new Set(done.map(({ plan }) => plan))];
  return [
    `deleted ${rest === "" ? several(done.length, "version") : `${inThousands(done.length)}${rest}`}`,
    ...stay,
    ...(failure === undefined
      ? [
          `${retained.length === 1 ? "the" : "all"} ${several(retained.length, "manifest")} of ${several(images, "retained image")} verified`,
        ]
      : []),
    `undo: ${plans.map((plan) => `npx ghcr-retention restore --plan ${plan}`).join(", ")}`,
  ];
}

function waiting({ decision: { pending } }: Decided, raiseWith?: RaiseWith): string[] {
  if (pending === undefined) return [];
  const size = count(Object.keys(pending.deletions).length, "version");
  if (pending.refused !== undefined)
    return [`plan ${pending.id} cannot be approved (${size}): ${notApprovableText(pending.refused, raiseWith?.(pending.refused))}`];
  return [`plan ${pending.id} waits for approval (${size})`];
}

/** With `grace`: what this run or an earlier one recorded, and when the first of it may go. */
function recorded({ decision, policy }: Decided, raiseWith?: RaiseWith): string[] {
  const grace = inGrace(decision, policy);
  const { digests, due } = grace;
  const after = breachAfterGrace(decision, grace, policy);
  const [first] = [...due.values()].sort();
  return [
    ...(digests.length === 0 ? [] : [`${count(digests.length, "version")} recorded, deletable from ${first}`]),
    ...(after === undefined ? [] : [afterGraceText(after.day, after.breach, raiseWith?.(after.breach))]),
  ];
}

/** `1 version`, `4,212 versions`. */
function several(number: number, what: string): string {
  return `${inThousands(number)} ${what}${number === 1 ? "" : "s"}`;
}

function inThousands(number: number): string {
  return number.toLocaleString("en-US");
}
