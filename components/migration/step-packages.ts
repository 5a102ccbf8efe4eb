import { isName } from "../config/selection";
import { Policy } from "../rules/policy";
import { isTextPattern } from "../rules/text-pattern";
import type { Translation } from "./step/translation";

/** Whose packages a step is about. */
export interface Place {
  readonly owner: string;
  /** One name in full, or patterns. */
  readonly packages: string | readonly string[];
}

export interface GivenPlace {
  readonly owner?: string | undefined;
  readonly package?: string | undefined;
}

/** The packages of a step; what the workflow leaves to a run comes from the command's options. Throws with what to give. Pure. */
export function placesOf(translation: Translation, given: GivenPlace, path: string): Place[] {
  const { step } = translation;
  const owner = translation.owner ?? given.owner;
  const where = `${path}, line ${step.line}: ${step.action}`;
  if (owner === undefined) throw new Error(`${where}: the workflow does not say whose package it is: name the owner with --owner`);
  const names = translation.packages ?? split(given.package);
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
