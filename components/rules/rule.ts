import { z } from "zod";
import { Digest } from "../model/digest";
import { Duration } from "./duration";
import { patternProblem, tagPatternForm } from "./tag-pattern";
import { isVersionRange } from "./tag-version";
import { isTextPattern } from "./text-pattern";

const patternMaximum = 128;

const TagPattern = z
  .string()
  .min(1)
  .max(patternMaximum)
  .superRefine((pattern, context) => {
    const message = patternProblem(pattern);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  })
  .meta({ id: "TagPattern", pattern: tagPatternForm });

const TextPattern = z
  .string()
  .min(1)
  .max(256)
  .refine(isTextPattern, "expected text with `*` and `?`, or a /regular expression/ that RE2 can run")
  .meta({ id: "TextPattern" });

const conditions = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "expected a name of lower-case letters, digits and dashes")
    .describe("Shown in every reason; unique within the policy."),
  tags: z
    .array(TagPattern)
    .min(1, "expected at least one tag glob, or no `tags` at all")
    .refine(
      (patterns) => patterns.some((pattern) => !pattern.startsWith("!")),
      'expected a pattern without "!", too, such as "*": what is it that the others take away from?',
    )
    .optional()
    .describe(
      "Images with a tag that one of these patterns fits and none after `!` does: globs (`*`, `?`, `[a-z]`, `[^0-9]`) or `/regular expressions/`, anchored as written.",
    ),
  notTags: z
    .array(TagPattern.refine((pattern) => !pattern.startsWith("!"), "expected a pattern without `!`"))
    .min(1)
    .optional()
    .describe("Only images of whose tags none fits any of these patterns."),
  untagged: z
    .literal(true, "expected `untagged: true`, or no `untagged` at all")
    .optional()
    .describe("Images without a tag. Together with `tags` or `semver`: either."),
  semver: z
    .string()
    .max(patternMaximum)
    .refine(isVersionRange, 'expected a range of versions such as ">=1.0.0 <2"')
    .optional()
    .describe(
      "Images with a tag that is a version in this range, such as `>=1.0.0 <2`; with or without `v`, and with variants such as `-alpine`. Prereleases such as `-rc.1` only where the range names one, as npm has it. Together with `tags`: tags that are both.",
    ),
  olderThan: Duration.optional().describe("Only those of at least this age: `14d`, `36h`, `P2W`."),
  newerThan: Duration.optional().describe("Only those younger than this."),
  age: z
    .enum(["created", "updated", "unneeded"])
    .optional()
    .describe(
      "What ages count from: creation (default for tagged images), last change, or the later of both (`unneeded`, default for untagged images).",
    ),
  platforms: z
    .array(TextPattern)
    .min(1)
    .optional()
    .describe("Only images whose index lists a platform that one of these fits: `linux/arm*`. An image without an index names none."),
  artifactType: z
    .array(TextPattern)
    .min(1)
    .optional()
    .describe("Only what has such an artifact type, or, without one, such a media type of its config: `application/vnd.cncf.helm.*`."),
  annotations: z
    .record(z.string(), TextPattern)
    .refine((annotations) => Object.keys(annotations).length > 0, "expected at least one annotation, or no `annotations` at all")
    .meta({ minProperties: 1 })
    .optional()
    .describe('Only what has each of these annotations with a value that fits: `{ org.opencontainers.image.source: "*/logto" }`.'),
  digests: z
    .array(Digest)
    .min(1)
    .optional()
    .describe("Only these digests. A keep rule keeps them whatever they are, parts of images included."),
  dangling: z
    .literal(true, "expected `dangling: true`, or no `dangling` at all")
    .optional()
    .describe(
      "Only referrers (signatures, SBOMs, attestations) whose subject is not in the package. Without it no rule deletes those: they may belong to an image elsewhere.",
    ),
  broken: z
    .union([z.literal(true), z.enum(["ghost", "partial"])], "expected `broken: true`, or no `broken` at all; or `ghost`, or `partial`")
    .optional()
    .describe(
      "Only images whose index lists manifests that the package does not hold, some of them or all; and what is named under `unreadable`. `ghost`: all of them; `partial`: some.",
    ),
  scope: z
    .enum(["images", "versions"])
    .default("images")
    .describe(
      "`images`: what is tagged, or untagged and needed by nothing. `versions`: GitHub's raw list, children included, as the workflows of 2023 used it; the policy pack refuses it where it could match untagged children.",
    ),
};

export const MostRecent = z.union([
  z.int().min(1),
  z
    .strictObject({
      count: z.int().min(1).describe("How many stay."),
      by: z
        .enum(["created", "updated", "semver"])
        .default("created")
        .describe("What makes one newer: creation, last change, or the version in its tag."),
      per: z
        .enum(["major", "minor", "patch"])
        .optional()
        .describe("With `by: semver`: so many of each major, minor or patch version. Variants such as `-alpine` are counted apart."),
    })
    .refine(({ by, per }) => per === undefined || by === "semver", { path: ["per"], message: "`per` goes with `by: semver`" }),
]);
export type MostRecent = z.output<typeof MostRecent>;

export const KeepRule = z
  .strictObject({
    ...conditions,
    action: z.literal("keep").describe("What matches stays, whatever delete rules say."),
    mostRecent: MostRecent.optional().describe(
      "Only the newest so many of what the rule matches: a number, or `{ count: 3, by: semver, per: minor }`.",
    ),
  })
  .meta({ id: "KeepRule" });

export const DeleteRule = z
  .strictObject({
    ...conditions,
    action: z.literal("delete").describe("What matches may go, unless a keep rule or anything that stays needs it."),
    mostRecent: z.never("`mostRecent` belongs to a keep rule: keep the newest n, and let a delete rule take the rest").optional(),
  })
  .meta({ id: "DeleteRule" });

export const Rule = z.discriminatedUnion("action", [KeepRule, DeleteRule]);
export type Rule = z.output<typeof Rule>;

export const Rules = z.array(Rule).superRefine((rules, context) => {
  const seen = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    if (seen.has(rule.name)) {
      context.addIssue({ code: "custom", path: [index, "name"], message: `expected a name of its own: "${rule.name}" is taken` });
    }
    seen.add(rule.name);
  }
});
