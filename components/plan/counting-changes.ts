import { type Graph, indicesWhere, type Node } from "../graph/graph";
import { matcher, seesParts } from "../rules/matcher";
import { nameOf } from "./node-names";
import type { PlanPolicy } from "./plan";
import { type Day, startOf } from "./plan-id";
import { judged, lastChange } from "./subjects";

/** What a rule's `mostRecent` counts otherwise than earlier builds did: releases, whatever carries their tags, and not their parts. */
export interface CountingChange {
  readonly rule: string;
  /** The names of tagged parts that take no place any more, beside the image that needs them. */
  readonly parts: readonly string[];
  /** The names of tagged referrers that take one now. */
  readonly referrers: readonly string[];
}

/** Returns the rules that count otherwise than in earlier builds. */
export function countingChanges(graph: Graph, { rules }: PlanPolicy, asOf: Day): CountingChange[] {
  const counting = rules.filter((rule) => rule.action === "keep" && rule.mostRecent !== undefined && !seesParts(rule));
  if (counting.length === 0) return [];
  const moment = startOf(asOf);
  const visible = indicesWhere(graph, (node) => node.userTags.length > 0 && lastChange(node) <= moment);
  const { subjects, keptAlive } = judged(graph, visible, moment);
  return counting.flatMap((rule) => {
    const matches = matcher(rule, moment);
    const matched = subjects.flatMap((subject, place) => (matches(subject).any ? [place] : []));
    const below = keptAlive(matched);
    const names = (places: readonly number[]) => places.map((place) => nameOf(graph.nodes[visible[place] as number] as Node));
    const parts = names(matched.filter((place) => below.has(place) && subjects[place]?.role === "root"));
    const referrers = names(matched.filter((place) => !below.has(place) && subjects[place]?.role === "referrer"));
    return parts.length + referrers.length === 0 ? [] : [{ rule: rule.name, parts, referrers }];
  });
}
