import type { ListedPackage } from "../inventory/github/list-packages";
import { textTest } from "../rules/text-pattern";

/** The settings that select packages of an owner. */
export interface Selection {
  readonly packages: readonly string[];
  readonly visibility?: readonly string[] | undefined;
  readonly repositories?: readonly string[] | undefined;
}

/** Returns the package names if the selection consists of full names only, which needs no list from GitHub. */
export function namesWithoutList({ packages, visibility, repositories }: Selection): string[] | undefined {
  if (visibility !== undefined || repositories !== undefined) return undefined;
  return packages.every(isName) ? [...new Set(packages)] : undefined;
}

/** Reports whether the text is a full name, not a pattern. */
export function isName(pattern: string): boolean {
  return !/^[!/]|[*?]/.test(pattern);
}

/** Returns the names of the selected packages, sorted. A property that GitHub does not report matches nothing. */
export function selectPackages(listed: readonly ListedPackage[], selection: Selection): string[] {
  const isSelected = patternTest(selection.packages);
  const isFrom = selection.repositories === undefined ? undefined : patternTest(selection.repositories);
  return listed
    .filter(({ name }) => isSelected(name))
    .filter(({ visibility }) => selection.visibility === undefined || selection.visibility.includes(visibility))
    .filter(({ repository }) => isFrom === undefined || (repository !== undefined && isFrom(repository)))
    .map(({ name }) => name)
    .sort();
}

/** Compiles patterns to a test: at least one pattern without `!` matches and none with it does. `*` also matches slashes. */
export function patternTest(patterns: readonly string[]): (text: string) => boolean {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!")).map(textTest);
  const unwanted = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => textTest(pattern.slice(1)));
  return (text) => wanted.some((test) => test(text)) && !unwanted.some((test) => test(text));
}
