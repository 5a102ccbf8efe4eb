import { z } from "zod";
import { Evidence } from "./evidence";
import { Planned } from "./planned";
import { containsUnknown, readProperty, unknownValue } from "./unknown-values";
import { WrittenRule } from "./written-rule";

const types: ReadonlySet<string> = new Set(["pulumi-nodejs:dynamic/ghcr:RetentionPolicy"]);

export function isRetentionPolicy(type: string): boolean {
  return types.has(type);
}

/** The inputs of a `RetentionPolicy` that policies check. */
export interface RetentionPolicy {
  /** The rules that are known. */
  readonly rules: readonly WrittenRule[];
  /** Absent while unknown, or when it cannot be parsed. */
  readonly planned: Planned | undefined;
  /** Absent when there is none, while unknown, or when it cannot be parsed. */
  readonly evidence: Evidence | undefined;
  /** Paths of the properties that cannot be parsed. */
  readonly unparsed: readonly string[];
  /** The error of reading an unknown value; rethrown, it makes the engine report that under the policy's name. */
  readonly cause: unknown;
}

/** Reads the inputs of a `RetentionPolicy`. Never throws, whatever they are. */
export function readRetentionPolicy(props: unknown): RetentionPolicy {
  const rules = readProperty(props, "rules");
  const evidence = readProperty(props, "evidence");
  const deletions = readProperty(props, "deletions");
  const pending = readProperty(props, "pending");
  const deleted = readProperty(props, "deleted");

  const unparsed: string[] = [];
  function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, ...path: string[]): z.output<Schema> | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    unparsed.push(...parsed.error.issues.map((issue) => [...path, ...issue.path].join(".")));
    return undefined;
  }
  function parseKnown<Schema extends z.ZodType>(schema: Schema, value: unknown, ...path: string[]): z.output<Schema> | undefined {
    return containsUnknown(value) ? undefined : parse(schema, value, ...path);
  }

  function parseRules(value: unknown): WrittenRule[] {
    const list = value === unknownValue ? [] : (parse(z.array(z.unknown()), value, "rules") ?? []);
    return list.flatMap((rule, index) => (rule === unknownValue ? [] : (parse(WrittenRule, rule, "rules", `${index}`) ?? [])));
  }

  return {
    rules: parseRules(rules.value),
    planned: parseKnown(Planned, { deletions: deletions.value, pending: pending.value, deleted: deleted.value }),
    evidence: parseKnown(Evidence.optional(), evidence.value, "evidence"),
    unparsed,
    cause: rules.cause ?? evidence.cause ?? deletions.cause ?? pending.cause ?? deleted.cause,
  };
}
