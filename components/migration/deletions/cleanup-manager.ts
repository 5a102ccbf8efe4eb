import { type Graph, indicesWhere, isDangling, type Node } from "../../graph/graph";
import { reachableFrom } from "../../graph/reachability";
import { parseSchemeTag } from "../../graph/tag-schemes";
import { tagTest } from "../../rules/tag-pattern";
import type { CleanupSettings } from "../step/cleanup-settings";
import type { OldDeletions } from "../step/translation";
import { created, isSelected } from "./visible-versions";

/**
 * Follows the plan of ghcr-manager/ghcr-cleanup-manager:
 * https://github.com/ghcr-manager/ghcr-cleanup-manager/blob/main/docs/cleanup-behavior.md
 */
export function deletionsOfCleanupManager(settings: CleanupSettings): OldDeletions {
  return (graph) => connectedTo(graph, selectedBy(graph, settings));
}

function userTags(graph: Graph, node: number): readonly string[] {
  return (graph.nodes[node]?.version.tags ?? []).filter((tag) => parseSchemeTag(tag) === undefined);
}

function selectedBy(graph: Graph, settings: CleanupSettings): Set<number> {
  const { exclude, olderThan, deleteTags, keepTagged, keepUntagged, deleteUntagged, broken, orphaned } = settings;
  const { now } = graph.inventory;
  const old = indicesWhere(graph, (_, node) => olderThan === undefined || created(graph, node) < now - olderThan.milliseconds);
  const isChosen = tagChoice(graph, settings);
  const tagged = old.filter((node) => userTags(graph, node).length > 0);
  const counted = deleteTags === undefined && broken === undefined && keepTagged !== undefined ? tagged : tagged.filter(isChosen);
  // Nodes are ordered newest first.
  const overflow = keepTagged === undefined ? counted : counted.slice(keepTagged);
  const fits = deleteTags === undefined || deleteTags.tags.length === 0 ? () => true : tagTest(deleteTags.tags);
  const isByTag = deleteTags !== undefined || broken !== undefined || keepTagged !== undefined;
  const whole = overflow.filter((node) => !isSelected(graph, node, exclude) && userTags(graph, node).every(fits));
  const untagged = old.filter(
    (node) => userTags(graph, node).length === 0 && (graph.keptBy[node] ?? []).length === 0 && !isReferrer(graph, node),
  );
  return new Set([
    ...(isByTag ? whole : []),
    ...(deleteUntagged ? untagged : keepUntagged === undefined ? [] : untagged.slice(keepUntagged)),
    ...(orphaned ? old.filter((node) => isDangling(graph.nodes[node] as Node)) : []),
  ]);
}

function tagChoice(graph: Graph, { deleteTags, broken }: CleanupSettings): (node: number) => boolean {
  if (broken === undefined) return (node) => deleteTags !== undefined && isSelected(graph, node, deleteTags);
  return (node) => {
    const listed = graph.nodes[node]?.manifest?.children ?? [];
    const missing = listed.filter(({ digest }) => !graph.byDigest.has(digest)).length;
    return missing > 0 && (broken === "ghost") === (missing === listed.length);
  };
}

function isReferrer(graph: Graph, node: number): boolean {
  return graph.nodes[node]?.role === "referrer";
}

/** Adds everything connected to the selected nodes, in either direction, unless a tag that stays reaches it. */
function connectedTo(graph: Graph, selected: ReadonlySet<number>): Set<number> {
  const anchors = indicesWhere(graph, (_, node) => !selected.has(node) && userTags(graph, node).length > 0);
  const retained = reachableFrom(graph, anchors);
  const deleted = new Set([...selected].filter((node) => !retained.has(node)));
  // The set grows during the iteration.
  for (const node of deleted) {
    const neighbours = [...(graph.keeps[node] ?? []).map(({ to }) => to), ...(graph.keptBy[node] ?? [])];
    for (const neighbour of neighbours) if (!retained.has(neighbour)) deleted.add(neighbour);
  }
  return deleted;
}
