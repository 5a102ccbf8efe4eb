/** Draws versions as trees: an image in one row, what it consists of folded under it. */

type PageNode = import("./data").PageNode;
type PagePackage = import("./data").PagePackage;
type PageState = import("./data").PageState;
type PageColor = import("./data").PageColor;
type Group = PageState | "broken";

/** What a badge says, and the class that colours it. */
const badges: Readonly<Record<PageState, { readonly word: string; readonly color: PageColor }>> = {
  refused: { word: "cannot go", color: "holds" },
  waiting: { word: "waits", color: "waits" },
  approved: { word: "goes", color: "goes" },
  withheld: { word: "withheld", color: "holds" },
  grace: { word: "in grace", color: "holds" },
  stays: { word: "stays", color: "stays" },
};

/** By urgency; a tree belongs to the first group of which it holds a state. */
const groups: readonly (readonly [Exclude<Group, "stays">, string])[] = [
  ["approved", "Goes with the next `pulumi up`"],
  ["waiting", "Waits for approval"],
  ["refused", "Cannot go: nobody can approve this plan"],
  ["broken", "Broken: cannot be pulled whole"],
  ["withheld", "Withheld, since something keeps it, and what needs it"],
  ["grace", "Waits out its grace"],
];

/** Number of trees that are drawn at a time, so that a package of any size opens at once. */
const chunkSize = 200;

function nodeAt({ nodes }: PagePackage, index: number): PageNode {
  const node = nodes[index];
  if (node === undefined) throw new Error(`the page's data has no node ${index}`);
  return node;
}

/** Returns a node and all below it. */
function treeOf(data: PagePackage, root: number): Set<number> {
  const found = new Set([root]);
  for (const index of found) for (const [part] of nodeAt(data, index).parts) found.add(part);
  return found;
}

/** The group of a root: of all states in its tree, the one that a reviewer has to see first. */
function groupOf(data: PagePackage, root: number): Group {
  const { state, broken } = nodeAt(data, root);
  if (state === "approved" || state === "waiting" || state === "refused") return state;
  const tree = [...treeOf(data, root)].map((index) => nodeAt(data, index));
  if (broken || tree.some((node) => node.broken)) return "broken";
  return groups.find(([group]) => tree.some((node) => node.state === group))?.[0] ?? "stays";
}

function groupRoots(data: PagePackage): Map<Group, number[]> {
  const found = new Map<Group, number[]>();
  for (const root of data.roots) {
    const group = groupOf(data, root);
    found.set(group, [...(found.get(group) ?? []), root]);
  }
  return found;
}

/** A node in its tree: the label that its parent gives it, and the indices of all nodes above it. */
interface Position {
  readonly label: string;
  readonly above: ReadonlySet<number>;
}

const atTheTop: Position = { label: "", above: new Set() };

/** Versions that a search found, and those above them. */
interface Found {
  readonly hits: ReadonlySet<number>;
  readonly open: ReadonlySet<number>;
}

/** A version with its parts, folded. A part that is above itself is not drawn again. */
function drawNode(data: PagePackage, index: number, position: Position, found?: Found): HTMLElement {
  const node = nodeAt(data, index);
  const path = new Set(position.above).add(index);
  const parts = node.parts.filter(([part]) => !path.has(part));
  const why = make("div", { class: "why", role: "region", "aria-label": `Why: ${node.name}` });
  const { button, setOpen } = makeFold({ class: found?.hits.has(index) ? "node hit" : "node" }, why, () => [
    ...explain(node, position.label === ""),
    ...(parts.length === 0 ? [] : [make("ul", {}, ...parts.map(([part, label]) => drawNode(data, part, { label, above: path }, found)))]),
  ]);
  button.append(...rowOf(data, index, position.label));
  if (found?.open.has(index)) setOpen(true);
  const item = make("li", {}, button, why);
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || why.hidden) return;
    event.stopPropagation();
    setOpen(false);
    button.focus();
  });
  return item;
}

function rowOf(data: PagePackage, index: number, label: string): (HTMLElement | string)[] {
  const node = nodeAt(data, index);
  const { word, color } = badges[node.state];
  const name = make("span", { class: "name" }, label === "" ? "" : `${label} `, ...namesOf(node));
  if (node.broken) name.append(" ", make("span", { class: "broken" }, "broken"));
  name.append(...otherStates(data, index));
  const isNotable = label === "" || node.state !== "stays";
  return [
    make("span", { class: `badge ${color}` }, word),
    " ",
    name,
    ...(node.age === undefined ? [] : [" ", make("span", { class: "age" }, node.age)]),
    ...(isNotable ? [" ", make("span", { class: "says" }, ...prose(node.says))] : []),
    ...(node.has === undefined ? [] : [" ", make("span", { class: "has" }, node.has)]),
  ];
}

/** Counts what becomes of parts where it is something else than of their image: the fold must not hide that. */
function otherStates(data: PagePackage, index: number): (HTMLElement | string)[] {
  const own = nodeAt(data, index).state;
  const states = [...treeOf(data, index)].map((part) => nodeAt(data, part).state).filter((state) => state !== own && state !== "stays");
  return [...new Set(states)].flatMap((state) => {
    const { word, color } = badges[state];
    const number = states.filter((one) => one === state).length;
    return [" ", make("span", { class: `badge ${color}` }, `${several(number, "part")} ${word}`)];
  });
}

/** Its tags, of which those that move are marked. */
function namesOf({ name, moving, tags }: PageNode): (HTMLElement | string)[] {
  if (moving === undefined) return [make("code", {}, name)];
  const others = tags.filter((tag) => !moving.includes(tag));
  return [
    ...moving.flatMap((tag) => [
      make("code", {}, tag),
      " ",
      make("span", { class: "moves", title: "this tag is on another image from time to time" }, "moves"),
      " ",
    ]),
    ...(others.length === 0 ? [] : [make("code", {}, others.join(", "))]),
  ];
}

function explain({ says, why, kind, digest, tags }: PageNode, isSaid: boolean): HTMLElement[] {
  return [
    ...(isSaid ? why : [says, ...why]).map((line) => make("p", {}, ...prose(line))),
    make("p", { class: "soft" }, `${kind} `, make("code", {}, digest)),
    ...(tags.length > 0 ? [make("p", { class: "soft" }, `tags: ${tags.join(", ")}`)] : []),
  ];
}

/** A list of trees that grows by a chunk with each click. */
function drawList(data: PagePackage, roots: readonly number[], found?: Found): HTMLElement[] {
  const list = make("ul", { class: "trees" });
  const more = make("button", { type: "button", class: "fold" });
  let shown = 0;
  function grow(): void {
    for (const root of roots.slice(shown, shown + chunkSize)) list.append(drawNode(data, root, atTheTop, found));
    shown = Math.min(roots.length, shown + chunkSize);
    more.textContent = `show more: ${roots.length - shown} are left`;
    more.hidden = shown >= roots.length;
  }
  more.addEventListener("click", () => {
    const first = shown;
    grow();
    list.children[first]?.querySelector("button")?.focus();
  });
  grow();
  return [list, more];
}

/** All trees of a package by group; images that stay are folded, since nobody has to decide about them. */
function drawGroups(data: PagePackage): HTMLElement[] {
  const byGroup = groupRoots(data);
  const drawn = groups.flatMap(([group, title]) => {
    const roots = byGroup.get(group) ?? [];
    return roots.length === 0 ? [] : [make("h3", {}, ...prose(`${title} (${roots.length})`)), ...drawList(data, roots)];
  });
  const stays = byGroup.get("stays") ?? [];
  if (stays.length > 0) {
    const { button, content } = makeFold({ class: "fold" }, make("div", {}), () => drawList(data, stays));
    button.textContent = stays.length === 1 ? "1 image stays" : `${stays.length} images stay`;
    drawn.push(make("h3", {}, "Stays"), button, content);
  }
  if (data.left > 0) drawn.push(make("p", { class: "soft" }, `${data.left} versions that stay are not drawn here.`));
  return drawn;
}
