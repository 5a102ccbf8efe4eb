/** The page's script: draws the data that the page holds. Texts are set as text, never as HTML. */
export const script = String.raw`
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const words = {
  refused: ["cannot go", "goes"], waiting: ["waits", "goes"], approved: ["goes", "goes"],
  withheld: ["withheld", "holds"], grace: ["in grace", "holds"], stays: ["stays", "stays"],
};
const groups = [
  ["goes", "Goes", ["refused", "waiting", "approved"]],
  ["broken", "Broken: cannot be pulled whole", []],
  ["withheld", "Withheld, since something needs it, and what needs it", ["withheld"]],
  ["grace", "Waits out its grace", ["grace"]],
];
const chunk = 200;
let ids = 0;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  for (const child of children) element.append(child);
  return element;
}

/** What a root shows first: the weightiest state in all that hangs under it. */
function groupOf(one, root) {
  const states = new Set();
  let broken = false;
  const seen = new Set();
  for (const queue = [root]; queue.length > 0; ) {
    const at = queue.pop();
    if (seen.has(at)) continue;
    seen.add(at);
    const node = one.nodes[at];
    states.add(node.state);
    broken = broken || node.broken === true;
    for (const [to] of node.parts) queue.push(to);
  }
  if (groups[0][2].includes(one.nodes[root].state)) return "goes";
  if (broken) return "broken";
  const found = groups.find(([, , of]) => of.some((state) => states.has(state)));
  return found ? found[0] : "stays";
}

/** A version with all that hangs under it. A circle is drawn once. */
function drawNode(one, at, as, above, hits) {
  const node = one.nodes[at];
  const [word, look] = words[node.state];
  const id = "why-" + ++ids;
  const name = make("code", {}, node.name);
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": id, class: hits && hits.has(at) ? "node hit" : "node" });
  button.append(make("span", { class: "badge " + look }, word), " ", as ? as + " " : "", name);
  if (node.broken) button.append(" ", make("span", { class: "broken" }, "broken"));
  const why = make("div", { class: "why", id, hidden: "", role: "region", "aria-label": "Why: " + node.name });
  const open = (is) => {
    button.setAttribute("aria-expanded", String(is));
    why.hidden = !is;
    if (is && why.childElementCount === 0) {
      for (const line of node.why) why.append(make("p", {}, line));
      why.append(make("p", { class: "soft" }, node.kind + " ", make("code", {}, node.digest)));
      if (node.tags.length > 0) why.append(make("p", { class: "soft" }, "tags: " + node.tags.join(", ")));
    }
  };
  button.addEventListener("click", () => open(why.hidden));
  const item = make("li", {}, button, why);
  item.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || why.hidden) return;
    event.stopPropagation();
    open(false);
    button.focus();
  });
  const path = new Set(above).add(at);
  const parts = node.parts.filter(([to]) => !path.has(to));
  if (parts.length > 0) item.append(make("ul", {}, ...parts.map(([to, label]) => drawNode(one, to, label, path, hits))));
  return item;
}

/** A list that is drawn in pieces, so that a package of any size opens at once. */
function drawList(one, roots, hits) {
  const list = make("ul", {});
  const more = make("button", { type: "button", class: "fold" });
  let shown = 0;
  const grow = () => {
    for (const root of roots.slice(shown, shown + chunk)) list.append(drawNode(one, root, "", [], hits));
    shown = Math.min(roots.length, shown + chunk);
    more.textContent = "show more: " + (roots.length - shown) + " are left";
    more.hidden = shown >= roots.length;
  };
  more.addEventListener("click", () => {
    const first = shown;
    grow();
    list.children[first].querySelector("button").focus();
  });
  grow();
  return [list, more];
}

/** What stays is folded: it is what nobody has to judge. */
function drawFolded(one, roots) {
  const id = "fold-" + ++ids;
  const inner = make("div", { id, hidden: "" });
  const button = make("button", { type: "button", class: "fold", "aria-expanded": "false", "aria-controls": id }, roots.length + (roots.length === 1 ? " image stays" : " images stay"));
  button.addEventListener("click", () => {
    if (inner.childElementCount === 0) inner.append(...drawList(one, roots));
    inner.hidden = !inner.hidden;
    button.setAttribute("aria-expanded", String(!inner.hidden));
  });
  return [button, inner];
}

function alertBox(text, bad) {
  return make("div", { class: bad ? "alert bad" : "alert", role: "note" }, text);
}

function drawPackage(one) {
  const id = "package-" + ++ids;
  const section = make("section", { "aria-labelledby": id }, make("h2", { id }, one.name), make("p", { class: "soft" }, one.headline));
  if (one.failure) section.append(alertBox(one.failure, true));
  for (const plan of one.plans) {
    if (plan.state === "refused") section.append(alertBox("plan " + plan.id + " cannot be approved: " + plan.text, true));
    else section.append(make("p", {}, "plan " + plan.id + (plan.state === "waiting" ? " waits for approval. " : " is approved: ") + plan.text));
    if (plan.approveWith) section.append(make("p", {}, "To approve exactly this:"), make("pre", { tabindex: "0" }, make("code", {}, plan.approveWith)));
  }
  for (const text of one.alerts) section.append(alertBox(text, text.startsWith("broken")));
  for (const text of one.notices) section.append(alertBox(text, false));
  for (const { title, lines } of one.blocks) {
    section.append(make("details", {}, make("summary", {}, title), make("pre", { tabindex: "0" }, lines.join("\n"))));
  }
  one.body = make("div", {});
  section.append(one.body);
  one.section = section;
  one.byGroup = new Map();
  for (const root of one.roots) {
    const group = groupOf(one, root);
    if (!one.byGroup.has(group)) one.byGroup.set(group, []);
    one.byGroup.get(group).push(root);
  }
  one.texts = one.nodes.map((node) => [node.name, node.digest, ...node.tags, words[node.state][0], ...node.why, node.broken ? "broken" : ""].join("\n").toLowerCase());
  drawGroups(one);
  return section;
}

function drawGroups(one) {
  one.body.replaceChildren();
  for (const [group, title] of groups) {
    const roots = one.byGroup.get(group) || [];
    if (roots.length > 0) one.body.append(make("h3", {}, title + " (" + roots.length + ")"), ...drawList(one, roots));
  }
  const stays = one.byGroup.get("stays") || [];
  if (stays.length > 0) one.body.append(make("h3", {}, "Stays"), ...drawFolded(one, stays));
  if (one.left > 0) one.body.append(make("p", { class: "soft" }, one.left + " versions that stay are not drawn here."));
}

/** Shows what holds the text, each with the image that it is a part of. Returns how many versions do. */
function search(text) {
  const wanted = text.trim().toLowerCase();
  let count = 0;
  for (const one of data.packages) {
    if (wanted === "") {
      one.section.hidden = false;
      drawGroups(one);
      continue;
    }
    const hits = new Set(one.texts.flatMap((hay, at) => (hay.includes(wanted) ? [at] : [])));
    const holds = (at, path) => hits.has(at) || one.nodes[at].parts.some(([to]) => !path.has(to) && holds(to, new Set(path).add(to)));
    const roots = one.roots.filter((root) => holds(root, new Set([root])));
    count += hits.size;
    one.section.hidden = hits.size === 0 && !one.name.toLowerCase().includes(wanted);
    one.body.replaceChildren(...(roots.length > 0 ? drawList(one, roots, hits) : []));
  }
  return count;
}

const input = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
const told = make("output", { for: "search", class: "soft", "aria-live": "polite" });
input.addEventListener("input", () => {
  const count = search(input.value);
  told.textContent = input.value.trim() === "" ? "" : " " + count + (count === 1 ? " version" : " versions");
});
input.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  input.value = "";
  input.dispatchEvent(new Event("input"));
});
const form = make("form", { role: "search" }, make("label", { for: "search" }, "Tag, digest or reason: "), input, told);
form.addEventListener("submit", (event) => event.preventDefault());
const main = make("main", {});
for (const text of data.errors) main.append(alertBox(text, true));
for (const text of data.notes) main.append(alertBox(text, false));
for (const one of data.organizations) {
  main.append(make("p", {}, one.name + ": " + one.headline));
  if (one.approveWith) main.append(make("pre", { tabindex: "0" }, make("code", {}, one.approveWith)));
}
for (const one of data.packages) main.append(drawPackage(one));
document.body.prepend(make("header", {}, make("h1", {}, "Retention of " + data.stack), form), main);
`;
