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

/** Bounds the values behind aliases, which may stand for each other many times over, or in a circle. */
const maxNodes = 4_000;

/** The value of a node with all below it; `undefined` where that is too much. */
export function valueAt(place: Place, budget = { nodes: maxNodes }): Value | undefined {
  budget.nodes -= 1;
  if (budget.nodes < 0) return undefined;
  const node = resolved(place);
  if (node === undefined || node === null) return null;
  if (isScalar(node)) return scalarValue(node.value);
  if (isSeq(node)) {
    const items: Value[] = [];
    for (const item of itemsIn(place)) {
      const value = valueAt(item, budget);
      if (value === undefined) return undefined;
      items.push(value);
    }
    return items;
  }
  const entries: [string, Value][] = [];
  for (const { key, value: at } of entriesIn(place)) {
    const value = valueAt(at, budget);
    if (value === undefined) return undefined;
    entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
