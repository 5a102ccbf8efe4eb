import type { Graph, Node } from "../graph/graph";
import type { Day } from "./plan-id";

/** A tag that is on another image from time to time, such as `latest`. */
export interface MovingTag {
  readonly tag: string;
  /** Whoever deletes the image deletes the tag with it. */
  readonly node: number;
  /** The last day on which a run saw the tag on another image; absent where only its name says that it moves. */
  readonly seenElsewhere?: Day;
}

/** The names that people give, by convention, to a tag which follows the newest image of a stream. */
const conventional: ReadonlySet<string> = new Set(["edge", "latest", "main", "master", "prod", "production", "stable"]);

/** Returns the moving tags among the tags of these nodes, by name and by what earlier runs saw. */
export function movingTags(graph: Graph, nodes: readonly number[]): MovingTag[] {
  const lostBy = new Map<string, Day>();
  for (const { version } of graph.nodes) {
    const { lastTagged } = version;
    if (lastTagged?.tag === undefined) continue;
    const { tag, day } = lastTagged;
    if (day > (lostBy.get(tag) ?? "")) lostBy.set(tag, day);
  }
  return nodes.flatMap((node) =>
    (graph.nodes[node] as Node).userTags.flatMap((tag): MovingTag[] => {
      const seenElsewhere = lostBy.get(tag);
      if (seenElsewhere !== undefined) return [{ tag, node, seenElsewhere }];
      return conventional.has(tag) ? [{ tag, node }] : [];
    }),
  );
}
