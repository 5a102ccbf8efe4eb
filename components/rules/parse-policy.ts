import { serialize } from "node:v8";
import { z } from "zod";
import { RetentionError } from "../model/errors";
import { withoutControls } from "../model/printable";
import { issueText } from "./issue-text";
import { Policy } from "./policy";

/** Parses a policy as written, ignoring `undefined` entries. Throws a {@link RetentionError} that names each path and its fix. */
export function parsePolicy(written: unknown): Policy {
  if (isDeeperThan(maxDepth, written))
    throw new RetentionError(`the retention policy is not valid:\n  the whole: expected no more than ${maxDepth} levels`);
  const plain = withoutUndefined(written);
  const shared = sharedPart(plain);
  const known = shared === undefined ? undefined : taken.get(shared);
  const names = known && Names.safeParse(plain);
  if (known !== undefined && names?.success) return { ...known, ...names.data };
  const parsed = Policy.safeParse(plain, { error: issueText });
  if (!parsed.success) throw new RetentionError(`the retention policy is not valid:\n${describeIssues(parsed.error)}`);
  if (shared !== undefined && taken.size < maxTaken) taken.set(shared, parsed.data);
  return parsed.data;
}

const Names = z.object(Policy.shape).pick({ owner: true, package: true });

/** Valid policies by their {@link sharedPart}: the packages of an organisation have the same, and it takes a millisecond to parse. */
const taken = new Map<string, Policy>();
const maxTaken = 100;

/** Returns all of a policy but its names, as a key; `undefined` where it holds a value that cannot be copied, such as a function. */
function sharedPart(written: unknown): string | undefined {
  if (typeof written !== "object" || written === null) return undefined;
  try {
    return serialize({ ...written, owner: undefined, package: undefined }).toString("latin1");
  } catch {
    return undefined;
  }
}

/** Formats the issues of a zod error, one per line: `rules[1].olderThan: expected a duration …`. */
export function describeIssues(error: z.ZodError, prefix = ""): string {
  return firstOfEachValue(error.issues)
    .map(({ path, message }) => {
      const fullPath = prefix + z.core.toDotPath(path);
      // A config must not be able to write control sequences to the terminal of a reviewer.
      return withoutControls(`  ${fullPath.replace(/[.:]$/, "") || "the whole"}: ${message}`);
    })
    .join("\n");
}

/** A value of a wrong form fails each further test of that form as well, which says nothing new. */
function firstOfEachValue(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const ofWrongForm = new Set<string>();
  return issues.filter(({ code, path }) => {
    const place = z.core.toDotPath(path);
    if (ofWrongForm.has(place)) return false;
    if (code !== "custom" && code !== "unrecognized_keys") ofWrongForm.add(place);
    return true;
  });
}

/** Deep enough for any policy, which has five levels, and shallow enough for the recursion below. */
export const maxDepth = 50;

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeperThan(levels - 1, entry));
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => (entry === undefined ? [] : [[key, withoutUndefined(entry)]])));
}
