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
export interface PackageOptions {
  readonly owner?: string | undefined;
  readonly package?: string | undefined;
}

/** Returns the packages of a step, completed by the command's options. Throws when an option is missing. Pure. */
export function stepPackages(translation: Translation, options: PackageOptions, path: string): StepPackages[] {
  const { step } = translation;
  const owner = translation.owner ?? options.owner;
  const where = `${path}, line ${step.line}: ${step.action}`;
  if (owner === undefined) throw new Error(`${where}: the workflow does not say whose package it is: name the owner with --owner`);
  const names = translation.packages ?? split(options.package);
  if (names.length === 0) throw new Error(`${where}: the workflow does not say which package it is: name it with --package`);
  checked(Policy.shape.owner.safeParse(owner).success, `${where}: expected the name of a GitHub user or organisation, not "${owner}"`);
  if (names.every(isName)) {
    return names.map((name) => {
      checked(
        Policy.shape.package.safeParse(name).success,
        `${where}: expected the name of a package, not "${name}": name it with --package`,
      );
      return { owner, packages: name };
    });
  }
  for (const pattern of names) {
    checked(
      isTextPattern(pattern.replace(/^!/, "")),
      `${where}: expected a pattern for packages, not "${pattern}": name them with --package`,
    );
  }
  return [{ owner, packages: names.every((pattern) => pattern.startsWith("!")) ? ["*", ...names] : names }];
}

function split(names: string | undefined): string[] {
  return (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function checked(isGood: boolean, problem: string): void {
  if (!isGood) throw new Error(problem);
}
