import { z } from "zod";
import { type PolicyChange, planSettings } from "../../approval/policy-changes";
import type { Replaced } from "../../approval/record";

/** `<plan id, or none> <came> <went> <changes…>`, the changes as `+rule`, `-rule`, `~rule` and `=setting`. */
const line = /^(\S+) (\d+) (\d+)((?: [-+~=]\S+)*)$/;

/** A replaced plan as inputs hold it; a line that is not understood is left out, since it only explains. */
export const StoredReplaced = z.record(z.string(), z.string()).transform((lines) => {
  const entries = Object.entries(lines).flatMap(([id, text]): [string, Replaced][] => {
    const [, by = "none", came, went, changes = ""] = line.exec(text) ?? [];
    if (came === undefined) return [];
    const entry = { came: Number(came), went: Number(went), changes: changes.split(" ").filter(Boolean).flatMap(recallChange) };
    return [[id, by === "none" ? entry : { by, ...entry }]];
  });
  return Object.fromEntries(entries);
});

export function storeReplaced(replaced: Readonly<Record<string, Replaced>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(replaced).map(([id, { by = "none", came, went, changes }]) => [
      id,
      [by, came, went, ...changes.map(storeChange)].join(" "),
    ]),
  );
}

const marks = { "rule-added": "+", "rule-removed": "-", "rule-changed": "~", "setting-changed": "=" } as const;

function storeChange(change: PolicyChange): string {
  return `${marks[change.kind]}${change.kind === "setting-changed" ? change.setting : change.rule}`;
}

function recallChange(text: string): PolicyChange[] {
  const name = text.slice(1);
  switch (text[0]) {
    case marks["rule-added"]:
      return [{ kind: "rule-added", rule: name }];
    case marks["rule-removed"]:
      return [{ kind: "rule-removed", rule: name }];
    case marks["rule-changed"]:
      return [{ kind: "rule-changed", rule: name, reads: {} }];
    default:
      return planSettings.filter((setting) => setting === name).map((setting) => ({ kind: "setting-changed", setting }));
  }
}
