/** Finds versions by tag, digest or reason. */

/** What a search looks at, by package and node; made once. */
const searchTexts = new WeakMap<PagePackage, readonly string[]>();

function textsOf(data: PagePackage): readonly string[] {
  const known = searchTexts.get(data);
  if (known) return known;
  const texts = data.nodes.map(({ name, digest, tags, state, says, why, broken }) =>
    [name, digest, ...tags, badges[state].word, says, ...why, broken ? "broken" : ""].join("\n").toLowerCase(),
  );
  searchTexts.set(data, texts);
  return texts;
}

/** Shows the versions that hold the text, each in the tree of its image. Returns their number. */
function search(packages: readonly DrawnPackage[], text: string): number {
  const wanted = text.trim().toLowerCase();
  let count = 0;
  for (const one of packages) {
    const { data, section, trees, setOpen } = one;
    const isSearch = wanted !== "";
    section.classList.toggle("searched", isSearch);
    if (!isSearch) {
      section.hidden = false;
      setOpen(one.isOpenAtFirst);
      if (trees.childElementCount > 0) trees.replaceChildren(...drawGroups(data));
      continue;
    }
    const hits = new Set(textsOf(data).flatMap((hay, index) => (hay.includes(wanted) ? [index] : [])));
    const open = new Set<number>();
    const roots = data.roots.filter((root) => leadsToHit(data, root, { hits, open }, new Set([root])));
    count += hits.size;
    section.hidden = hits.size === 0 && !data.name.toLowerCase().includes(wanted);
    if (section.hidden) continue;
    setOpen(true);
    trees.replaceChildren(...(roots.length > 0 ? drawList(data, roots, { hits, open }) : []));
  }
  return count;
}

/** Reports whether a tree holds a hit, and adds what is above one to `open`. */
function leadsToHit(
  data: PagePackage,
  index: number,
  found: { hits: ReadonlySet<number>; open: Set<number> },
  path: ReadonlySet<number>,
): boolean {
  const below = nodeAt(data, index).parts.filter(([part]) => !path.has(part) && leadsToHit(data, part, found, new Set(path).add(part)));
  if (below.length > 0) found.open.add(index);
  return below.length > 0 || found.hits.has(index);
}

function drawSearch(packages: readonly DrawnPackage[]): HTMLElement {
  const input = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
  const result = make("output", { for: "search", class: "soft", "aria-live": "polite" });
  input.addEventListener("input", () => {
    const count = search(packages, input.value);
    result.textContent = input.value.trim() === "" ? "" : ` ${several(count, "version")}`;
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
