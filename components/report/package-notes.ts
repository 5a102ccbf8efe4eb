import { type Graph, isDangling, type Node } from "../graph/graph";
import { count, firstOf } from "../messages/plurals";
import { packageLabel } from "../model/errors";
import { movingTags } from "../plan/moving-tags";
import { subjectElsewhere } from "../plan/neighbours";
import { nameOf, shortDigest } from "../plan/node-names";
import type { Plan } from "../plan/plan";
import type { Policy } from "../rules/policy";
import type { Alert } from "./paragraph";

const maxBroken = 10;

/** Lists images that cannot be pulled whole: nothing else reports them. */
export function brokenAlerts({ deletions }: Plan): Alert[] {
  const { nodes } = deletions.graph;
  const broken = nodes.filter(({ role, missingChildren }) => role === "root" && missingChildren.length > 0);
  const lines = broken.slice(0, maxBroken).map((node) => {
    const listed = (node.manifest?.children ?? []).filter(({ other }) => !other).length;
    const kind = node.missingChildren.length === listed ? "ghost" : "partial";
    return `broken (${kind}): ${nameOf(node)} lists ${count(listed, "manifest")}, and ${node.missingChildren.length} of them ${node.missingChildren.length === 1 ? "is" : "are"} not in the package`;
  });
  const more = broken.length > maxBroken ? [`… and ${count(broken.length - maxBroken, "more broken image")}`] : [];
  return [...lines, ...more].map((text) => ({ kind: "broken", text }));
}

/** A name in `protect` that no version has is a typing error, and protects nothing. */
export function protectAlerts({ deletions }: Plan, { protect }: Policy): Alert[] {
  const { nodes, byDigest } = deletions.graph;
  const tags = new Set(nodes.flatMap(({ version }) => version.tags));
  const unused = protect.filter((name) => !byDigest.has(name) && !tags.has(name));
  return unused.map((name) => ({ kind: "warning", text: `protect: no version of the package is named ${name}` }));
}

/** Says where the subjects of referrers are that belong to nothing in the package and stay. */
export function danglingNotes({ deletions }: Plan): string[] {
  const { graph } = deletions;
  const staying = graph.nodes.filter((node, index) => isDangling(node) && !deletions.has(index));
  const foundIn = staying.map((node) => subjectElsewhere(graph, node).foundIn[0]);
  const elsewhere = [...new Set(foundIn)].flatMap((name) => {
    if (name === undefined) return [];
    const subjects = count(foundIn.filter((one) => one === name).length, "referrer");
    return [`dangling: the subjects of ${subjects} are in ${packageLabel({ ...graph.inventory.package, name })}; they stay`];
  });
  const lost = foundIn.filter((name) => name === undefined).length;
  if (lost === 0) return elsewhere;
  const [belong, they, them, their] =
    lost === 1 ? ["belongs", "it stays", "it", "its image is"] : ["belong", "they stay", "them", "their images are"];
  return [
    ...elsewhere,
    `dangling: ${count(lost, "referrer")} ${belong} to nothing in this package; ${they}, unless a rule with \`dangling: true\` deletes ${them}. If ${their} in another package, name it in \`subjectsIn\``,
  ];
}

/** Warns of rules that take the signatures of living images: in a package without an image, all subjects are in other ones. */
export function subjectsUnknownAlerts({ deletions: { graph } }: Plan, { rules }: Policy): Alert[] {
  if (!graph.nodes.some(isDangling) || graph.nodes.some(({ role }) => role === "root")) return [];
  const blind = rules.filter(({ action, dangling, subjectsIn, digests }) => action === "delete" && dangling && !subjectsIn && !digests);
  return blind.map(({ name }) => ({
    kind: "warning",
    text:
      `rule ${name} takes signatures whether their images live or not: ${packageLabel(graph.inventory.package)} holds no image. ` +
      "Name the packages of the images: `subjectsIn: [app]`",
  }));
}

/** Says which images stay because of a tag that nobody chose. */
export function derivedTagNotes({ stays }: Plan): string[] {
  const tags = [...stays.values()].flatMap((reason) => (reason.kind === "only-derived-tags" ? [reason.tag] : []));
  const [first = ""] = tags;
  if (tags.length === 0) return [];
  const [stay, them] = tags.length === 1 ? ["stays", "it"] : ["stay", "them"];
  const shown = first.replace(/^(sha\d+-[0-9a-f]{6})[0-9a-f]*/, "$1…");
  return [
    `tags of tools: ${count(tags.length, "image")} ${stay} that no person tagged and that no rule deletes: a tool derived a tag from the digest (${shown}), so rules on untagged images do not match ${them}. A delete rule with \`tags: ["${first.slice(0, first.indexOf("-") + 1)}*"]\` would`,
  ];
}

/** Warns of tags that move between images and are about to go: after a roll-back, such a tag is on an old image. */
export function movingTagAlerts({ deletions: { graph } }: Plan, digests: readonly string[]): Alert[] {
  const moving = movingTags(graph, imageNodes(graph, digests));
  if (moving.length === 0) return [];
  const named = moving.map(({ tag, node, seenElsewhere }) => {
    const others = (graph.nodes[node] as Node).userTags.filter((other) => other !== tag);
    const notes = [
      ...(others.length === 0 ? [] : [`with ${firstOf(others, 3)}`]),
      ...(seenElsewhere === undefined ? [] : [`on another image on ${seenElsewhere}`]),
    ];
    return notes.length === 0 ? tag : `${tag} (${notes.join(", ")})`;
  });
  const [move, go, its] = moving.length === 1 ? ["a tag that moves", "goes", "its image"] : ["tags that move", "go", "their images"];
  const protect = moving.map(({ tag }) => tag).join(", ");
  return [
    {
      kind: "warning",
      text: `${move} between images ${go}: ${named.join(", ")}. After a roll-back such a tag is on an old image. \`protect: [${protect}]\` keeps ${its}`,
    },
  ];
}

function imageNodes({ byDigest }: Graph, digests: readonly string[]): number[] {
  return digests.flatMap((digest) => byDigest.get(digest) ?? []);
}

/** Says what became of the versions that the policy declares unreadable. */
export function unreadableNotes({ deletions }: Plan, { unreadable }: Policy): string[] {
  const { nodes, byDigest } = deletions.graph;
  return unreadable.map((digest) => {
    const node = nodes[byDigest.get(digest) ?? -1];
    if (node === undefined) return `unreadable: ${shortDigest(digest)} is not in the package any more; take it out of the list`;
    if (node.manifest?.gone) return `unreadable: ${shortDigest(digest)} is treated as needing nothing, since the registry does not know it`;
    return `unreadable: ${shortDigest(digest)} can be read again, so what it needs is kept; take it out of the list`;
  });
}
