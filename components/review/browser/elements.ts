/** Makes elements. Texts are set as text, never as HTML. */

type Attributes = Readonly<Record<string, string>>;

let lastId = 0;

function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

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

/** A button that shows and hides an element, which is filled when it is first shown. */
interface Fold {
  readonly button: HTMLButtonElement;
  readonly content: HTMLElement;
  readonly setOpen: (isOpen: boolean) => void;
}

function makeFold(attributes: Attributes, content: HTMLElement, fill: () => readonly (Node | string)[]): Fold {
  const id = uniqueId("fold");
  content.id = id;
  content.hidden = true;
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": id, ...attributes });
  function setOpen(isOpen: boolean): void {
    if (isOpen && content.childElementCount === 0) content.append(...fill());
    content.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }
  button.addEventListener("click", () => setOpen(content.hidden));
  return { button, content, setOpen };
}

function alertBox(text: string, isBad: boolean): HTMLElement {
  return make("div", { class: isBad ? "alert bad" : "alert", role: "note" }, ...prose(text));
}

/** A sentence, in which what stands between backticks is code. */
function prose(text: string): (HTMLElement | string)[] {
  return text.split(/`([^`]+)`/).map((piece, place) => (place % 2 === 1 ? make("code", {}, piece) : piece));
}

function command(text: string): HTMLElement {
  return make("pre", { tabindex: "0" }, make("code", {}, text));
}

function several(number: number, what: string): string {
  return `${number.toLocaleString("en-US")} ${what}${number === 1 ? "" : "s"}`;
}
