import type { Node } from "../graph/graph";
import { count } from "../messages/plurals";
import type { Plan } from "../plan/plan";
import type { ImageRow } from "./images-table";
import { wrap } from "./text-table";

/** What becomes of the images that a delete rule matches and that no keep rule keeps. */
interface Total {
  /** In the table. */
  readonly goes: number;
  /** Versions that go: these images and their parts. */
  readonly versions: number;
  readonly young: number;
  /** Something else keeps them. */
  readonly withheld: number;
  /** In another table of the report, or refused by GitHub. */
  readonly apart: number;
}

const nothing: Total = { goes: 0, versions: 0, young: 0, withheld: 0, apart: 0 };

/** Narrow enough for a terminal of 60 columns. */
const width = 54;

/** Says how much each rule deletes or keeps in a plan: a line each. An image that several delete rules match counts for each of them. */
export function ruleTotals(plan: Plan, images: readonly ImageRow[]): string[] {
  const deleting = totalsOf(plan, images);
  if (deleting.size === 0) return [];
  const { nodes } = plan.deletions.graph;
  const keeping = new Map<string, number>();
  let unmatched = 0;
  for (const [node, reason] of plan.stays) {
    if (reason.kind === "kept-by-rule") keeping.set(reason.rule, (keeping.get(reason.rule) ?? 0) + 1);
    else if (reason.kind === "no-rule" && (nodes[node] as Node).role === "root") unmatched += 1;
  }
  const totals = [
    ...[...deleting].map(([rule, total]) => `${rule} ${deletedText(total)}`),
    ...[...keeping].map(([rule, kept]) => `${rule} keeps ${count(kept, "image")}`),
    ...(unmatched > 0 ? [`no rule deletes ${count(unmatched, "image")}, so ${unmatched === 1 ? "it stays" : "they stay"}`] : []),
  ];
  const lines = totals.flatMap((text) =>
    text
      .split("\n")
      .flatMap((line) => wrap(line, width))
      .map((line, place) => `${place === 0 ? "    " : "      "}${line}`),
  );
  return ["  by rule:", ...lines];
}

/** Returns the totals of the delete rules that match anything, those with the newest images of the table first. */
function totalsOf(plan: Plan, images: readonly ImageRow[]): ReadonlyMap<string, Total> {
  const rows = new Map(images.map(({ node, parts }) => [node, 1 + parts.length]));
  const totals = new Map<string, Total>();
  for (const node of new Set([...rows.keys(), ...plan.verdicts.keys()])) {
    const verdict = plan.verdicts.get(node);
    for (const rule of verdict?.action === "delete" ? verdict.rules : []) {
      totals.set(rule, added(totals.get(rule) ?? nothing, plan, node, rows.get(node)));
    }
  }
  return totals;
}

function added(total: Total, { deletions, stays }: Plan, node: number, versions: number | undefined): Total {
  if (versions !== undefined) return { ...total, goes: total.goes + 1, versions: total.versions + versions };
  if (deletions.has(node)) return { ...total, apart: total.apart + 1 };
  if (stays.get(node)?.kind === "young") return { ...total, young: total.young + 1 };
  return { ...total, withheld: total.withheld + 1 };
}

/** `deletes 5 of 12 images (13 versions)`, and in the next line `4 too young, 3 withheld`. */
function deletedText({ goes, versions, young, withheld, apart }: Total): string {
  const others = [
    ...(young > 0 ? [`${young} too young`] : []),
    ...(withheld > 0 ? [`${withheld} withheld`] : []),
    ...(apart > 0 ? [`${apart} listed apart`] : []),
  ];
  const gone = goes === 0 ? "" : ` (${count(versions, "version")})`;
  if (others.length === 0) return `deletes ${count(goes, "image")}${gone}`;
  const all = goes + young + withheld + apart;
  return `deletes ${goes} of ${count(all, "image")}${gone}\n${others.join(", ")}`;
}
