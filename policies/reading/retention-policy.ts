import { z } from "zod";
import { Evidence } from "./evidence";
import { holdsUnknown, knownPart, notKnown } from "./known";
import { Planned } from "./planned";
import { WrittenRule } from "./written-rule";

const types: ReadonlySet<string> = new Set(["pulumi-nodejs:dynamic/ghcr:RetentionPolicy"]);

export function isRetentionPolicy(type: string): boolean {
  return types.has(type);
}

/** What policies judge of a `RetentionPolicy`. */
export interface RetentionPolicy {
  /** Those that are known. */
  readonly rules: readonly WrittenRule[];
  /** Absent: not known yet, or not understood. */
  readonly planned: Planned | undefined;
  /** Absent: there is none, it is not known yet, or it is not understood. */
  readonly evidence: Evidence | undefined;
  /** Paths to what has a form that this pack does not understand. */
  readonly notUnderstood: readonly string[];
  /** What reading a value that is not known yet threw; thrown on, the engine says so under the policy's name. */
  readonly cause: unknown;
}

/** Reads the inputs of a `RetentionPolicy`. Never throws, whatever they are. */
export function readRetentionPolicy(props: unknown): RetentionPolicy {
  const rules = knownPart(props, "rules");
  const evidence = knownPart(props, "evidence");
  const deletions = knownPart(props, "deletions");
  const pending = knownPart(props, "pending");

  const notUnderstood: string[] = [];
  function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, ...path: string[]): z.output<Schema> | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    notUnderstood.push(...parsed.error.issues.map((issue) => [...path, ...issue.path].join(".")));
    return undefined;
  }
  function parseKnown<Schema extends z.ZodType>(schema: Schema, value: unknown, ...path: string[]): z.output<Schema> | undefined {
    return holdsUnknown(value) ? undefined : parse(schema, value, ...path);
  }

  function parseRules(value: unknown): WrittenRule[] {
    const list = value === notKnown ? [] : (parse(z.array(z.unknown()), value, "rules") ?? []);
    return list.flatMap((rule, place) => (rule === notKnown ? [] : (parse(WrittenRule, rule, "rules", `${place}`) ?? [])));
  }

  return {
    rules: parseRules(rules.value),
    planned: parseKnown(Planned, { deletions: deletions.value, pending: pending.value }),
    evidence: parseKnown(Evidence.optional(), evidence.value, "evidence"),
    notUnderstood,
    cause: rules.cause ?? evidence.cause ?? deletions.cause ?? pending.cause,
  };
}
