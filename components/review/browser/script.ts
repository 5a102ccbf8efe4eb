/**
 * Draws the data that a review's page holds. Texts are set as text, never as HTML. A script and no module: the page holds it
 * whole, and nothing is loaded.
 */

type PageData = import("./data").PageData;
type PageNode = import("./data").PageNode;
type PagePackage = import("./data").PagePackage;
type PageState = import("./data").PageState;
type Group = "goes" | "broken" | "withheld" | "grace" | "stays";

/** A package on the page. */
interface DrawnPackage {
  readonly data: PagePackage;
  readonly section: HTMLElement;
  /** Holds the trees of versions: all of them, or those that a search found. */
  readonly body: HTMLElement;
  readonly byGroup: ReadonlyMap<Group, readonly number[]>;
  /** The text of each node that a search looks at. */
  readonly texts: readonly string[];
}

/** What a badge says, and the class that colours it. */
const badges: Readonly<Record<PageState, { readonly word: string; readonly color: "goes" | "holds" | "stays" }>> = {
  refused: { word: "cannot go", color: "goes" },
  waiting: { word: "waits", color: "goes" },
  approved: { word: "goes", color: "goes" },
  withheld: { word: "withheld", color: "holds" },
  grace: { word: "in grace", color: "holds" },
  stays: { word: "stays", color: "stays" },
};

const titles: readonly (readonly [Exclude<Group, "stays">, string])[] = [
  ["goes", "Goes"],
  ["broken", "Broken: cannot be pulled whole"],
  ["withheld", "Withheld, since something needs it, and what needs it"],
  ["grace", "Waits out its grace"],
];
const goingStates: readonly PageState[] = ["refused", "waiting", "approved"];

/** Number of trees that are drawn at a time, so that a package of any size opens at once. */
const chunkSize = 200;
let lastId = 0;

function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

type Attributes = Readonly<Record<string, string>>;

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function nodeAt({ nodes }: PagePackage, index: number): PageNode {
  const node = nodes[index];
  if (node === undefined) throw new Error(`the page's data has no node ${index}`);
  return node;
}

/** The group of a root: of all states in its tree, the one that a reviewer has to see first. */
function groupOf(data: PagePackage, root: number): Group {
  const states = new Set<PageState>();
  let isBroken = false;
  const visited = new Set<number>();
  const queue = [root];
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    if (visited.has(index)) continue;
    visited.add(index);
    const { state, broken, parts } = nodeAt(data, index);
    states.add(state);
    isBroken ||= broken === true;
    for (const [part] of parts) queue.push(part);
  }
  if (goingStates.includes(nodeAt(data, root).state)) return "goes";
  if (isBroken) return "broken";
  if (goingStates.some((state) => states.has(state))) return "goes";
  if (states.has("withheld")) return "withheld";
  return states.has("grace") ? "grace" : "stays";
}

/** A node in its tree: the label that its parent gives it, and the indices of all nodes above it. */
interface Position {
  readonly label: string;
  readonly above: ReadonlySet<number>;
}

const atTheTop: Position = { label: "", above: new Set() };

/** A version with its parts. A part that is above itself is not drawn again. */
function drawNode(data: PagePackage, index: number, { label, above }: Position, hits?: ReadonlySet<number>): HTMLElement {
  const node = nodeAt(data, index);
  const { word, color } = badges[node.state];
  const id = uniqueId("why");
  const button = make("button", {
    type: "button",
    "aria-expanded": "false",
    "aria-controls": id,
    class: hits?.has(index) ? "node hit" : "node",
  });
  button.append(make("span", { class: `badge ${color}` }, word), " ", label === "" ? "" : `${label} `, make("code", {}, node.name));
  if (node.broken) button.append(" ", make("span", { class: "broken" }, "broken"));
  const why = make("div", { class: "why", id, hidden: "", role: "region", "aria-label": `Why: ${node.name}` });
  function setOpen(isOpen: boolean): void {
    button.setAttribute("aria-expanded", String(isOpen));
    why.hidden = !isOpen;
    if (isOpen && why.childElementCount === 0) why.append(...explain(node));
  }
  button.addEventListener("click", () => setOpen(why.hidden));
  const item = make("li", {}, button, why);
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || why.hidden) return;
    event.stopPropagation();
    setOpen(false);
    button.focus();
  });
  const path = new Set(above).add(index);
  const parts = node.parts.filter(([part]) => !path.has(part));
  if (parts.length > 0) item.append(make("ul", {}, ...parts.map(([part, as]) => drawNode(data, part, { label: as, above: path }, hits))));
  return item;
}

function explain({ why, kind, digest, tags }: PageNode): HTMLElement[] {
  return [
    ...why.map((line) => make("p", {}, line)),
    make("p", { class: "soft" }, `${kind} `, make("code", {}, digest)),
    ...(tags.length > 0 ? [make("p", { class: "soft" }, `tags: ${tags.join(", ")}`)] : []),
  ];
}

/** A list of trees that grows by a chunk with each click. */
function drawList(data: PagePackage, roots: readonly number[], hits?: ReadonlySet<number>): HTMLElement[] {
  const list = make("ul", {});
  const more = make("button", { type: "button", class: "fold" });
  let shown = 0;
  function grow(): void {
    for (const root of roots.slice(shown, shown + chunkSize)) list.append(drawNode(data, root, atTheTop, hits));
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

/** The images that stay, folded: nobody has to decide about them. */
function drawFolded(data: PagePackage, roots: readonly number[]): HTMLElement[] {
  const id = uniqueId("fold");
  const inner = make("div", { id, hidden: "" });
  const button = make(
    "button",
    { type: "button", class: "fold", "aria-expanded": "false", "aria-controls": id },
    roots.length + (roots.length === 1 ? " image stays" : " images stay"),
  );
  button.addEventListener("click", () => {
    if (inner.childElementCount === 0) inner.append(...drawList(data, roots));
    inner.hidden = !inner.hidden;
    button.setAttribute("aria-expanded", String(!inner.hidden));
  });
  return [button, inner];
}

function alertBox(text: string, isBad: boolean): HTMLElement {
  return make("div", { class: isBad ? "alert bad" : "alert", role: "note" }, text);
}

function command(text: string): HTMLElement {
  return make("pre", { tabindex: "0" }, make("code", {}, text));
}

function drawPackage(data: PagePackage): DrawnPackage {
  const id = uniqueId("package");
  const section = make(
    "section",
    { "aria-labelledby": id },
    make("h2", { id }, data.name),
    make("p", { class: "soft" }, data.headline),
    ...(data.failure === undefined ? [] : [alertBox(data.failure, true)]),
  );
  for (const plan of data.plans) {
    if (plan.state === "refused") section.append(alertBox(`plan ${plan.id} cannot be approved: ${plan.text}`, true));
    else
      section.append(make("p", {}, `plan ${plan.id}${plan.state === "waiting" ? " waits for approval. " : " is approved: "}${plan.text}`));
    if (plan.approveWith) section.append(make("p", {}, "To approve exactly this:"), command(plan.approveWith));
  }
  for (const { text, broken } of data.alerts) section.append(alertBox(text, broken));
  for (const text of data.notices) section.append(alertBox(text, false));
  for (const { title, lines } of data.blocks) {
    section.append(make("details", {}, make("summary", {}, title), make("pre", { tabindex: "0" }, lines.join("\n"))));
  }
  const body = make("div", {});
  section.append(body);
  const drawn = { data, section, body, byGroup: grouped(data), texts: data.nodes.map(searchText) };
  drawGroups(drawn);
  return drawn;
}

function grouped(data: PagePackage): Map<Group, number[]> {
  const groups = new Map<Group, number[]>();
  for (const root of data.roots) {
    const group = groupOf(data, root);
    groups.set(group, [...(groups.get(group) ?? []), root]);
  }
  return groups;
}

function searchText({ name, digest, tags, state, why, broken }: PageNode): string {
  return [name, digest, ...tags, badges[state].word, ...why, broken ? "broken" : ""].join("\n").toLowerCase();
}

function drawGroups({ data, body, byGroup }: DrawnPackage): void {
  body.replaceChildren();
  for (const [group, title] of titles) {
    const roots = byGroup.get(group) ?? [];
    if (roots.length > 0) body.append(make("h3", {}, `${title} (${roots.length})`), ...drawList(data, roots));
  }
  const stays = byGroup.get("stays") ?? [];
  if (stays.length > 0) body.append(make("h3", {}, "Stays"), ...drawFolded(data, stays));
  if (data.left > 0) body.append(make("p", { class: "soft" }, `${data.left} versions that stay are not drawn here.`));
}

/** Shows the versions that hold the text, each in the tree of its image. Returns their number. */
function search(packages: readonly DrawnPackage[], text: string): number {
  const wanted = text.trim().toLowerCase();
  let count = 0;
  for (const one of packages) {
    const { data, section, body, texts } = one;
    if (wanted === "") {
      section.hidden = false;
      drawGroups(one);
      continue;
    }
    const hits = new Set(texts.flatMap((hay, index) => (hay.includes(wanted) ? [index] : [])));
    const roots = data.roots.filter((root) => holdsHit(data, root, hits, new Set([root])));
    count += hits.size;
    section.hidden = hits.size === 0 && !data.name.toLowerCase().includes(wanted);
    body.replaceChildren(...(roots.length > 0 ? drawList(data, roots, hits) : []));
  }
  return count;
}

function holdsHit(data: PagePackage, index: number, hits: ReadonlySet<number>, path: ReadonlySet<number>): boolean {
  if (hits.has(index)) return true;
  return nodeAt(data, index).parts.some(([part]) => !path.has(part) && holdsHit(data, part, hits, new Set(path).add(part)));
}

function drawSearch(packages: readonly DrawnPackage[]): HTMLElement {
  const input = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
  const result = make("output", { for: "search", class: "soft", "aria-live": "polite" });
  input.addEventListener("input", () => {
    const count = search(packages, input.value);
    result.textContent = input.value.trim() === "" ? "" : ` ${count}${count === 1 ? " version" : " versions"}`;
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    input.value = "";
    input.dispatchEvent(new Event("input"));
  });
  const form = make("form", { role: "search" }, make("label", { for: "search" }, "Tag, digest or reason: "), input, result);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function drawPage({ stack, packages, organizations, notes, errors }: PageData): void {
  const main = make("main", {});
  for (const text of errors) main.append(alertBox(text, true));
  for (const text of notes) main.append(alertBox(text, false));
  for (const { name, headline, approveWith } of organizations) {
    main.append(make("p", {}, `${name}: ${headline}`));
    if (approveWith) main.append(command(approveWith));
  }
  const drawn = packages.map(drawPackage);
  main.append(...drawn.map(({ section }) => section));
  document.body.prepend(make("header", {}, make("h1", {}, `Retention of ${stack}`), drawSearch(drawn)), main);
}

drawPage(JSON.parse(document.getElementById("data")?.textContent ?? ""));
