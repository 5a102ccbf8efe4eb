import type { Graph } from "../../graph/graph";
import { parseSchemeTag } from "../../graph/tag-schemes";
import { tagTest } from "../../rules/tag-pattern";
import type { CleanupSettings } from "../step/cleanup-settings";
import type { OldDeletions } from "../step/translation";
import { isSelected, lastChanged, listedBy, referrersByTag } from "./visible-versions";

/** Follows the code of dataaxiom/ghcr-cleanup-action: https://github.com/dataaxiom/ghcr-cleanup-action/tree/main/src */
export function deletionsOfCleanupAction(settings: CleanupSettings): OldDeletions {
  return (graph) => cascade(graph, selectedBy(graph, settings));
}

function selectedBy(graph: Graph, settings: CleanupSettings): Set<number> {
  const { exclude, olderThan, deleteTags, keepTagged, keepUntagged, deleteUntagged, broken, orphaned } = settings;
  const { now } = graph.inventory;
  const open = topLevel(graph);
  for (const node of [...open]) {
    const isYoung = olderThan !== undefined && lastChanged(graph, node) >= now - olderThan.milliseconds;
    if (isSelected(graph, node, exclude) || isYoung) open.delete(node);
  }
  const selected = new Set<number>();
  const tagsOf = (node: number) => graph.nodes[node]?.version.tags ?? [];
  const take = (nodes: Iterable<number>) => {
    for (const node of nodes) {
      selected.add(node);
      open.delete(node);
    }
  };
  const all = () => [...open].sort((a, b) => lastChanged(graph, b) - lastChanged(graph, a));
  const named = deleteTags === undefined ? [] : all().filter((node) => isSelected(graph, node, deleteTags));
  // An image that also has other tags loses only the selected ones, and stays.
  const fits = deleteTags === undefined || deleteTags.tags.length === 0 ? () => false : tagTest(deleteTags.tags);
  const whole = named.filter((node) => tagsOf(node).every(fits) || deleteTags?.digests.includes(graph.nodes[node]?.version.digest ?? ""));
  if (keepTagged === undefined) take(whole);
  if (broken !== undefined) take(all().filter((node) => isBroken(graph, node, broken)));
  if (orphaned) take(orphansIn(graph));
  if (keepTagged !== undefined) {
    const counted = deleteTags === undefined ? all().filter((node) => tagsOf(node).length > 0) : named;
    take(counted.slice(keepTagged));
  }
  const untagged = all().filter((node) => tagsOf(node).length === 0);
  if (keepUntagged !== undefined) take(untagged.slice(keepUntagged));
  else if (deleteUntagged) take(untagged);
  return selected;
}

/** Like the action, removes the children of each index on the way, so that the children of a nested index can be left over. */
function topLevel(graph: Graph): Set<number> {
  const open = new Set<number>();
  for (const [node, { manifest }] of graph.nodes.entries()) if (manifest?.subject === undefined) open.add(node);
  for (const node of open) {
    for (const child of listedBy(graph, node)) open.delete(child);
    for (const referrer of referrersByTag(graph, node)) {
      open.delete(referrer);
      for (const child of listedBy(graph, referrer)) open.delete(child);
    }
  }
  return open;
}

function isBroken(graph: Graph, node: number, kind: "ghost" | "partial"): boolean {
  const listed = graph.nodes[node]?.manifest?.children ?? [];
  const missing = listed.filter(({ digest }) => !graph.byDigest.has(digest)).length;
  if (listed.length === 0) return false;
  return kind === "ghost" ? missing === listed.length : missing > 0 && missing < listed.length;
}

/** Orphans of any age, excluded ones included. */
function orphansIn(graph: Graph): number[] {
  return graph.nodes.flatMap(({ version, manifest }, node) => {
    const named = version.tags.map((tag) => parseSchemeTag(tag)?.subjectPrefix).filter((digest) => digest !== undefined);
    const subjects = [...named, ...(manifest?.subject === undefined ? [] : [manifest.subject])];
    return subjects.some((digest) => !graph.byDigest.has(digest)) ? [node] : [];
  });
}

/** Adds what only a deleted image lists, tagged or not, and what refers to it. */
function cascade(graph: Graph, selected: ReadonlySet<number>): Set<number> {
  const parents = new Map<number, Set<number>>();
  for (const node of graph.nodes.keys()) {
    for (const child of listedBy(graph, node)) parents.set(child, (parents.get(child) ?? new Set<number>()).add(node));
  }
  const bySubject = new Map<string, number[]>();
  for (const [node, { manifest }] of graph.nodes.entries()) {
    if (manifest?.subject !== undefined) bySubject.set(manifest.subject, [...(bySubject.get(manifest.subject) ?? []), node]);
  }
  const deleted = new Set<number>();
  const queue = [...selected];
  // The queue grows during the iteration.
  for (const node of queue) {
    if (deleted.has(node)) continue;
    deleted.add(node);
    for (const child of listedBy(graph, node)) {
      const users = parents.get(child);
      users?.delete(node);
      // The children of a child stay.
      if (users?.size === 0) deleted.add(child);
    }
    queue.push(...(bySubject.get(graph.nodes[node]?.version.digest ?? "") ?? []), ...referrersByTag(graph, node));
  }
  return deleted;
}
