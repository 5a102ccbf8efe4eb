import { z } from "zod";
import { Duration, day } from "./duration";
import { isTagGlob } from "./tag-glob";

const tagGlobMaximum = 128;

/** A glob over tags: a small language of its own, so that no pattern is slow and none means something else than it seems to. */
const TagGlob = z
  .string()
  .min(1)
  .max(tagGlobMaximum)
  .refine(isTagGlob, 'expected a glob of letters, digits, ".", "-", "_", "*", "?" and classes such as "[a-z]" or "[^0-9]"');

const ruleBase = {
  /** Shown in every reason; unique within the policy. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of lower-case letters, digits and dashes"),
  tags: z.array(TagGlob).min(1, "expected at least one tag glob, or no `tags` at all").optional(),
  untagged: z.literal(true, "expected `untagged: true`, or no `untagged` at all").optional(),
  olderThan: Duration.optional(),
  scope: z.enum(["images", "versions"]).default("images"),
};

export const KeepRule = z.strictObject({
  ...ruleBase,
  action: z.literal("keep"),
  mostRecent: z.int().min(1).optional(),
});

export const DeleteRule = z.strictObject({
  ...ruleBase,
  action: z.literal("delete"),
  mostRecent: z.never("`mostRecent` belongs to a keep rule: keep the newest n, and let a delete rule take the rest").optional(),
});

export const Rule = z.discriminatedUnion("action", [KeepRule, DeleteRule]);
export type Rule = z.output<typeof Rule>;

export const Digest = z
  .string()
  .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/, 'expected a digest such as "sha256:" and 64 hex digits');

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export const Tag = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "expected a tag");

export const Limits = z.strictObject({
  /** At the most so many versions in one plan. */
  deletions: z.int().min(1).default(200),
  /** At the most this share of the package's versions in one plan. */
  percent: z.number().gt(0).max(100).default(50),
});
export type Limits = z.output<typeof Limits>;

export const PlanId = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}-[0-9a-f]{12}$/, 'expected a plan id such as "2026-11-23-7f3a9c21b4d0", as the preview prints it')
  .refine(
    (id) => isCalendarDay(id.slice(0, 10)),
    "expected a plan id as the preview prints it: this one begins with no day of the calendar",
  );

/** The retention policy of one package, as a person writes it; parsed, every default is filled in. */
export const Policy = z.strictObject({
  owner: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "expected the name of a GitHub user or organisation"),
  package: z
    .string()
    .max(255)
    .regex(/^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/, 'expected a package name such as "app" or "team/app"'),
  rules: z
    .array(Rule)
    .min(1, "expected at least one rule")
    .superRefine((rules, context) => {
      const seen = new Set<string>();
      for (const [index, rule] of rules.entries()) {
        if (seen.has(rule.name)) {
          context.addIssue({ code: "custom", path: [index, "name"], message: `expected a name of its own: "${rule.name}" is taken` });
        }
        seen.add(rule.name);
      }
    }),
  protect: z.array(z.union([Digest, Tag], "expected a digest or a tag")).default([]),
  limits: Limits.default({ deletions: 200, percent: 50 }),
  /** A push in flight is children without an index, so nothing younger than a day is ever touched. */
  minimumAge: Duration.refine((age) => age >= day, 'expected at least "1d": a younger version may belong to a push in flight').default(day),
  approval: z.enum(["required", "automatic"]).default("required"),
  approve: PlanId.optional(),
});
export type Policy = z.output<typeof Policy>;
export type PolicyInput = z.input<typeof Policy>;

function isCalendarDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}
