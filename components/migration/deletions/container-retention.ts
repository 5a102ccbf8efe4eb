import { type Graph, indicesWhere } from "../../graph/graph";
import { tagTest } from "../../rules/tag-pattern";
import type { OldAge } from "../step/old-age";
import type { OldPatterns } from "../step/old-patterns";
import type { OldDeletions } from "../step/translation";
import { created, isSelected, lastChanged, listedBy } from "./visible-versions";

/** The settings of snok/container-retention-policy since version 3. */
export interface RetentionSettings {
  readonly wanted: OldPatterns;
  readonly unwanted: OldPatterns;
  readonly skipped: OldPatterns;
  readonly selection: "both" | "tagged" | "untagged";
  readonly olderThan?: OldAge;
  readonly keepTagged: number;
  readonly basis: "created" | "updated";
  /** Since 3.1.0 the action spares what an index that stays lists directly. */
  readonly guardsChildren: boolean;
}

/** The settings before version 3. */
export interface RetentionSettings2 {
  readonly skip: OldPatterns;
  readonly filter: OldPatterns;
  readonly untaggedOnly: boolean;
  readonly includesUntagged: boolean;
  readonly olderThan?: OldAge;
  readonly keepAtLeast: number;
  /**
   * What the number keeps: the newest of all versions, as in version 1; the newest of the selected ones, as before v2.1.3;
   * or, since then, all but so many of those that were not deleted, whatever the filter.
   */
  readonly keeps: "newest" | "newest-selected" | "whatever-the-filter";
  readonly basis: "created" | "updated";
}

/** Follows https://github.com/snok/container-retention-policy/tree/main/src/core */
export function deletionsOfContainerRetentionPolicy(settings: RetentionSettings): OldDeletions {
  const { wanted, unwanted, skipped, selection, keepTagged, basis, guardsChildren } = settings;
  return (graph) => {
    const tagsOf = (node: number) => graph.nodes[node]?.version.tags ?? [];
    const fits = wanted.tags.length > 0 ? tagTest(wanted.tags) : () => true;
    const old = oldIn(graph, settings).filter((node) => !isSelected(graph, node, skipped));
    const chosen = old.filter((node) => tagsOf(node).length > 0 && !isSelected(graph, node, unwanted) && tagsOf(node).every(fits));
    const time = basis === "created" ? created : lastChanged;
    const tagged = [...chosen].sort((a, b) => time(graph, b) - time(graph, a)).slice(keepTagged);
    const untagged = old.filter((node) => tagsOf(node).length === 0);
    const deleted = new Set([...(selection === "untagged" ? [] : tagged), ...(selection === "tagged" ? [] : untagged)]);
    if (!guardsChildren) return deleted;
    const kept = indicesWhere(graph, (_, node) => tagsOf(node).length > 0 && !deleted.has(node));
    for (const child of kept.flatMap((node) => listedBy(graph, node))) deleted.delete(child);
    return deleted;
  };
}

/** Follows https://github.com/snok/container-retention-policy/blob/v2.2.1/main.py */
export function deletionsOfContainerRetentionPolicy2(settings: RetentionSettings2): OldDeletions {
  const { skip, filter, untaggedOnly, includesUntagged, keepAtLeast, keeps } = settings;
  return (graph) => {
    const old = new Set(oldIn(graph, settings));
    const selected: number[] = [];
    // Nodes are ordered newest first, as GitHub's list is.
    for (const node of graph.nodes.keys()) {
      const isTagged = (graph.nodes[node]?.version.tags ?? []).length > 0;
      if (!old.has(node) || (untaggedOnly && isTagged) || (!isTagged && !includesUntagged)) continue;
      if (keeps === "newest" && node < keepAtLeast) continue;
      const isChosen =
        keeps === "whatever-the-filter" && keepAtLeast > 0
          ? node + 1 - selected.length > keepAtLeast
          : filter.tags.length === 0 || isSelected(graph, node, filter);
      if (isChosen && !isSelected(graph, node, skip)) selected.push(node);
    }
    return new Set(keeps === "newest-selected" ? selected.slice(keepAtLeast) : selected);
  };
}

function oldIn(graph: Graph, { olderThan, basis }: Pick<RetentionSettings, "olderThan" | "basis">): number[] {
  const time = basis === "created" ? created : lastChanged;
  const limit = graph.inventory.now - (olderThan?.milliseconds ?? 0);
  return indicesWhere(graph, (_, node) => time(graph, node) < limit);
}
