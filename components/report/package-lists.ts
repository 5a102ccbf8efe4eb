import type { Decision } from "../approval/decide";
import { type Done, restoredSince } from "../approval/done";
import type { Node } from "../graph/graph";
import { deletionText } from "../messages/deletion-reason";
import { count, firstOf } from "../messages/plurals";
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

const maxNamed = 10;

/** Lists what runs deleted under an approval that still stands, and somebody restored since. */
export function restoredList(decision: Decision, done: Done): Block | undefined {
  const { nodes, byDigest } = decision.plan.deletions.graph;
  const back = restoredSince(decision, done).flatMap((digest) => nodes[byDigest.get(digest) ?? -1] ?? []);
  if (back.length === 0) return undefined;
  const [their, them] = back.length === 1 ? ["its", "it"] : ["their", "them"];
  return {
    kind: "restored",
    title: `restored since ${their} deletion, ${count(back.length, "version")}: \`pulumi up\` leaves ${them} alone.`,
    lines: [
      `  ${firstOf(back.map(nameOf), maxNamed)}`,
      `  No plan lists ${them} while \`approve\` names the one that deleted ${them}. \`restore\` or a keep rule keeps ${them} for good.`,
    ],
  };
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
