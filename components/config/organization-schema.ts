import { z } from "zod";
import { ImageReference } from "../in-use/image-reference";
import { Limits, Policy } from "../rules/policy";
import { Rules } from "../rules/rule";
import { isTextPattern } from "../rules/text-pattern";
import { isName } from "./selection";
import { SetName } from "./stack-policies";

const Pattern = z
  .string()
  .min(1)
  .max(256)
  .refine(
    (pattern) => isTextPattern(pattern.replace(/^!/, "")),
    "expected a name, a glob with `*` and `?`, or a /regular expression/ that RE2 can run; or one of these after `!`",
  )
  .meta({ id: "PackagePattern" });

const Patterns = z
  .array(Pattern)
  .min(1)
  .refine(
    (patterns) => patterns.some((pattern) => !pattern.startsWith("!")),
    'expected a pattern without "!", too, such as "*": what is it that the others take away from?',
  );

/** What a package may have besides the organisation's policy: more that stays, and stricter bounds. */
export const Override = z.strictObject({
  rules: Rules.optional().describe("More keep rules. Delete rules belong to the organisation."),
  protect: Policy.shape.protect.optional().describe("More that stays."),
  limits: z
    .strictObject({ deletions: Limits.shape.deletions.unwrap().optional(), percent: Limits.shape.percent.unwrap().optional() })
    .optional()
    .describe("Lower limits."),
  minimumAge: Policy.shape.minimumAge.unwrap().optional().describe("A higher one."),
  grace: Policy.shape.grace.describe("A longer one."),
  approval: Policy.shape.approval.unwrap().optional().describe("`required`, where the organisation says `automatic`."),
  approve: Policy.shape.approve.describe("The id of this package's own plan; only where the key is a name."),
  restore: Policy.shape.restore.unwrap().optional().describe("What of this package should come back; only where the key is a name."),
  unreadable: Policy.shape.unreadable.unwrap().optional().describe("As in a policy; only where the key is a name."),
});
export type OverrideInput = z.input<typeof Override>;

const onePackageOnly = ["approve", "restore", "unreadable"] as const;

export const Overrides = z.record(Pattern, Override).superRefine((overrides, context) => {
  for (const [key, override] of Object.entries(overrides)) {
    if (key.startsWith("!")) context.addIssue({ code: "custom", path: [key], message: "expected a name or a pattern without `!`" });
    for (const setting of onePackageOnly.filter((setting) => !isName(key) && override[setting] !== undefined)) {
      context.addIssue({ code: "custom", path: [key, setting], message: "belongs to one package: name it instead of a pattern" });
    }
  }
});

/** What an organisation's policy has in common with that of a package. */
const shared = {
  owner: Policy.shape.owner,
  rules: Rules.optional().describe("What may go and what must stay, in every package."),
  limits: Limits.optional().describe("For each package."),
  minimumAge: Policy.shape.minimumAge.optional(),
  grace: Policy.shape.grace,
  approval: Policy.shape.approval.optional(),
  approve: Policy.shape.approve.describe("The id of all plans of one preview, as its summary prints it."),
};

/** One retention policy for many packages of an owner, as a person writes it. */
export const Organization = z.strictObject({
  ...shared,
  packages: Patterns.default(["*"]).describe(
    "Names, globs (`*`, `?`) or `/regular expressions/`, and the same after `!` for what they do not mean. Names alone need no list from GitHub.",
  ),
  visibility: z
    .array(z.enum(["public", "private", "internal"]))
    .min(1)
    .optional()
    .describe("Only packages of such visibility."),
  repositories: Patterns.optional().describe(
    "Only packages that GitHub says are connected to such a repository, `owner/name`: patterns as in `packages`.",
  ),
  use: z.array(SetName).optional().describe("Names of rule sets whose rules come before its own."),
  protect: z
    .array(z.union([ImageReference, ...Policy.shape.protect.unwrap().element.options], "expected a digest, a tag or an image reference"))
    .optional()
    .describe("Digests or tags that stay in every package, and references such as `ghcr.io/acme/app:prod` of images in use."),
  overrides: Overrides.default({}).describe("By package name or pattern: more that stays, and stricter bounds. Nothing may be weaker."),
  onError: z
    .enum(["fail", "warn"])
    .default("fail")
    .describe("Whether a package that cannot be read fails the run at its end. The others are previewed and applied either way."),
});
export type Organization = z.output<typeof Organization>;
export type OrganizationInput = z.input<typeof Organization>;
