import type { Explanation } from "../plan/explain";
import { shortDigest } from "../plan/node-names";
import { describeAge } from "../rules/duration";

/** Renders an explanation for people, one fact a line. */
export function renderExplanation(explanation: Explanation): string {
  const { digest, tags, role, asOf, verdict, because, rules, neededBy, needs, missing, age, createdAt, updatedAt } = explanation;
  const lines = [
    `${tags.length > 0 ? tags.join(", ") : shortDigest(digest)} ${verdict}: ${because}`,
    "",
    `  digest   ${digest}`,
    `  kind     ${role === "root" ? "image" : role}`,
    `  age      ${describeAge(age)} at the start of ${asOf} (created ${createdAt}, changed ${updatedAt})`,
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
