import type { Decision } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing, numbered } from "./decided";
import { type Entry, image, index, namesOf } from "./package";
import { dropPullRequests, dropUntagged, policyOf } from "./policy";

export const prod = index("prod", ["amd64"], { tags: ["prod"] });
export const pr = index("pr", ["p1"], { tags: ["pr-1"], days: 30 });
export const world = numbered([prod, image("amd64"), pr, image("p1", { days: 30 }), image("lone", { days: 20 })]);
export const whole = { deletions: 200, percent: 100 };

export function decided(
  entries: readonly Entry[],
  more: Partial<PolicyInput> = {},
  record: ApprovalRecord = nothing,
  circumstances: Parameters<typeof decisionOn>[3] = {},
): Decision {
  return decisionOn(entries, policyOf([dropUntagged, dropPullRequests], { limits: whole, ...more }), record, circumstances);
}

export const waiting = decided(world);
export const approve = waiting.pending?.id ?? "";
export const approved = decided(world, { approve }, waiting);
/** Of a plan of another day, with the same hex digits. */
export const tomorrow = approve.replace("2026-11-23", "2026-11-24");

export function goingOf(decision: Decision, entries: readonly Entry[] = world): string[] {
  return namesOf(decision.going.digests(), ...entries);
}

export function waitsIn(decision: Decision, entries: readonly Entry[] = world): string[] {
  return namesOf(Object.keys(decision.pending?.deletions ?? {}), ...entries);
}

export function without(...names: string[]): Entry[] {
  return world.filter(({ name }) => !names.includes(name));
}
