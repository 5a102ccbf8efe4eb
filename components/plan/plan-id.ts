import { createHash } from "node:crypto";
import type { PackageName } from "../model/inventory";

/** A UTC day, `2026-11-23`. */
export type Day = string;

export function dayOf(milliseconds: number): Day {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** The start of the day, epoch milliseconds. */
export function startOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/**
 * `<asOf>-<12 hex>`: the hex digits identify the package and exactly these digests with their users' tags, so that an image
 * that is tagged again is not the one that was approved. They identify the plans that this one goes on with, too.
 */
export function planIdOf(name: PackageName, asOf: Day, members: readonly PlanMember[], continues: readonly string[] = []): string {
  const lines = members.map(({ digest, tags }) => [digest, ...[...tags].sort()].join(" ")).sort();
  const others = [...continues].sort().map((id) => `continues ${id}`);
  const hash = createHash("sha256").update([`${name.owner.toLowerCase()}/${name.name}`, ...lines, ...others].join("\n"));
  return `${asOf}-${hash.digest("hex").slice(0, 12)}`;
}

export interface PlanMember {
  readonly digest: string;
  readonly tags: readonly string[];
}

export function dayOfPlan(planId: string): Day {
  return planId.slice(0, 10);
}
