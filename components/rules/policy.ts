import { z } from "zod";
import { Digest, Tag } from "../model/digest";
import { Duration, day } from "./duration";
import { Rules } from "./rule";

export { Digest, Tag } from "../model/digest";
export { DeleteRule, KeepRule, Rule } from "./rule";

export const Limits = z.strictObject({
  deletions: z
    .int()
    .min(1)
    .default(200)
    .describe(
      "At the most so many versions in one run of `pulumi up`; of a larger plan the rest waits, approved, for the next. With `approval: automatic` a larger plan waits for a person.",
    ),
  percent: z
    .number()
    .gt(0)
    .max(100)
    .default(50)
    .describe("At the most this share of the package's versions in one plan; a larger one cannot be approved."),
});
export type Limits = z.output<typeof Limits>;

export const PlanId = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{12}$/, 'expected a plan id such as "2026-11-23-7f3a9c21b4d0", as the preview prints it')
  .refine(
    (id) => isCalendarDay(id.slice(0, 10)),
    "expected a plan id as the preview prints it: this one begins with no day of the calendar",
  )
  .meta({ id: "PlanId" });

/** The retention policy of one package, as a person writes it; parsed, every default is filled in. */
export const Policy = z.strictObject({
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "expected the name of a GitHub user or organisation")
    .describe("The GitHub user or organisation that owns the package."),
  package: z
    .string()
    .max(255)
    .regex(/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/, 'expected a package name such as "app" or "team/app"')
    .describe("The container package: `app`, or `team/app`."),
  rules: Rules.min(1, "expected at least one rule").describe(
    "What may go and what must stay. Keep beats delete; what no rule deletes stays.",
  ),
  protect: z
    .array(z.union([Digest, Tag], "expected a digest or a tag"))
    .default([])
    .describe("Digests or tags that stay whatever the rules say, with all that they need and all that refers to them."),
  unreadable: z
    .array(Digest)
    .default([])
    .describe(
      "Digests that GitHub lists, the registry does not know, and somebody knows to be gone: they are treated as needing nothing, as long as the registry does not know them.",
    ),
  limits: Limits.default({ deletions: 200, percent: 50 }).describe("How much may go in one run, and in one plan."),
  // A push in flight is children without an index.
  minimumAge: Duration.refine((age) => age >= day, 'expected at least "1d": a younger version may belong to a push in flight')
    .default(day)
    .describe("Nothing younger is ever touched: it may be a push in flight. At least a day, which is the default."),
  grace: Duration.refine((age) => age % day === 0, 'expected whole days, such as "7d"')
    .optional()
    .describe(
      "Mark now, sweep later: a version goes only when an earlier `pulumi up` recorded it as deletable at least this long ago, and it stayed so.",
    ),
  restore: z
    .array(z.union([PlanId, Digest, Tag], "expected a digest, a tag or a plan id"))
    .default([])
    .describe(
      "What this policy deleted and should come back: digests, tags, or the id of a whole plan. It is protected as long as it stands here.",
    ),
  approval: z
    .enum(["required", "automatic"])
    .default("required")
    .describe("`required`: an id in `approve` lets its plan go. `automatic`: every plan within the limits goes."),
  approve: PlanId.optional().describe("The id of the plan that may be carried out, as the preview prints it."),
});
export type Policy = z.output<typeof Policy>;
export type PolicyInput = z.input<typeof Policy>;

function isCalendarDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
