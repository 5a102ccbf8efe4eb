import { isDeepStrictEqual } from "node:util";
import { holdsExpression } from "../../../cleaners/cleaner";
import { evaluate, isList, type Lookup, unknown, type Value } from "./expression";
import { entriesIn, type Place, resolved, textAt, under, valueAt } from "./yaml-values";

/** The values of one run of a job, by the matrix's keys. A key that is missing is known only in a run. */
export type Combination = Readonly<Record<string, Value>>;

/** The most runs that GitHub allows for one job. */
const maxCombinations = 256;

/** Returns the runs of a job: https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations. Pure. */
export function combinationsOf(job: Place, lookup: Lookup): readonly Combination[] {
  const written = under(under(job, "strategy"), "matrix");
  if (resolved(written) === undefined) return [{}];
  const matrix = mapOf(written, lookup);
  // A matrix as a whole, or what it leaves out, may be an expression.
  if (matrix === undefined || isOpenAt(matrix, "include") || isOpenAt(matrix, "exclude")) return [{}];
  const { include = [], exclude = [], ...axes } = matrix;
  if (!isListOfMaps(exclude) || !isListOfMaps(include)) return [{}];
  let combinations: Combination[] = Object.keys(axes).length === 0 ? [] : [{}];
  for (const [key, values] of Object.entries(axes)) {
    if (values === undefined) continue;
    const list = isList(values) ? values : [values];
    combinations = combinations.flatMap((one) => list.map((value) => ({ ...one, [key]: value }))).slice(0, maxCombinations);
  }
  const isOpen = Object.values(axes).includes(undefined);
  // What an unknown axis leaves out or extends is unknown too.
  if (isOpen && (exclude.length > 0 || include.length > 0)) return [{}];
  const left = combinations.filter((one) => !exclude.some((pattern) => fits(one, pattern)));
  return included(left, include, Object.keys(axes));
}

/** Adds each entry of `include` to the runs that it does not contradict, or as a run of its own. */
function included(combinations: readonly Combination[], include: readonly Combination[], axes: readonly string[]): Combination[] {
  let runs = combinations.map((one) => ({ ...one }));
  const own: Combination[] = [];
  for (const entry of include) {
    const shared = Object.fromEntries(Object.entries(entry).filter(([key]) => axes.includes(key)));
    const extended = runs.map((run) => (fits(run, shared) ? { ...run, ...entry } : run));
    if (extended.every((run, index) => run === runs[index])) own.push(entry);
    runs = extended;
  }
  return [...runs, ...own];
}

function fits(combination: Combination, pattern: Combination): boolean {
  return Object.entries(pattern).every(([key, value]) => isDeepStrictEqual(combination[key], value));
}

/** The keys of the matrix, each with its value; `undefined` for an expression that is not known. */
function mapOf(written: Place, lookup: Lookup): Record<string, Value | undefined> | undefined {
  const text = textAt(written);
  if (text === undefined) return Object.fromEntries(entriesIn(written).map(({ key, value }) => [key, axisOf(value, lookup)]));
  const whole = evaluated(text, lookup);
  return whole === undefined || whole === null || typeof whole !== "object" || isList(whole) ? undefined : { ...whole };
}

function isOpenAt(matrix: Readonly<Record<string, Value | undefined>>, key: string): boolean {
  return key in matrix && matrix[key] === undefined;
}

function axisOf(place: Place, lookup: Lookup): Value | undefined {
  const text = textAt(place);
  if (text !== undefined && holdsExpression(text)) return evaluated(text, lookup);
  const value = valueAt(place);
  return value === undefined ? undefined : withKnown(value, lookup);
}

/** Evaluates the expressions among the values; `undefined` if one of them is unknown. */
function withKnown(value: Value, lookup: Lookup): Value | undefined {
  if (typeof value === "string") return holdsExpression(value) ? evaluated(value, lookup) : value;
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) {
    const items = value.map((item) => withKnown(item, lookup));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, withKnown(item, lookup)] as const);
  const known = entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]));
  return known.length === entries.length ? Object.fromEntries(known) : undefined;
}

function evaluated(text: string, lookup: Lookup): Value | undefined {
  const [, source] = /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(text) ?? [];
  if (source === undefined || holdsExpression(source)) return undefined;
  const value = evaluate(source, lookup);
  return value === unknown ? undefined : value;
}

function isListOfMaps(value: Value | undefined): value is readonly Combination[] {
  return value !== undefined && isList(value) && value.every((item) => item !== null && typeof item === "object" && !isList(item));
}
