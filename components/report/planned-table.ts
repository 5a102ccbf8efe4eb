import type { Plan } from "../plan/plan";
import type { Day } from "../plan/plan-id";
import { type ImageRow, imagesTable } from "./images-table";
import { ruleTotals } from "./rule-totals";

/** Writes the images that go, and below them how much each rule deletes and keeps. */
export function plannedTable(plan: Plan, images: readonly ImageRow[], due?: ReadonlyMap<string, Day>): string {
  return [imagesTable(plan, images, due), ...ruleTotals(plan, images)].join("\n");
}
