import { z } from "zod";
import { RetentionError } from "../model/errors";
import { withoutControls } from "../model/printable";
import { issueText } from "./issue-text";
import { Policy } from "./policy";

/** Parses a policy as written, ignoring `undefined` entries. Throws a {@link RetentionError} that names each path and its fix. */
export function parsePolicy(written: unknown): Policy {
  if (isDeeperThan(maxDepth, written))
    throw new RetentionError(`the retention policy is not valid:\n  the whole: expected no more than ${maxDepth} levels`);
  const parsed = Policy.safeParse(withoutUndefined(written), { error: issueText });
  if (parsed.success) return parsed.data;
  throw new RetentionError(`the retention policy is not valid:\n${describeIssues(parsed.error)}`);
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
