import { alertText, noteText } from "../report/paragraph";
import type { PageData, PageNode, PagePackage } from "./browser/data";
import { colorOf, statusText, summaryOf } from "./package-summary";
import { nodesOf, nodesOfPlans, rootsOf } from "./page-nodes";
import type { Review } from "./review";

/** Maximum versions that a browser draws with ease; of further packages only planned, withheld and broken versions are drawn. */
const maxNodes = 40_000;

/** The review with the graph of each package. `pictured` names the element of its picture, where it has one. Pure. */
export function pageData({ stack, organizations, notes, errors, packages }: Review, pictured: readonly (string | undefined)[]): PageData {
  let room = maxNodes;
  const drawn = packages.map((one, place): PagePackage => {
    const { name, state, headline, alerts, notices, notes: ofPackage, blocks, failure, decision } = one;
    const all = decision ? nodesOf(one, decision) : nodesOfPlans(one.plans);
    const nodes = all.length <= room ? all : notableOnly(all);
    room = Math.max(0, room - nodes.length);
    const plans = one.plans.map(({ id, state: of, text, storage, approveWith, undoWith }) => ({
      id,
      state: of,
      text,
      ...(storage ? { storage } : {}),
      ...(approveWith ? { approveWith } : {}),
      ...(undoWith ? { undoWith } : {}),
    }));
    const { status, approved, waiting, refused, inGrace, withheld = 0, total = nodes.length } = summaryOf(one);
    const picture = pictured[place];
    return {
      name,
      status: statusText(status),
      color: colorOf(status),
      isQuiet: state === "quiet",
      headline,
      counts: { approved, waiting, refused, inGrace, withheld },
      ...(failure === undefined ? {} : { failure }),
      plans,
      alerts: alerts.map((alert) => ({ text: alertText(alert), broken: alert.kind === "broken" })),
      notices,
      notes: ofPackage.map(noteText),
      blocks,
      ...(picture === undefined ? {} : { picture }),
      nodes,
      roots: rootsOf(nodes),
      left: Math.max(0, total - nodes.length),
    };
  });
  return { stack, organizations, notes, errors, packages: drawn };
}

/** Leaves out versions that stay and need no mention, and renumbers the parts of the rest. */
function notableOnly(nodes: readonly PageNode[]): PageNode[] {
  const kept = nodes.flatMap((node, index) => (node.state === "stays" && !node.broken ? [] : [index]));
  const places = new Map(kept.map((index, now) => [index, now]));
  return kept.map((index) => {
    const node = nodes[index] as PageNode;
    return {
      ...node,
      parts: node.parts.flatMap(([to, as]) => {
        const now = places.get(to);
        return now === undefined ? [] : [[now, as] as const];
      }),
    };
  });
}
