import type { Node } from "../graph/graph";
import { count } from "../messages/plurals";
import type { Plan } from "../plan/plan";
import type { ImageRow } from "./images-table";
import { wrap } from "./text-table";

/** Says how much each rule deletes or keeps in a plan. An image that several delete rules match counts for each of them. */
export function ruleTotals(plan: Plan, images: readonly ImageRow[]): string[] {
  const deleting = new Map<string, { readonly images: number; readonly versions: number }>();
  for (const { node, parts } of images) {
    const verdict = plan.verdicts.get(node);
    for (const rule of verdict?.action === "delete" ? verdict.rules : []) {
      const before = deleting.get(rule) ?? { images: 0, versions: 0 };
      deleting.set(rule, { images: before.images + 1, versions: before.versions + 1 + parts.length });
    }
  }
  if (deleting.size === 0) return [];
  const { nodes } = plan.deletions.graph;
  const keeping = new Map<string, number>();
  let unmatched = 0;
  for (const [node, reason] of plan.stays) {
    if (reason.kind === "kept-by-rule") keeping.set(reason.rule, (keeping.get(reason.rule) ?? 0) + 1);
    else if (reason.kind === "no-rule" && (nodes[node] as Node).role === "root") unmatched += 1;
  }
  const totals = [
    ...[...deleting].map(([rule, total]) => `${rule} deletes ${count(total.images, "image")} (${count(total.versions, "version")})`),
    ...[...keeping].map(([rule, kept]) => `${rule} keeps ${count(kept, "image")}`),
    ...(unmatched > 0 ? [`no rule deletes ${count(unmatched, "image")}, so ${unmatched === 1 ? "it stays" : "they stay"}`] : []),
  ];
  return wrap(`by rule: ${totals.join("; ")}`, 100).map((line) => `  ${line}`);
}
