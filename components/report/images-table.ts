import type { Node } from "../graph/graph";
import { describeAge } from "../messages/age";
import { lastTaggedText } from "../messages/last-tagged";
import { nameOf, shortDigest } from "../plan/node-names";
import type { Plan } from "../plan/plan";
import { type Day, startOf } from "../plan/plan-id";
import { deletionReasons, type PlannedDeletion } from "../plan/reasons";
import { ageOf } from "../rules/evaluate";
import { renderTable } from "./text-table";

/** Maximum rows of a table. */
export const maxTableRows = 40;

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
  const { nodes } = plan.deletions.graph;
  const rows = images.map(({ node, parts }) => {
    const { version, userTags } = nodes[node] as Node;
    const verdict = plan.verdicts.get(node);
    return [
      userTags.length > 0 ? nameOf(nodes[node] as Node) : `${shortDigest(version.digest)} (untagged)`,
      [
        describeAge(ageOf({ ...version, userTags }, startOf(plan.asOf))),
        ...(version.lastTagged && userTags.length === 0 ? [lastTaggedText(version.lastTagged)] : []),
      ].join(", "),
      describeParts(labelsOf(parts)),
      verdict?.action === "delete" ? verdict.rules.join(", ") : "rest of a deleted image",
      ...(due ? [due.get(version.digest) ?? ""] : []),
    ];
  });
  return renderTable(["image", "age", "with", "deleted by", ...(due ? ["deletable from"] : [])], rows, maxTableRows);
}

/** Returns what each part is for its image, sorted: `linux/arm64`, `attestation of linux/arm64`. */
export function labelsOf(parts: readonly PlannedDeletion[]): string[] {
  return parts.flatMap(({ reason }) => (reason.kind === "part" ? [reason.as] : [])).sort();
}

const countedKinds = ["attestation", "signature", "SBOM", "referrers", "referrer", "artifact"];

/** Lists platforms by name and counts all other parts: `linux/amd64, linux/arm64, 2 attestations`. */
export function describeParts(labels: readonly string[]): string {
  const kindOf = (label: string) => label.split(" ")[0] ?? "";
  const counted = countedKinds.flatMap((kind) => {
    const count = labels.filter((label) => kindOf(label) === kind).length;
    return count === 0 ? [] : [`${count} ${kind}${count > 1 && !kind.endsWith("s") ? "s" : ""}`];
  });
  const named = labels.filter((label) => !countedKinds.includes(kindOf(label)));
  return [...named, ...counted].join(", ") || "–";
}
