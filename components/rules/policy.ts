import { z } from "zod";
import { Digest, Tag } from "../model/digest";
import { Duration, day } from "./duration";
import { PackageName } from "./package-name";
import { Rules } from "./rule";

export { Digest, Tag } from "../model/digest";
export { DeleteRule, KeepRule, Rule } from "./rule";

export const Limits = z.strictObject({
  deletions: z
    .int()
    .min(1)
    .default(200)
    .describe(
      "Maximum deletions per run of `pulumi up`; the rest of a larger plan stays approved and waits for the next run. With `approval: automatic` a larger plan waits for a person.",
    ),
  percent: z
    .number()
    .gt(0)
    .max(100)
    .default(50)
    .describe("Maximum percentage of the package's versions per plan; a larger plan cannot be approved."),
});
export type Limits = z.output<typeof Limits>;

/** Who is asked where images run, before they are planned and again before they are deleted. */
export const InUse = z.strictObject({
  github: z
    .enum(["required", "optional"])
    .describe(
      "GitHub's deployment records of the organisation: what has one stays. `required`: where GitHub does not answer, everything stays. `optional`: where the owner has no such records or the token may not read them, the preview says so and the rules alone decide.",
    ),
});
export type InUse = z.output<typeof InUse>;

/** Reports whether one setting lets more go than another. */
export function isWeaker(one: InUse | undefined, other: InUse | undefined): boolean {
  const rank = (inUse: InUse | undefined) => (inUse === undefined ? 0 : { optional: 1, required: 2 }[inUse.github]);
  return rank(one) < rank(other);
}

export const PlanId = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{12}$/, 'expected a plan id such as "2026-11-23-7f3a9c21b4d0", as the preview prints it')
  .refine(
    (id) => isCalendarDay(id.slice(0, 10)),
    "expected a plan id as the preview prints it: this one begins with no day of the calendar",
  )
  .meta({ id: "PlanId" });

/** Whatever was deleted from then on, by whomever. */
export const RestoreTime = z.iso.datetime({ offset: true }).meta({ id: "RestoreTime" });

/** The retention policy of one package. Its input type is the policy as written; its output type has every default filled in. */
export const Policy = z.strictObject({
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "expected the name of a GitHub user or organisation")
    .describe("The GitHub user or organisation that owns the package."),
  package: PackageName.describe("The container package: `app`, or `team/app`."),
  rules: Rules.min(1, "expected at least one rule").describe(
    "Which images may be deleted and which must stay. Keep rules win over delete rules; an image that no rule deletes stays.",
  ),
  protect: z
    .array(z.union([Digest, Tag], "expected a digest or a tag"))
    .default([])
    .describe("Digests or tags that stay regardless of the rules, together with everything they need and everything that refers to them."),
  inUse: InUse.optional().describe(
    "Who is asked where images run: what runs stays, with everything it needs. Each image that would go takes a request for its index and one for each platform.",
  ),
  unreadable: z
    .array(Digest)
    .default([])
    .describe(
      "Digests that GitHub lists but the registry no longer has, once a person has confirmed the loss. While the registry does not have them, they are treated as needing nothing.",
    ),
  limits: Limits.default({ deletions: 200, percent: 50 }).describe("How much may be deleted per run and per plan."),
  // While an image is being pushed, its children are there and its index is not.
  minimumAge: Duration.refine((age) => age >= day, 'expected at least "1d": a younger version may belong to a push in flight')
    .default(day)
    .describe("Versions younger than this are never deleted: they may belong to a push in progress. Default and minimum: `1d`."),
  grace: Duration.refine((age) => age % day === 0, 'expected whole days, such as "7d"')
    .optional()
    .describe(
      "Mark now, sweep later: a version is deleted only if an earlier `pulumi up` recorded it as deletable at least this long ago and it has remained deletable since.",
    ),
  restore: z
    .array(z.union([PlanId, Digest, Tag, RestoreTime], 'expected a digest, a tag, a plan id or a time such as "2026-11-23T09:30:00Z"'))
    .default([])
    .describe(
      "Deleted versions to restore: digests, tags, the id of a whole plan, or a time, which means whatever was deleted from then on. They are protected while they are listed here.",
    ),
  approval: z
    .enum(["required", "automatic"])
    .default("required")
    .describe("`required`: a plan is applied only if `approve` holds its id. `automatic`: every plan within the limits is applied."),
  approve: PlanId.optional().describe("The id of the approved plan, as printed by the preview."),
  onVoid: z
    .enum(["fail", "warn"])
    .default("fail")
    .describe(
      "Whether an `approve` that approves nothing, or an entry of `restore` that brings nothing back, makes the run fail at its end. Everything else is previewed and applied either way.",
    ),
});
export type Policy = z.output<typeof Policy>;
export type PolicyInput = z.input<typeof Policy>;

function isCalendarDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
