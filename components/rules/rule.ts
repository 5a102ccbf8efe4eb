import { z } from "zod";
import { Digest } from "../model/digest";
import { Duration } from "./duration";
import { PackageName } from "./package-name";
import { patternMaximum, patternProblem, tagPatternForm } from "./tag-pattern";
import { isVersionRange } from "./tag-version";
import { isTextPattern } from "./text-pattern";

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
    .describe("The rule's name, shown in every reason. Unique within the policy."),
  tags: z
    .array(TagPattern)
    .min(1, "expected at least one tag glob, or no `tags` at all")
    .refine(
      (patterns) => patterns.some((pattern) => !pattern.startsWith("!")),
      'expected a pattern without "!", too, such as "*": patterns with "!" only exclude',
    )
    .optional()
    .describe(
      "Images with a tag that matches one of these patterns and none of those that begin with `!`. Patterns are globs (`*`, `?`, `[a-z]`, `[^0-9]`) or `/regular expressions/`; regular expressions are anchored only where they say so.",
    ),
  notTags: z
    .array(TagPattern.refine((pattern) => !pattern.startsWith("!"), "expected a pattern without `!`"))
    .min(1)
    .optional()
    .describe("Only images without a tag that matches any of these patterns."),
  untagged: z
    .literal(true, "expected `untagged: true`, or no `untagged` at all")
    .optional()
    .describe("Images without a tag. Together with `tags` or `semver`, an image matches if it meets either."),
  semver: z
    .string()
    .max(patternMaximum)
    .refine(isVersionRange, 'expected a range of versions such as ">=1.0.0 <2"')
    .optional()
    .describe(
      "Images with a tag that is a version in this range, such as `>=1.0.0 <2`, with or without `v`, including variants such as `-alpine`. `_` stands for `+`, as in the tags that Helm writes: `1.4.2_build.5` is version 1.4.2, and its builds are ordered by their push. As in npm, prereleases such as `-rc.1` match only if the range names one. Together with `tags`, a tag has to match both.",
    ),
  olderThan: Duration.optional().describe("Only images of at least this age: `14d`, `36h`, `P2W`."),
  newerThan: Duration.optional().describe("Only images younger than this."),
  age: z
    .enum(["created", "updated", "unneeded"])
    .optional()
    .describe(
      "The time from which ages are counted: creation (default for tagged images), last change, or the later of the two (`unneeded`, default for untagged images).",
    ),
  platforms: z
    .array(TextPattern)
    .min(1)
    .optional()
    .describe(
      "Only images whose index lists a platform that matches one of these patterns, such as `linux/arm*`. Images without an index have no platform.",
    ),
  artifactType: z
    .array(TextPattern)
    .min(1)
    .optional()
    .describe(
      "Only versions whose artifact type, or the media type of their config where they have none, matches one of these patterns: `application/vnd.cncf.helm.*`.",
    ),
  annotations: z
    .record(z.string(), TextPattern)
    .refine((annotations) => Object.keys(annotations).length > 0, "expected at least one annotation, or no `annotations` at all")
    .meta({ minProperties: 1 })
    .optional()
    .describe('Only versions with each of these annotations and a matching value: `{ org.opencontainers.image.source: "*/logto" }`.'),
  digests: z
    .array(Digest)
    .min(1)
    .optional()
    .describe("Only these digests. A keep rule keeps every listed digest, even if it is part of an image."),
  dangling: z
    .literal(true, "expected `dangling: true`, or no `dangling` at all")
    .optional()
    .describe(
      "Only referrers (signatures, SBOMs, attestations) whose subject is not in the package. Rules without this condition never delete them, because the subject may be in another package.",
    ),
  subjectsIn: z
    .array(PackageName)
    .min(1, "expected at least one package, or no `subjectsIn` at all")
    .optional()
    .describe(
      "With `dangling`: only referrers whose subject is in none of these packages of the same owner either, as where `COSIGN_REPOSITORY` names a package for signatures. Their versions are listed; one that GitHub can still restore counts as there.",
    ),
  broken: z
    .union([z.literal(true), z.enum(["ghost", "partial"])], "expected `broken: true`, or no `broken` at all; or `ghost`, or `partial`")
    .optional()
    .describe(
      "Only images whose index lists manifests that are missing from the package, and versions named under `unreadable`. `ghost`: all are missing; `partial`: some are.",
    ),
  scope: z
    .enum(["images", "versions"])
    .default("images")
    .describe(
      "`images`: versions that are tagged, or untagged and needed by nothing. `versions`: GitHub's raw list including children, as clean-up workflows use it; the policy pack refuses rules that could match untagged children.",
    ),
};

export const MostRecent = z.union([
  z.int().min(1),
  z
    .strictObject({
      count: z.int().min(1).describe("Number of images to keep."),
      by: z
        .enum(["created", "updated", "semver"])
        .default("created")
        .describe("The order of age: by creation, by last change, or by the version in the tag."),
      per: z
        .enum(["major", "minor", "patch"])
        .optional()
        .describe(
          "With `by: semver`: keep `count` of each major, minor or patch version. Variants such as `-alpine`, or `jdk` in `17.0.2_8-jdk`, are counted separately.",
        ),
    })
    .refine(({ by, per }) => per === undefined || by === "semver", { path: ["per"], message: "`per` goes with `by: semver`" }),
]);
export type MostRecent = z.output<typeof MostRecent>;

export const KeepRule = z
  .strictObject({
    ...conditions,
    action: z.literal("keep").describe("Matching images stay, whatever delete rules match them."),
    mostRecent: MostRecent.optional().describe(
      "Keep only the newest of the matching images: a number, or `{ count: 3, by: semver, per: minor }`.",
    ),
  })
  .meta({ id: "KeepRule" });

export const DeleteRule = z
  .strictObject({
    ...conditions,
    action: z.literal("delete").describe("Matching images may be deleted unless a keep rule matches them or a retained image needs them."),
    mostRecent: z.never("`mostRecent` belongs to a keep rule: keep the newest n, and let a delete rule take the rest").optional(),
  })
  .meta({ id: "DeleteRule" });

export const Rule = z.discriminatedUnion("action", [KeepRule, DeleteRule]);
export type Rule = z.output<typeof Rule>;

export const Rules = z.array(Rule).superRefine((rules, context) => {
  const names = new Set<string>();
  for (const [index, rule] of rules.entries()) {
    if (names.has(rule.name)) {
      context.addIssue({ code: "custom", path: [index, "name"], message: `expected a name of its own: "${rule.name}" is taken` });
    }
    names.add(rule.name);
    if (rule.subjectsIn !== undefined && rule.dangling === undefined) {
      context.addIssue({ code: "custom", path: [index, "subjectsIn"], message: "`subjectsIn` goes with `dangling: true`" });
    }
  }
});
