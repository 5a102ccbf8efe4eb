import { holdsExpression } from "../../cleaners/cleaner";
import { isName } from "../config/selection";
import { Policy } from "../rules/policy";
import { isTextPattern } from "../rules/text-pattern";
import type { Translation } from "./step/translation";

/** The packages that a step cleans up. */
export interface StepPackages {
  readonly owner: string;
  /** One complete name, or patterns. */
  readonly packages: string | readonly string[];
}

/** The options of the command that complete a step. */
export interface PackageAnswers {
  readonly owner?: string | undefined;
  /** The packages of steps that do not name any, or by one and the same expression. */
  readonly packages?: readonly string[] | undefined;
  /** The packages for an expression, or for a name that no package has, by {@link questionKey}. */
  readonly byWritten?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** What a step leaves open about its packages. */
export type PackageProblem =
  | { readonly kind: "no-owner" }
  | { readonly kind: "unusable-owner"; readonly owner: string }
  /** Nothing is written: the action takes the name of the repository. */
  | { readonly kind: "no-package" }
  | { readonly kind: "open-package"; readonly written: string }
  | { readonly kind: "unusable-package"; readonly written: string }
  /** One answer was given for several questions. */
  | { readonly kind: "several-questions"; readonly written: string; readonly all: readonly string[] };

/** Normalizes a question, so that `inputs.image` answers `${{ inputs.image }}`. */
export function questionKey(written: string): string {
  const [, only] = /^\s*\$\{\{((?:(?!\}\})[\s\S])*)\}\}\s*$/.exec(written) ?? [];
  return (only ?? written).replace(/\s+/g, "");
}

/** The questions that a step asks: expressions, names that no package has, and `""` where nothing is written. Pure. */
export function questionsOf({ packages, placeholder = "" }: Translation): string[] {
  return packages === undefined ? [placeholder] : packages.filter((name) => !isUsable(name));
}

/** Returns the packages of a step, completed by the answers, or what is missing. Pure. */
export function stepPackages(
  translation: Translation,
  answers: PackageAnswers,
  questions: readonly string[],
): readonly StepPackages[] | PackageProblem {
  const written = translation.owner;
  const isOwner = (name: string) => Policy.shape.owner.safeParse(name).success;
  const owner = written !== undefined && isOwner(written) ? written : answers.owner;
  if (owner === undefined) return written === undefined ? { kind: "no-owner" } : { kind: "unusable-owner", owner: written };
  if (!isOwner(owner)) return { kind: "unusable-owner", owner };
  const names: string[] = [];
  for (const name of translation.packages ?? [translation.placeholder ?? ""]) {
    if (translation.packages !== undefined && isUsable(name)) {
      names.push(name);
      continue;
    }
    const own = answers.byWritten?.get(questionKey(name));
    if (own === undefined && answers.packages !== undefined && questions.length > 1)
      return { kind: "several-questions", written: name, all: questions };
    const answer = own ?? answers.packages;
    if (answer === undefined) return problemOf(name);
    const unusable = answer.find((one) => !isUsable(one));
    if (unusable !== undefined) return { kind: "unusable-package", written: unusable };
    names.push(...answer);
  }
  if (names.every(isName)) return names.map((name) => ({ owner, packages: name }));
  return [{ owner, packages: names.every((pattern) => pattern.startsWith("!")) ? ["*", ...names] : names }];
}

function problemOf(name: string): PackageProblem {
  if (name === "") return { kind: "no-package" };
  return holdsExpression(name) ? { kind: "open-package", written: name } : { kind: "unusable-package", written: name };
}

function isUsable(name: string): boolean {
  return isName(name) ? Policy.shape.package.safeParse(name).success : isTextPattern(name.replace(/^!/, ""));
}
