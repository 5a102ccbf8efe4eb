import { describeAge } from "../messages/age";
import type { ExplanationText } from "../messages/explanation";
import { kindNameOf } from "../model/artifact-kinds";
import { shortDigest } from "../plan/node-names";

/** Renders an explanation for people, one fact a line. */
export function renderExplanation(explanation: ExplanationText): string {
  const {
    digest,
    tags,
    role,
    artifactType,
    asOf,
    verdict,
    because,
    rules,
    neededBy,
    needs,
    missing,
    age,
    createdAt,
    updatedAt,
    lastTagged,
  } = explanation;
  const lines = [
    `${tags.length > 0 ? tags.join(", ") : shortDigest(digest)} ${verdict}: ${because}`,
    "",
    `  digest   ${digest}`,
    `  kind     ${[role === "root" ? "image" : role, kindNameOf(artifactType), artifactType].filter((word) => word !== undefined).join(", ")}`,
    `  age      ${describeAge(age)} at the start of ${asOf} (created ${createdAt}, changed ${updatedAt}${lastTagged === undefined ? "" : `, ${lastTagged}`})`,
    ...section(
      "rules",
      rules.map(({ rule, action, holds, because: but }) => `${rule} (${action}): ${holds ? "applies" : (but ?? "does not apply")}`),
    ),
    ...section("needed by", neededBy),
    ...section("needs", needs),
    ...section("missing", missing),
  ];
  return `${lines.join("\n")}\n`;
}

function section(title: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [`  ${title.padEnd(8)} none`];
  return entries.map((entry, index) => `  ${(index === 0 ? title : "").padEnd(8)} ${entry}`);
}
