import { isExpression } from "./tag-pattern";

/** Reports whether a tag pattern without `!` can match no tag, whatever a package holds. In doubt it can. */
export function matchesNoTag(pattern: string): boolean {
  // A tag begins with a letter, a digit or `_`: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
  return isExpression(pattern) ? fitsNoTag(pattern.slice(1, -1)) : /^[.-]/.test(pattern);
}

/** Reports whether a regular expression matches no tag and no digest: each alternative needs a character that neither holds, or text outside `^` and `$`. */
export function fitsNoTag(expression: string): boolean {
  // A quantifier behind a group of flags, as in `,(?i)?`, belongs to what stands before the group.
  if (/\(\?[A-Za-z-]*\)/.test(expression)) return false;
  return alternativesOf(expression).every(isImpossible);
}

/** Splits at each `|` outside groups and classes. */
function alternativesOf(expression: string): string[] {
  const alternatives = [""];
  let depth = 0;
  for (const [part] of expression.matchAll(regexPart)) {
    if (part === "(") depth += 1;
    if (part === ")") depth -= 1;
    if (part === "|" && depth === 0) alternatives.push("");
    else alternatives.push((alternatives.pop() ?? "") + part);
  }
  return alternatives;
}

/** Escapes, classes, quantifiers and single characters. */
const regexPart = /\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|[\s\S]/g;

/** Matches exactly one character wherever it stands. */
const consuming = /^(?:[^\\^$*+?()[\]{}|]|\\[dDwWsS.-])$/;
/** A literal that neither tags nor digests hold. */
const foreign = /^\\?[^\w.:\-\\^$*+?()[\]{}|]$/;

function isImpossible(alternative: string): boolean {
  const parts = [...alternative.matchAll(regexPart)].map(([part]) => part);
  const isOptional = (index: number) => /^(?:[?*]|\{0)/.test(parts[index + 1] ?? "");
  let depth = 0;
  return parts.some((part, index) => {
    if (part === "(") depth += 1;
    if (part === ")") depth -= 1;
    if (depth > 0 || isOptional(index)) return false;
    if (part === "^") return consuming.test(parts[index - 1] ?? "");
    if (part === "$") return consuming.test(parts[index + 1] ?? "") && !isOptional(index + 1);
    return foreign.test(part);
  });
}
