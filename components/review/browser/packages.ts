/** Draws the sections of the packages, and the table that leads to them. */

type PagePlan = import("./data").PagePlan;

/** A package on the page. */
interface DrawnPackage {
  readonly data: PagePackage;
  readonly section: HTMLElement;
  /** Holds the trees of versions: all of them, or those that a search found. */
  readonly trees: HTMLElement;
  readonly setOpen: (isOpen: boolean) => void;
  readonly isOpenAtFirst: boolean;
}

/** So many packages are drawn open, so that a page of any size opens at once. */
const maxOpen = 20;

function drawPackage(data: PagePackage, place: number, { length }: readonly PagePackage[]): DrawnPackage {
  const heading = uniqueId("package");
  const trees = make("div", {});
  const { button, content, setOpen } = makeFold({ class: "package" }, make("div", { class: "body" }), () => {
    trees.append(...drawGroups(data));
    return [make("div", { class: "context" }, ...contextOf(data)), trees];
  });
  button.append(data.name);
  const section = make(
    "section",
    // A link to it moves the focus there.
    { id: `p-${place}`, "aria-labelledby": heading, tabindex: "-1" },
    make(
      "div",
      { class: "bar" },
      make("h2", { id: heading }, button),
      make("span", { class: `badge ${data.color}` }, data.status),
      ...(length > 1 ? [make("a", { href: "#contents", class: "up" }, "Contents")] : []),
    ),
    make("p", { class: "soft" }, data.headline),
    content,
  );
  const isOpenAtFirst = !data.isQuiet && place < maxOpen;
  setOpen(isOpenAtFirst);
  return { data, section, trees, setOpen, isOpenAtFirst };
}

/** What stands above the images of a package. */
function contextOf(data: PagePackage): HTMLElement[] {
  return [
    ...(data.failure === undefined ? [] : [alertBox(data.failure, true)]),
    ...pictureOf(data),
    ...data.plans.flatMap(planContext),
    ...data.alerts.map(({ text, broken }) => alertBox(text, broken)),
    ...data.notices.map((text) => alertBox(text, false)),
    ...data.notes.map((text) => make("p", { class: "soft" }, ...prose(text))),
    ...data.blocks.map(({ title, lines }) =>
      make("details", {}, make("summary", {}, title), make("pre", { tabindex: "0" }, lines.join("\n"))),
    ),
  ];
}

/** What a plan is, what it frees, and the lines that approve it and that undo it. */
function planContext({ id, state, text, storage, approveWith, undoWith }: PagePlan): HTMLElement[] {
  return [
    state === "refused"
      ? alertBox(`plan ${id} cannot be approved: ${text}`, true)
      : make("p", {}, ...prose(`plan \`${id}\`${state === "waiting" ? " waits for approval. " : " is approved: "}${text}`)),
    ...(storage ? [make("p", {}, ...prose(`It ${storage}.`))] : []),
    ...(approveWith ? [make("p", {}, "To approve exactly this:"), command(approveWith)] : []),
    ...(undoWith ? [make("p", {}, ...prose("To undo it within 30 days, and then `pulumi up`:")), command(undoWith.join("\n"))] : []),
  ];
}

/** The picture is an element that the page holds already: nothing is parsed here. */
function pictureOf({ picture }: PagePackage): HTMLElement[] {
  const template = picture === undefined ? null : document.getElementById(picture);
  return template instanceof HTMLTemplateElement ? [make("figure", {}, template.content.cloneNode(true))] : [];
}

function drawSummary(packages: readonly DrawnPackage[]): HTMLElement {
  const of = (key: keyof PagePackage["counts"]) => packages.map(({ data }) => data.counts[key]);
  const facts = [
    ["not reviewed", packages.filter(({ data }) => data.failure !== undefined).map(() => 0)],
    ["cannot go", of("refused")],
    ["wait for approval", of("waiting")],
    ["approved", of("approved")],
    ["in grace", of("inGrace")],
    ["withheld", of("withheld")],
  ] as const;
  const cards = facts.flatMap(([what, numbers], place) => {
    const number = numbers.reduce<number>((sum, one) => sum + one, 0);
    const among = place === 0 ? numbers.length : numbers.filter((one) => one > 0).length;
    if (among === 0) return [];
    const [big, small] = place === 0 ? [several(among, "package"), ""] : [several(number, "version"), ` in ${several(among, "package")}`];
    return [make("div", {}, make("dt", {}, what), make("dd", {}, make("strong", {}, big), small))];
  });
  if (cards.length === 0) return make("p", {}, `${several(packages.length, "package")}, nothing to delete`);
  return make("dl", { class: "facts" }, ...cards);
}

/** The table of contents: one row for each package where something happens; the others are folded. */
function drawContents(packages: readonly DrawnPackage[]): HTMLElement {
  const telling = packages.filter(({ data }) => !data.isQuiet);
  const quiet = packages.filter(({ data }) => data.isQuiet);
  const contents = make("nav", { id: "contents", "aria-labelledby": "contents-title" }, make("h2", { id: "contents-title" }, "Packages"));
  if (telling.length > 0) contents.append(tableOf(telling));
  if (quiet.length > 0) {
    const { button, content } = makeFold({ class: "fold" }, make("div", {}), () => [
      make("ul", { class: "links" }, ...quiet.map((one) => make("li", {}, linkTo(one)))),
    ]);
    button.textContent = `${several(quiet.length, "package")} with nothing to delete`;
    contents.append(button, content);
  }
  return contents;
}

const columns = [
  ["waiting", "waits"],
  ["approved", "goes"],
  ["refused", "cannot go"],
  ["inGrace", "in grace"],
  ["withheld", "withheld"],
] as const;

function tableOf(packages: readonly DrawnPackage[]): HTMLElement {
  // A column of zeros tells nothing.
  const shown = columns.filter(([key]) => packages.some(({ data }) => data.counts[key] > 0));
  const head = ["package", "status", ...shown.map(([, word]) => word), "plan"].map((word, place) =>
    make("th", { scope: "col", ...(place > 1 && word !== "plan" ? { class: "number" } : {}) }, word),
  );
  const rows = packages.map((one) => {
    const { data } = one;
    const numbers = shown.map(([key, word]) => {
      const number = data.counts[key];
      if (number === 0) return make("td", { class: "number none" }, "–");
      return make("td", { class: "number", "data-label": word }, number.toLocaleString("en-US"));
    });
    const ids = data.plans.map(({ id }) => id).join(", ");
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, linkTo(one)),
      make("td", {}, make("span", { class: `badge ${data.color}` }, data.status)),
      ...numbers,
      ids === "" ? make("td", { class: "none" }, "–") : make("td", { class: "plan" }, make("code", {}, ids)),
    );
  });
  return make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

/** A link that opens its package as well. */
function linkTo({ data, section, setOpen }: DrawnPackage): HTMLElement {
  const link = make("a", { href: `#${section.id}` }, data.name);
  link.addEventListener("click", () => setOpen(true));
  return link;
}
