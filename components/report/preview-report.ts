import { type Decision, onDay, type Pending, type Reasons } from "../approval/decide";
import { whyNotAutomatic } from "../approval/find-approved";
import { dueDays } from "../approval/grace";
import type { Node } from "../graph/graph";
import { nameOf, shortDigest } from "../plan/node-names";
import { type Day, startOf } from "../plan/plan-id";
import { deletionReasons } from "../plan/reasons";
import { ruleWarnings } from "../plan/rule-warnings";
import { describeAge } from "../rules/duration";
import { ageOf } from "../rules/evaluate";
import type { Policy } from "../rules/policy";
import { renderTable } from "./text-table";

export interface ReportOptions {
  /** The line that approves a plan, given its id. */
  readonly approveWith: (planId: string) => string;
  /** Digest to GitHub's answer, for approved deletions that GitHub refused. */
  readonly refused: Reasons;
  /** What was said when the approval was first held against the plan; deciding again does not find it. */
  readonly notices: readonly string[];
}

const maxTableRows = 40;

/** What a preview says of a package: first the one line for the Info column, then the table, then the line that approves it. */
export function previewReport(decision: Decision, policy: Policy, options: ReportOptions): string {
  const { pending, going } = decision;
  const approved = going.digests().filter((digest) => options.refused[digest] === undefined);
  const paragraphs = [
    ...(approved.length > 0
      ? [headline(decision, approvedIds(decision), approved), imagesTable(decision, approved), approvedNote(approved.length, policy)]
      : []),
    ...(pending
      ? [
          headline(decision, pending.id, Object.keys(pending.deletions)),
          imagesTable(decision, Object.keys(pending.deletions)),
          waiting(decision, pending, policy, options),
        ]
      : []),
    ...(approved.length === 0 && !pending ? [nothingToDelete(decision)] : []),
    restoringList(decision),
    ...new Set([
      ...options.notices.filter((notice) => approved.length > 0 || notice.includes(onDay(decision.plan.asOf))),
      ...decision.notices,
    ]),
    graceTable(decision, policy),
    ...brokenNotes(decision),
    ...protectNotes(decision, policy),
    ...unreadableNotes(decision, policy),
    ...ruleWarnings(decision.plan, policy).map((warning) => `warning: ${warning}`),
    refusedList(options.refused),
    withheldTable(decision),
  ];
  return paragraphs.filter((paragraph) => paragraph !== "").join("\n\n");
}

function headline(decision: Decision, id: string, digests: readonly string[]): string {
  const total = decision.plan.deletions.graph.nodes.length;
  const images = imagesOf(decision, digests).length;
  return (
    `plan ${id}: delete ${digests.length} of ${total} versions (${images} ${images === 1 ? "image" : "images"}), ` +
    `keep ${total - digests.length}, ${decision.plan.withheld.length} withheld`
  );
}

function approvedIds({ plans }: Decision): string {
  const withWork = Object.entries(plans).filter(([, { images, parts }]) => images.length + parts.length > 0);
  return withWork.map(([id]) => id).join(" + ");
}

function nothingToDelete({ plan, restoring = {} }: Decision): string {
  const count = Object.keys(restoring).length;
  return `${count > 0 ? `restore ${count} versions, ` : ""}nothing to delete: keep all ${plan.deletions.graph.nodes.length} versions, ${plan.withheld.length} withheld`;
}

function approvedNote(count: number, { limits }: Policy): string {
  if (count <= limits.deletions) return "approved: `pulumi up` deletes these.";
  return `approved: \`pulumi up\` deletes these, at most ${limits.deletions} in one run (limits.deletions); the rest waits, approved, for the next.`;
}

function waiting({ plan }: Decision, pending: Pending, { approval, limits }: Policy, { approveWith }: ReportOptions): string {
  if (pending.refused !== undefined) return `this plan cannot be approved: ${pending.refused}. Change the rules or the limits.`;
  const count = Object.keys(pending.deletions).length;
  const why = approval === "automatic" ? whyNotAutomatic(limits, count, plan.deletions.graph) : undefined;
  const runs = Math.ceil(count / limits.deletions);
  return [
    "waiting for approval, nothing is deleted until then.",
    ...(why === undefined ? [] : [` It does not go by itself: ${why}.`]),
    ...(runs > 1 ? [` Once approved, it goes in ${runs} runs of at most ${limits.deletions} versions (limits.deletions).`] : []),
    ` To approve exactly this:\n  ${approveWith(pending.id)}`,
  ].join("");
}

interface ImageRow {
  readonly node: number;
  readonly parts: readonly string[];
}

function imagesOf({ plan }: Decision, digests: readonly string[]): ImageRow[] {
  const { byDigest } = plan.deletions.graph;
  const reasons = deletionReasons(plan);
  const rows = new Map<number, string[]>();
  for (const digest of digests) {
    const reason = reasons.get(byDigest.get(digest) ?? -1);
    if (!reason) continue;
    const parts = rows.get(reason.image) ?? [];
    rows.set(reason.image, parts);
    if (reason.as !== undefined) parts.push(reason.as);
  }
  return [...rows].map(([node, parts]) => ({ node, parts: parts.sort() })).sort((a, b) => a.node - b.node);
}

function imagesTable(decision: Decision, digests: readonly string[], due?: ReadonlyMap<string, Day>): string {
  const { nodes } = decision.plan.deletions.graph;
  const rows = imagesOf(decision, digests).map(({ node, parts }) => {
    const { version, userTags } = nodes[node] as Node;
    const verdict = decision.plan.verdicts.get(node);
    return [
      userTags.length > 0 ? nameOf(nodes[node] as Node) : `${shortDigest(version.digest)} (untagged)`,
      describeAge(ageOf({ ...version, userTags }, startOf(decision.plan.asOf))),
      describeParts(parts),
      verdict?.action === "delete" ? verdict.rules.join(", ") : "rest of a deleted image",
      ...(due ? [due.get(version.digest) ?? ""] : []),
    ];
  });
  return renderTable(["image", "age", "with", "deleted by", ...(due ? ["deletable from"] : [])], rows, maxTableRows);
}

/** Platforms by name, everything else by number: `linux/amd64, linux/arm64, 2 attestations`. */
export function describeParts(parts: readonly string[]): string {
  const counted = ["attestation", "signature", "SBOM", "referrers", "referrer", "artifact"].map((kind) => {
    const count = parts.filter((part) => part.split(" ")[0] === kind).length;
    return { kind, text: count === 0 ? "" : `${count} ${kind}${count > 1 && !kind.endsWith("s") ? "s" : ""}` };
  });
  const named = parts.filter((part) => !counted.some(({ kind }) => part.split(" ")[0] === kind));
  return [...named, ...counted.map(({ text }) => text).filter(Boolean)].join(", ") || "–";
}

/** The images whose grace is not over, each with the day from which it may go. */
function graceTable(decision: Decision, { grace }: Policy): string {
  const { candidates = {}, pending, going, plan } = decision;
  const { graph } = plan.deletions;
  if (grace === undefined) return "";
  const offered = new Set([...Object.keys(pending?.deletions ?? {}), ...going.digests()]);
  const waiting = Object.keys(candidates).filter((digest) => !offered.has(digest));
  if (waiting.length === 0) return "";
  const head = `${waiting.length === 1 ? "1 version waits out its" : `${waiting.length} versions wait out their`} grace of ${describeAge(grace)}`;
  const due = dueDays(graph, waiting, candidates, grace);
  return `${head}, counted from the first \`pulumi up\` that records it:\n${imagesTable(decision, waiting, due)}`;
}

const maxBroken = 10;

/** Images that cannot be pulled whole, and referrers of what is not there: nobody else tells. */
function brokenNotes({ plan }: Decision): string[] {
  const { nodes } = plan.deletions.graph;
  const broken = nodes.filter(({ role, missingChildren }) => role === "root" && missingChildren.length > 0);
  const lines = broken.slice(0, maxBroken).map((node) => {
    const listed = (node.manifest?.children ?? []).filter(({ other }) => !other).length;
    const kind = node.missingChildren.length === listed ? "ghost" : "partial";
    return `broken (${kind}): ${nameOf(node)} lists ${listed} manifests, and ${node.missingChildren.length} of them are not in the package`;
  });
  const dangling = nodes.filter(({ role, subjects }) => role === "referrer" && subjects.length === 0).length;
  return [
    ...lines,
    ...(broken.length > maxBroken ? [`… and ${broken.length - maxBroken} more broken images`] : []),
    ...(dangling > 0
      ? [`dangling: ${dangling} referrers belong to nothing in this package; they stay, unless a rule with \`dangling: true\` deletes them`]
      : []),
  ];
}

/** A name in `protect` that nothing has is a slip of the pen, and protects nothing. */
function protectNotes({ plan }: Decision, { protect }: Policy): string[] {
  const { nodes, byDigest } = plan.deletions.graph;
  const tags = new Set(nodes.flatMap(({ version }) => version.tags));
  return protect
    .filter((name) => !byDigest.has(name) && !tags.has(name))
    .map((name) => `warning: protect: no version of the package is named ${name}`);
}

function unreadableNotes({ plan }: Decision, { unreadable }: Policy): string[] {
  const { nodes, byDigest } = plan.deletions.graph;
  return unreadable.map((digest) => {
    const node = nodes[byDigest.get(digest) ?? -1];
    if (node === undefined) return `unreadable: ${shortDigest(digest)} is not in the package any more; take it out of the list`;
    if (node.manifest?.gone) return `unreadable: ${shortDigest(digest)} is treated as needing nothing, since the registry does not know it`;
    return `unreadable: ${shortDigest(digest)} can be read again, so what it needs is kept; take it out of the list`;
  });
}

function restoringList({ restoring = {} }: Decision): string {
  const lines = Object.entries(restoring).map(([digest, reason]) => `  ${shortDigest(digest)}: ${reason}`);
  if (lines.length === 0) return "";
  return [`to be restored, ${lines.length} versions: \`pulumi up\` brings these back with their tags.`, ...lines].join("\n");
}

function refusedList(refused: Reasons): string {
  const lines = Object.entries(refused).map(([digest, answer]) => `  ${shortDigest(digest)}: ${answer}`);
  return lines.length === 0 ? "" : ["refused by GitHub, left out since:", ...lines].join("\n");
}

function withheldTable({ plan }: Decision): string {
  if (plan.withheld.length === 0) return "";
  const { nodes } = plan.deletions.graph;
  const rows = plan.withheld.map(({ node, rules, because }) => [nameOf(nodes[node] as Node), because, rules.join(", ")]);
  return `withheld, since something needs it:\n${renderTable(["version", "stays as", "matched by"], rows, maxTableRows)}`;
}
