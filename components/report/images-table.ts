import type { Node } from "../graph/graph";
import { schemesOf } from "../graph/tag-schemes";
import { describeAge } from "../messages/age";
import { lastTaggedText } from "../messages/last-tagged";
import { firstOf } from "../messages/plurals";
import { kindNameOf } from "../model/artifact-kinds";
import { movingTags } from "../plan/moving-tags";
import { shortDigest } from "../plan/node-names";
import type { Plan } from "../plan/plan";
import { type Day, startOf } from "../plan/plan-id";
import { deletionReasons, type PlannedDeletion } from "../plan/reasons";
import { ageOf } from "../rules/evaluate";
import { renderTable, wrap } from "./text-table";

/** Maximum rows of a table. */
export const maxTableRows = 40;
const maxTagsLeftOut = 1_000;

/** An image that goes, and its parts that go along. */
export interface ImageRow {
  readonly node: number;
  readonly parts: readonly PlannedDeletion[];
}

/** Groups the versions that a plan deletes by image, newest first. */
export function imagesOf(plan: Plan, digests: readonly string[]): ImageRow[] {
  const { byDigest } = plan.deletions.graph;
  const reasons = deletionReasons(plan);
  const rows = new Map<number, PlannedDeletion[]>();
  for (const digest of digests) {
    const planned = reasons.get(byDigest.get(digest) ?? -1);
    if (!planned) continue;
    const parts = rows.get(planned.image) ?? [];
    rows.set(planned.image, parts);
    if (planned.reason.kind === "part") parts.push(planned);
  }
  return [...rows].map(([node, parts]) => ({ node, parts })).sort((a, b) => a.node - b.node);
}

/** Writes a table of images; with `due` also the day from which each may go. */
export function imagesTable(plan: Plan, images: readonly ImageRow[], due?: ReadonlyMap<string, Day>): string {
  const { graph } = plan.deletions;
  const moving = new Set(
    movingTags(
      graph,
      images.map(({ node }) => node),
    ).map(({ tag }) => tag),
  );
  const rows = images.map(({ node, parts }) => {
    const { version, userTags, manifest, role } = graph.nodes[node] as Node;
    const [scheme] = role === "referrer" ? schemesOf(version) : [];
    const kind = kindNameOf(manifest?.artifactType) ?? scheme?.label;
    const verdict = plan.verdicts.get(node);
    return [
      userTags.length > 0
        ? `${userTags.map((tag) => (moving.has(tag) ? `${tag} (moves)` : tag)).join(", ")}${kind === undefined ? "" : ` (${kind})`}`
        : `${shortDigest(version.digest)} (${[kind, version.tags.length === 0 ? "untagged" : role === "root" ? "no person's tag" : undefined].filter(Boolean).join(", ")})`,
      [
        describeAge(ageOf({ ...version, userTags }, startOf(plan.asOf))),
        ...(version.lastTagged && userTags.length === 0 ? [lastTaggedText(version.lastTagged)] : []),
      ].join(", "),
      describeParts(labelsOf(parts)),
      verdict?.action === "delete" ? verdict.rules.join(", ") : "rest of a deleted image",
      ...(due ? [due.get(version.digest) ?? ""] : []),
    ];
  });
  const table = renderTable(["image", "age", "with", "deleted by", ...(due ? ["deletable from"] : [])], rows, maxTableRows);
  return [table, ...tagsLeftOut(images.slice(maxTableRows).flatMap(({ node }) => (graph.nodes[node] as Node).userTags))].join("\n");
}

/** Orders `pr-9` before `pr-10`. */
const byNumber = new Intl.Collator("en", { numeric: true });

/** Lists the tags whose images the table leaves out: which tags go can be read without another command. */
function tagsLeftOut(tags: readonly string[]): string[] {
  if (tags.length === 0) return [];
  const sorted = [...tags].sort(byNumber.compare);
  return wrap(`tagged: ${firstOf(sorted, maxTagsLeftOut)}`, 100).map((line) => `    ${line}`);
}

/** Returns what each part is for its image, sorted: `linux/arm64`, `attestation of linux/arm64`. */
export function labelsOf(parts: readonly PlannedDeletion[]): string[] {
  return parts.flatMap(({ reason }) => (reason.kind === "part" ? [reason.as] : [])).sort();
}

const platformForm = /^[^ ]+\/[^ ]+$/;

/** Lists platforms by name and counts all other parts: `linux/amd64, linux/arm64, 2 attestations`. */
export function describeParts(labels: readonly string[]): string {
  const platforms = labels.filter((label) => platformForm.test(label));
  const counts = new Map<string, number>();
  for (const label of labels.filter((one) => !platformForm.test(one))) {
    // A type without a name is for `explain`: here it would fill the line.
    const kind = label.replace(/ \([^)]*\/[^)]*\)/, "").replace(/ of .*$/, "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return (
    [...platforms, ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, number]) => several(number, kind))].join(", ") || "–"
  );
}

/** `1 attestation`, `2 SBOMs (SPDX)`, `3 images`. */
function several(number: number, kind: string): string {
  const [, word = kind, rest = ""] = /^(.*?)( \(.*\))?$/.exec(kind) ?? [];
  const plural = word.endsWith("x") ? `${word}es` : word.endsWith("s") ? word : word.replace(/y$/, "ie").concat("s");
  return `${number} ${number === 1 ? word : plural}${rest}`;
}
