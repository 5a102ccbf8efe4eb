import type { PolicyChange } from "../approval/policy-changes";
import { durationText } from "./age";

/** Writes how a policy differs from that of the last run: `drop-pr was added, drop-untagged now reads olderThan 7d`. */
export function policyChangesText(changes: readonly PolicyChange[]): string {
  return changes.map(changeText).join(", ");
}

function changeText(change: PolicyChange): string {
  switch (change.kind) {
    case "rule-added":
      return `${change.rule} was added`;
    case "rule-removed":
      return `${change.rule} was taken out`;
    case "setting-changed":
      return `\`${change.setting}\` was changed`;
    case "rule-changed": {
      const reads = Object.entries(change.reads).map(([key, value]) => (value === undefined ? `no ${key}` : `${key} ${valueText(value)}`));
      return reads.length === 0 ? `${change.rule} was changed` : `${change.rule} now reads ${reads.join(" and ")}`;
    }
  }
}

/** Durations are the only large numbers among a rule's conditions: `mostRecent` counts images. */
function valueText(value: unknown): string {
  if (typeof value === "number" && value >= 60_000) return durationText(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
