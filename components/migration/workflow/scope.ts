import { isDeepStrictEqual } from "node:util";
import { holdsExpression } from "../../../cleaners/cleaner";
import { expand, isList, type Lookup, type MaybeValue, unknown, type Value } from "./expression";
import type { Combination } from "./matrix";
import { entriesIn, type Place, resolved, textAt, under, valueAt } from "./yaml-values";

/** The inputs of one way to start a workflow; a name without a value is known only in a run. */
export interface Start {
  readonly inputs: ReadonlyMap<string, Value | undefined>;
  readonly isCall: boolean;
  /** Whether a person started it: only then `github.event.inputs` has the inputs. */
  readonly isDispatch: boolean;
  /** Whether every input is empty, as in a scheduled run. */
  readonly isWithoutInputs: boolean;
}

/** What an expression of a step can see. */
export interface Scope {
  readonly starts: readonly Start[];
  /** Variables with their text as written; a later map wins. */
  readonly env: ReadonlyMap<string, string | undefined>;
  readonly matrix: Combination;
}

/** The ways in which a workflow can start, with the defaults of its inputs. Pure. */
export function startsOf(root: Place): Start[] {
  const triggers = under(root, "on");
  const names = namesOf(triggers);
  const started = names.map((name) => {
    const inputs = defaultsOf(under(under(triggers, name), "inputs"));
    const [isCall, isDispatch] = [name === "workflow_call", name === "workflow_dispatch"];
    return { inputs, isCall, isDispatch, isWithoutInputs: !isCall && !isDispatch };
  });
  // All other events have the same inputs: those that are declared for a call or a dispatch, and empty.
  const first = started.findIndex(({ isWithoutInputs }) => isWithoutInputs);
  const empty = new Map(started.flatMap(({ inputs }) => [...inputs.keys()].map((name): [string, Value] => [name, null])));
  return started
    .filter(({ isWithoutInputs }, index) => !isWithoutInputs || index === first)
    .map((start) => (start.isWithoutInputs ? { ...start, inputs: empty } : start));
}

function namesOf(triggers: Place): string[] {
  const text = textAt(triggers);
  if (text !== undefined) return [text];
  const value = valueAt(triggers);
  if (value === undefined || value === null || typeof value !== "object") return [];
  return isList(value) ? value.filter((name): name is string => typeof name === "string") : Object.keys(value);
}

/** The inputs of a workflow or a composite action with their defaults. */
export function defaultsOf(inputs: Place): Map<string, Value | undefined> {
  return new Map(
    entriesIn(inputs).map(({ key, value }) => {
      const written = under(value, "default");
      const text = textAt(written);
      const isKnown = resolved(written) !== undefined && text !== undefined && !holdsExpression(text);
      return [key.toLowerCase(), isKnown ? valueAt(written) : undefined];
    }),
  );
}

/** Adds the variables of an `env:` to those of the places around it. */
export function withEnv(scope: Scope, env: Place): Scope {
  const own = entriesIn(env).map(({ key, value }): [string, string | undefined] => {
    const text = textAt(value);
    return [key, text === undefined ? undefined : expandIn(scope, text)];
  });
  return own.length === 0 ? scope : { ...scope, env: new Map([...scope.env, ...own]) };
}

/** Replaces the expressions of a text; `undefined` when one is unknown, or differs with the way the workflow starts. Pure. */
export function expandIn(scope: Scope, text: string): string | undefined {
  if (!holdsExpression(text)) return text;
  const [first, ...more] = scope.starts.length === 0 ? [undefined] : scope.starts;
  const expanded = expand(text, lookupOf(scope, first));
  return more.every((start) => expand(text, lookupOf(scope, start)) === expanded) ? expanded : undefined;
}

/** Finds values for expressions that do not depend on how the workflow starts. */
export function lookupIn(scope: Scope): Lookup {
  return (path) => {
    const values = scope.starts.map((start) => lookupOf(scope, start)(path));
    const [first = lookupOf(scope, undefined)(path), ...more] = values;
    return more.every((value) => isDeepStrictEqual(value, first)) ? first : unknown;
  };
}

function lookupOf({ env, matrix }: Scope, start: Start | undefined): Lookup {
  return ([root = "", ...path]) => {
    const [name = ""] = path;
    switch (root.toLowerCase()) {
      case "env":
        return path.length === 1 ? (env.get(name) ?? unknown) : unknown;
      case "matrix":
        return fieldOf(matrix, path);
      case "inputs":
        return path.length === 1 ? inputOf(start, name) : unknown;
      case "github": {
        const isEventInput = path.length === 3 && path[0] === "event" && path[1] === "inputs";
        if (!isEventInput || start === undefined) return unknown;
        return start.isWithoutInputs || start.isDispatch ? inputOf(start, path[2] ?? "") : unknown;
      }
      default:
        return unknown;
    }
  };
}

function inputOf(start: Start | undefined, name: string): MaybeValue {
  const value = start?.inputs.get(name.toLowerCase());
  return value === undefined ? unknown : value;
}

function fieldOf(value: Value, [key, ...more]: readonly string[]): MaybeValue {
  if (key === undefined) return value;
  if (value === null || typeof value !== "object" || isList(value)) return unknown;
  const found = Object.keys(value).find((name) => name.toLowerCase() === key.toLowerCase());
  const next = found === undefined ? undefined : value[found];
  return next === undefined ? unknown : fieldOf(next, more);
}
