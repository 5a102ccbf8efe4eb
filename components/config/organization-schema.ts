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
    'expected a pattern without "!", too, such as "*": patterns with "!" only exclude',
  );

/** Settings of one package in addition to the organisation's policy: they may keep more and set stricter bounds. */
export const Override = z.strictObject({
  rules: Rules.optional().describe("Additional keep rules. Delete rules are allowed only in the organisation's policy."),
  protect: Policy.shape.protect.optional().describe("Additional digests or tags that stay."),
  limits: z
    .strictObject({ deletions: Limits.shape.deletions.unwrap().optional(), percent: Limits.shape.percent.unwrap().optional() })
    .optional()
    .describe("Lower limits than the organisation's."),
  minimumAge: Policy.shape.minimumAge.unwrap().optional().describe("A higher minimum age than the organisation's."),
  grace: Policy.shape.grace.describe("A longer grace period than the organisation's."),
  inUse: Policy.shape.inUse.describe("As in a policy, and no weaker than the organisation's."),
  approval: Policy.shape.approval.unwrap().optional().describe("`required`, if the organisation's policy is `automatic`."),
  onVoid: Policy.shape.onVoid.unwrap().optional().describe("As in a policy. Of several overrides that fit a package, `fail` applies."),
  approve: Policy.shape.approve.describe("The id of this package's own plan. Allowed only if the key is a package name, not a pattern."),
  restore: Policy.shape.restore
    .unwrap()
    .optional()
    .describe("Deleted versions of this package to restore. Allowed only if the key is a package name, not a pattern."),
  unreadable: Policy.shape.unreadable
    .unwrap()
    .optional()
    .describe("As in a policy. Allowed only if the key is a package name, not a pattern."),
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

/** The settings that an organisation's policy shares with that of a package. */
const shared = {
  owner: Policy.shape.owner,
  rules: Rules.optional().describe("Which images may be deleted and which must stay, in every package."),
  limits: Limits.optional().describe("Limits of each package."),
  minimumAge: Policy.shape.minimumAge.optional(),
  grace: Policy.shape.grace,
  inUse: Policy.shape.inUse,
  approval: Policy.shape.approval.optional(),
  // Without a default, so that a state of an earlier build shows no change.
  onVoid: Policy.shape.onVoid.unwrap().optional().describe("As in a policy; `fail` where it is not written."),
  approve: Policy.shape.approve.describe("The id that approves all plans of one preview, as printed by its summary."),
};

/** A retention policy for many packages of an owner. Its input type is the policy as written. */
export const Organization = z.strictObject({
  ...shared,
  packages: Patterns.default(["*"]).describe(
    "Package names, globs (`*`, `?`) or `/regular expressions/`; those that begin with `!` exclude packages. If all are names, GitHub's list of packages is not needed.",
  ),
  visibility: z
    .array(z.enum(["public", "private", "internal"]))
    .min(1)
    .optional()
    .describe("Only packages with one of these visibilities."),
  repositories: Patterns.optional().describe(
    "Only packages that are connected to a repository (`owner/name`) that matches one of these patterns, written as in `packages`.",
  ),
  use: z.array(SetName).optional().describe("Names of rule sets. Their rules come before the policy's own."),
  protect: z
    .array(z.union([ImageReference, ...Policy.shape.protect.unwrap().element.options], "expected a digest, a tag or an image reference"))
    .optional()
    .describe("Digests or tags that stay in every package, and references to images in use, such as `ghcr.io/acme/app:prod`."),
  overrides: Overrides.default({}).describe(
    "Settings by package name or pattern. They may keep more and set stricter bounds, never weaken the policy.",
  ),
  onError: z
    .enum(["fail", "warn"])
    .default("fail")
    .describe(
      "Whether a package that cannot be read makes the run fail at its end. All other packages are previewed and applied either way.",
    ),
});
export type Organization = z.output<typeof Organization>;
export type OrganizationInput = z.input<typeof Organization>;
