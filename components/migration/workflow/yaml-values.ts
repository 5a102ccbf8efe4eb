import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { asText, type Value } from "./expression";

/** A node with its document, which knows the anchors. */
export interface Place {
  readonly node: unknown;
  readonly document: Document;
}

/** Follows an alias. */
export function resolved({ node, document }: Place): unknown {
  return isAlias(node) ? (node as Alias).resolve(document) : node;
}

/** The value under a key, when the place is a map that has it. */
export function under(place: Place, key: string): Place {
  const map = resolved(place);
  return { ...place, node: isMap(map) ? map.get(key, true) : undefined };
}

/** The entries of a map, in order; none for anything else. */
export function entriesIn(place: Place): { readonly key: string; readonly value: Place }[] {
  const map = resolved(place);
  if (!isMap(map)) return [];
  return (map as YAMLMap).items.flatMap(({ key, value }) =>
    isScalar(key) ? [{ key: String(key.value), value: { ...place, node: value } }] : [],
  );
}

/** The items of a list; none for anything else. */
export function itemsIn(place: Place): Place[] {
  const list = resolved(place);
  return isSeq(list) ? list.items.map((node) => ({ ...place, node })) : [];
}

/** The text of a scalar as GitHub reads it; `undefined` for anything else. */
export function textAt(place: Place): string | undefined {
  const scalar = resolved(place);
  return isScalar(scalar) ? asText(scalarValue(scalar.value)) : undefined;
}

function scalarValue(value: unknown): Value {
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : String(value);
}

const maxDepth = 8;

/** The value of a node with all below it; `undefined` where it is too deep, such as in a circle of aliases. */
export function valueAt(place: Place, depth = 0): Value | undefined {
  if (depth > maxDepth) return undefined;
  const node = resolved(place);
  if (node === undefined || node === null) return null;
  if (isScalar(node)) return scalarValue(node.value);
  if (isSeq(node)) {
    const items = itemsIn(place).map((item) => valueAt(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries = entriesIn(place).map(({ key, value }) => [key, valueAt(value, depth + 1)] as const);
  const known = entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return known.length === entries.length ? Object.fromEntries(known) : undefined;
}
