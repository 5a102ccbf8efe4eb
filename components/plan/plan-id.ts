import { createHash } from "node:crypto";
import type { PackageName } from "../inventory/inventory";

/** A UTC day, `2026-11-23`. */
export type Day = string;

export function dayOf(milliseconds: number): Day {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The start of the day, epoch milliseconds. */
export function startOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** `<asOf>-<12 hex>`: the hex digits stand for the package and exactly these digests. */
export function planIdOf(name: PackageName, asOf: Day, digests: readonly string[]): string {
  const hash = createHash("sha256").update([`${name.owner.toLowerCase()}/${name.name}`, ...[...digests].sort()].join("\n"));
  return `${asOf}-${hash.digest("hex").slice(0, 12)}`;
}

export function dayOfPlan(planId: string): Day {
  return planId.slice(0, 10);
}
