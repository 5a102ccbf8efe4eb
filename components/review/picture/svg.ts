import { withoutControls } from "../../model/printable";

export type Attributes = Readonly<Record<string, string | number>>;

/** Writes an element. Its children are elements, or texts that {@link text} wrote. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(typeof value === "number" ? rounded(value) : value)}"`);
  return children.length === 0 ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${children.join("")}</${name}>`;
}

/** Writes a text of a registry or a config so that neither XML nor HTML reads markup in it. */
export function text(of: string): string {
  return withoutControls(of).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A tenth of a pixel is more than anybody sees. */
function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
