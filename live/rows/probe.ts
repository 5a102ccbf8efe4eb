import type { Switches } from "../../sandbox";

/** What is assumed of GHCR, or what was seen of it: a setting of a switch, or a word for what happened. */
export type Value = string | boolean;

/** What a probe saw. `words` holds what a person may want to read, such as GHCR's own text. */
export type Observation =
  | { readonly kind: "seen"; readonly value: Value; readonly words?: string }
  | { readonly kind: "not observable"; readonly why: string };

/** One assumption of the sandbox or of docs/safety.md, and how to see whether it holds. */
export interface Probe<Place> {
  /** What is assumed, so that a value completes it. */
  readonly name: string;
  readonly assumption: Value;
  /** The switch of the sandbox whose settings are the values. */
  readonly switch?: keyof Switches;
  observe(place: Place): Promise<Observation>;
}

export function saw(value: Value, words?: string): Observation {
  return { kind: "seen", value, ...(words === undefined || words === "" ? {} : { words }) };
}

export function notObservable(why: string): Observation {
  return { kind: "not observable", why };
}
