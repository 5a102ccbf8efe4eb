import type { ExplainedVersion } from "../approval/explain";
import type { Gone } from "../approval/gone";
import type { Graph } from "../graph/graph";
import { timeText } from "../lifecycle/state/ledger";
import { describeAge } from "../messages/age";
import { fateText, goneText, restorableText } from "../messages/explanation";
import { lastTaggedText } from "../messages/last-tagged";
import { noticeText } from "../messages/notice";
import { noEffectText } from "../messages/opinion";
import { misspeltText } from "../messages/rule-warning";
import { kindNameOf } from "../model/artifact-kinds";
import { shortDigest } from "../plan/node-names";

/** Renders an explanation for people, one fact a line. */
export function renderExplained(explained: ExplainedVersion, graph: Graph): string {
  const { version, role, artifactType, asOf, fate, rules, misspelt, neededBy, needs, missing, age, tagBefore, notices } = explained;
  const { digest, id, tags, createdAt, updatedAt, lastTagged } = version;
  const times = [`created ${timeText(createdAt)}`, `changed ${timeText(updatedAt)}`, ...(lastTagged ? [lastTaggedText(lastTagged)] : [])];
  return lines([
    `${nameOf(version)} ${fateText(fate, graph)}`,
    "",
    ...section("digest", [digest]),
    ...section("version", [String(id)]),
    ...(tags.length > 0 ? section("tags", [tags.join(", ")]) : []),
    ...section("kind", [[role === "root" ? "image" : role, kindNameOf(artifactType), artifactType].filter(Boolean).join(", ")]),
    ...section("age", [`${describeAge(age)} at the start of ${asOf} (${times.join(", ")})`]),
    ...section("rules", [
      ...rules.map(
        ({ rule, action, holds, because }) =>
          `${rule} (${action}): ${holds ? "applies" : because === undefined ? "does not apply" : noEffectText(because)}`,
      ),
      ...misspelt.map((one) => `${one.rule} (keep): ${misspeltText(one)}`),
    ]),
    ...section(
      "needed by",
      neededBy.map(({ as, name }) => `${as} of ${name}`),
    ),
    ...section(
      "needs",
      needs.map(({ as, name }) => `${as} ${name}`),
    ),
    ...section("missing", missing),
    ...(tagBefore.length === 0 ? [] : section("before", tagBefore.map(beforeLine))),
    ...(notices.length === 0 ? [] : section("approval", notices.map(noticeText))),
  ]);
}

/** Renders what is known of a version that is gone. `command` restores it. */
export function renderGone(gone: Gone, command: string): string {
  const { digest, id, tags, deletedAt, restorable } = gone;
  const isRestorable = restorable.kind === "until" || restorable.kind === "listed";
  return lines([
    `${nameOf(gone)} ${goneText(gone, deletedAt === undefined ? undefined : timeText(deletedAt))}`,
    "",
    ...section("digest", [digest]),
    ...(id === undefined ? [] : section("version", [String(id)])),
    ...(tags.length > 0 ? section("tags", [tags.join(", ")]) : []),
    ...section("restorable", [
      restorableText(restorable),
      ...(isRestorable ? [`${command}, or \`restore: ["${digest}"]\` in its policy`] : []),
    ]),
  ]);
}

function beforeLine({ digest, deletedAt }: Gone): string {
  return `the tag was on ${digest} too, which ${deletedAt === undefined ? "is deleted" : `was deleted at ${timeText(deletedAt)}`}`;
}

function nameOf({ tags, digest }: { readonly tags: readonly string[]; readonly digest: string }): string {
  if (tags.length > 1) return `the version tagged ${tags.join(", ")}`;
  return tags[0] ?? shortDigest(digest);
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}

const titleWidth = 10;

function section(title: string, entries: readonly string[]): string[] {
  const [first = "none", ...others] = entries;
  return [`  ${title.padEnd(titleWidth)} ${first}`, ...others.map((entry) => `  ${"".padEnd(titleWidth)} ${entry}`)];
}
