import { holdsExpression } from "../../../cleaners/cleaner";
/** A value of GitHub's expressions. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Stands for a value that is known only in a run. */
export const unknown = Symbol("known only in a run");
export type MaybeValue = Value | typeof unknown;

/** Returns the value of `inputs.keep` for `["inputs", "keep"]`. */
export type Lookup = (path: readonly string[]) => MaybeValue;

/** GitHub's own bounds: https://github.com/actions/runner/blob/main/src/Sdk/DTExpressions2/Expressions2/ExpressionConstants.cs */
const maxLength = 21_000;
const maxDepth = 50;

/** https://docs.github.com/actions/reference/workflows-and-actions/expressions: names, literals and operators. */
const token = /\s*(?:([A-Za-z_][\w-]*)|'((?:[^']|'')*)'|(-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?))|(\|\||&&|==|!=|[!().,[\]]))/gy;

type Token = { readonly kind: "name" | "text" | "number" | "operator"; readonly text: string };

/** Evaluates the text between `${{` and `}}`; what it does not understand is unknown. Pure. */
export function evaluate(source: string, lookup: Lookup): MaybeValue {
  const tokens = source.length > maxLength ? undefined : tokensOf(source);
  if (tokens === undefined || tokens.length === 0) return unknown;
  const parser = new Parser(tokens, lookup);
  const value = parser.or();
  return parser.isComplete ? value : unknown;
}

function tokensOf(source: string): Token[] | undefined {
  const text = source.trimEnd();
  const found = [...text.matchAll(token)];
  if (found.map(([all]) => all).join("") !== text) return undefined;
  return found.map(([, name, quoted, number, operator]) => {
    if (name !== undefined) return { kind: "name", text: name };
    if (quoted !== undefined) return { kind: "text", text: quoted.replaceAll("''", "'") };
    return number === undefined ? { kind: "operator", text: operator ?? "" } : { kind: "number", text: number };
  });
}

class Parser {
  #at = 0;
  #depth = 0;
  #isBroken = false;
  readonly #tokens: readonly Token[];
  readonly #lookup: Lookup;

  constructor(tokens: readonly Token[], lookup: Lookup) {
    this.#tokens = tokens;
    this.#lookup = lookup;
  }

  /** Whether all was read, and no part of it was wrong. */
  get isComplete(): boolean {
    return this.#at === this.#tokens.length && !this.#isBroken;
  }

  or(): MaybeValue {
    this.#depth += 1;
    const value = this.#depth > maxDepth ? this.#fail() : this.#anyOf();
    this.#depth -= 1;
    return value;
  }

  /** Ends the parsing, whatever is around it. */
  #fail(): typeof unknown {
    this.#isBroken = true;
    this.#at = this.#tokens.length;
    return unknown;
  }

  #anyOf(): MaybeValue {
    let left = this.#and();
    while (this.#take("||")) {
      const right = this.#and();
      left = left === unknown ? unknown : isTruthy(left) ? left : right;
    }
    return left;
  }

  #and(): MaybeValue {
    let left = this.#equal();
    while (this.#take("&&")) {
      const right = this.#equal();
      left = left === unknown ? unknown : isTruthy(left) ? right : left;
    }
    return left;
  }

  #equal(): MaybeValue {
    let left = this.#not();
    for (let operator = this.#takeAny("==", "!="); operator !== undefined; operator = this.#takeAny("==", "!=")) {
      const right = this.#not();
      left = left === unknown || right === unknown ? unknown : areEqual(left, right) === (operator === "==");
    }
    return left;
  }

  #not(): MaybeValue {
    let negations = 0;
    while (this.#take("!")) negations += 1;
    const value = this.#value();
    if (negations === 0 || value === unknown) return value;
    return isTruthy(value) === (negations % 2 === 0);
  }

  #value(): MaybeValue {
    const next = this.#tokens[this.#at];
    this.#at += 1;
    if (next === undefined) return this.#fail();
    if (next.kind === "text") return next.text;
    if (next.kind === "number") return Number(next.text);
    if (next.text === "(") {
      const value = this.or();
      return this.#take(")") ? value : this.#fail();
    }
    if (next.kind === "operator") return this.#fail();
    const literal = literals.get(next.text.toLowerCase());
    if (literal !== undefined) return literal;
    return this.#take("(") ? call(next.text, this.#parameters()) : this.#context(next.text);
  }

  #parameters(): MaybeValue[] {
    const given: MaybeValue[] = [];
    if (this.#take(")")) return given;
    do given.push(this.or());
    while (this.#take(","));
    if (!this.#take(")")) this.#fail();
    return given;
  }

  #context(root: string): MaybeValue {
    const path = [root];
    let isKnown = true;
    for (let operator = this.#takeAny(".", "["); operator !== undefined; operator = this.#takeAny(".", "[")) {
      if (operator === ".") {
        const name = this.#tokens[this.#at];
        this.#at += 1;
        if (name?.kind !== "name") return this.#fail();
        path.push(name.text);
        continue;
      }
      const key = this.or();
      if (!this.#take("]")) return this.#fail();
      isKnown &&= key !== unknown;
      path.push(key === unknown ? "" : asText(key));
    }
    return isKnown ? this.#lookup(path) : unknown;
  }

  #take(text: string): boolean {
    return this.#takeAny(text) !== undefined;
  }

  #takeAny(...texts: readonly string[]): string | undefined {
    const next = this.#tokens[this.#at];
    if (next?.kind !== "operator" || !texts.includes(next.text)) return undefined;
    this.#at += 1;
    return next.text;
  }
}

const literals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function call(name: string, given: readonly MaybeValue[]): MaybeValue {
  const known = given.filter((one): one is Value => one !== unknown);
  const [first = null, ...more] = known;
  if (known.length !== given.length) return unknown;
  switch (name.toLowerCase()) {
    case "format":
      return asText(first).replace(/\{\{|\}\}|\{(\d+)\}/g, (all, index) =>
        index === undefined ? all.slice(1) : asText(more[index] ?? null),
      );
    case "fromjson":
      return parseJson(asText(first));
    case "join":
      return isList(first) ? first.map(asText).join(more[0] === undefined ? "," : asText(more[0])) : asText(first);
    default:
      return unknown;
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function parseJson(text: string): MaybeValue {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return unknown;
  }
}

function isTruthy(value: Value): boolean {
  return value !== "" && value !== 0 && value !== false && value !== null;
}

function areEqual(one: Value, other: Value): boolean {
  if (typeof one === "string" && typeof other === "string") return one.toLowerCase() === other.toLowerCase();
  if (typeof one === typeof other) return one === other;
  return Number(one) === Number(other);
}

/** Converts a value as GitHub does where it becomes an input. */
export function asText(value: Value): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Replaces each `${{ … }}` by its value; `undefined` if one is unknown. Pure. */
export function expand(text: string, lookup: Lookup): string | undefined {
  let isKnown = true;
  const expanded = text.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, source: string) => {
    const value = evaluate(source, lookup);
    if (value === unknown) isKnown = false;
    return value === unknown ? "" : asText(value);
  });
  return isKnown && !holdsExpression(expanded) ? expanded : undefined;
}
