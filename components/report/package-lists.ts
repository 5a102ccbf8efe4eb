import type { Decision } from "../approval/decide";
import type { Node } from "../graph/graph";
import { deletionText } from "../messages/deletion-reason";
import { count } from "../messages/plurals";
import { goneSinceText, refusedText } from "../messages/refused";
import { stayText } from "../messages/stay-reason";
import { nameOf, shortDigest } from "../plan/node-names";
import type { Plan } from "../plan/plan";
import { groupRefused } from "../plan/refused";
import { maxTableRows } from "./images-table";
import type { Block } from "./paragraph";
import { renderTable } from "./text-table";

/** Lists what an update brings back. */
export function restoringList({ restoring = {} }: Pick<Decision, "restoring">): Block | undefined {
  const all = Object.entries(restoring).map(([digest, reason]) => `  ${shortDigest(digest)}: ${deletionText(reason)}`);
  if (all.length === 0) return undefined;
  const title = `to be restored, ${count(all.length, "version")}: \`pulumi up\` brings ${all.length === 1 ? "it back with its" : "these back with their"} tags.`;
  const more = all.length - maxTableRows;
  return { kind: "restoring", title, lines: [...all.slice(0, maxTableRows), ...(more > 0 ? [`  … and ${more} more`] : [])] };
}

/** Lists approved deletions that GitHub refused. Of one that somebody else made later, a run learns only by a refresh. */
export function refusedList({ deletions: { graph } }: Plan, refused: Readonly<Record<string, string>>): Block | undefined {
  const there = Object.entries(refused).filter(([digest]) => graph.byDigest.has(digest));
  const gone = Object.keys(refused).filter((digest) => !graph.byDigest.has(digest));
  const texts = [...groupRefused(graph, there).map(refusedText), ...(gone.length > 0 ? [goneSinceText(gone)] : [])];
  const lines = texts.map((text) => `  ${text}`);
  return lines.length === 0 ? undefined : { kind: "refused", title: "refused by GitHub, left out since:", lines };
}

/** Lists what rules match and what stays all the same, with the reason. */
export function withheldTable(plan: Plan): Block | undefined {
  if (plan.withheld.length === 0) return undefined;
  const { graph } = plan.deletions;
  const rows = plan.withheld.map(({ node, rules, because }) => [
    nameOf(graph.nodes[node] as Node),
    stayText(because, graph),
    rules.join(", "),
  ]);
  const table = renderTable(["version", "stays as", "matched by"], rows, maxTableRows);
  return { kind: "withheld", title: "withheld, since something keeps it:", lines: table.split("\n") };
}
