import type { Node } from "../../../components/graph/graph";
import { fateOf, inOrder, isTop, nameOf, topsOf } from "./tree";
import type { World } from "./world";

const shapes = { root: ["([", "])"], child: ["[", "]"], referrer: ["(", ")"] } as const;

const colours = {
  stays: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  goes: "fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:5 3",
  missing: "fill:#ffffff,stroke:#8c959f,color:#6e7781,stroke-dasharray:2 4",
};

/** A package as a Mermaid flow chart: an arrow from each version to what it keeps alive. */
export function pictureOf(world: World): string {
  const { nodes, keeps } = world.graph;
  const drawn = new Map<number, string>();
  const boxes: string[] = [];
  const arrows: string[] = [];
  let missing = 0;

  function draw(place: number, as: string): string {
    const known = drawn.get(place);
    if (known !== undefined) return known;
    const node = nodes[place] as Node;
    const id = `v${drawn.size + 1}`;
    drawn.set(place, id);
    const [open, close] = shapes[node.role];
    const lines = [as, nameOf(node)].filter(Boolean).map(quoted);
    boxes.push(`${id}${open}"${lines.join("<br>") || "untagged"}"${close}:::${fateOf(world, place)}`);
    for (const edge of inOrder(world, keeps[place] ?? [])) {
      arrows.push(`${id} --> ${draw(edge.to, isTop(world, edge.to) ? "" : edge.as)}`);
    }
    for (const digest of node.missingChildren) {
      const label = node.manifest?.children.find((child) => child.digest === digest)?.label ?? "manifest";
      missing += 1;
      boxes.push(`m${missing}["${quoted(label)}<br>missing"]:::missing`);
      arrows.push(`${id} -.-> m${missing}`);
    }
    return id;
  }

  for (const place of topsOf(world)) draw(place, "");
  const used = Object.entries(colours).filter(([name]) => boxes.some((box) => box.endsWith(`:::${name}`)));
  const styles = used.map(([name, style]) => `classDef ${name} ${style}`);
  return ["flowchart LR", ...[...boxes, ...arrows, ...styles].map((line) => `  ${line}`)].join("\n");
}

function quoted(text: string): string {
  return text.replaceAll('"', "'");
}
