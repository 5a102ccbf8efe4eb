import type { ListedPackage } from "../inventory/github/list-packages";
import { textTest } from "../rules/text-pattern";

/** Which packages of an owner an organisation's policy is about. */
export interface Selection {
  readonly packages: readonly string[];
  readonly visibility?: readonly string[] | undefined;
  readonly repositories?: readonly string[] | undefined;
}

/** The packages by name, where every one is named in full and nothing else is asked for: then no list is needed. */
export function namesWithoutList({ packages, visibility, repositories }: Selection): string[] | undefined {
  if (visibility !== undefined || repositories !== undefined) return undefined;
  return packages.every(isName) ? [...new Set(packages)] : undefined;
}

/** A name in full, not a pattern. */
export function isName(pattern: string): boolean {
  return !/^[!/]|[*?]/.test(pattern);
}

/** The names of the selected packages, sorted. What GitHub does not say selects nothing. */
export function selectPackages(listed: readonly ListedPackage[], selection: Selection): string[] {
  const fits = patternTest(selection.packages);
  const isFrom = selection.repositories === undefined ? undefined : patternTest(selection.repositories);
  return listed
    .filter(({ name }) => fits(name))
    .filter(({ visibility }) => selection.visibility === undefined || selection.visibility.includes(visibility))
    .filter(({ repository }) => isFrom === undefined || (repository !== undefined && isFrom(repository)))
    .map(({ name }) => name)
    .sort();
}

/** Some pattern without `!` fits, and none with it does. `*` takes in slashes. */
export function patternTest(patterns: readonly string[]): (text: string) => boolean {
  const wanted = patterns.filter((pattern) => !pattern.startsWith("!")).map(textTest);
  const unwanted = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => textTest(pattern.slice(1)));
  return (text) => wanted.some((test) => test(text)) && !unwanted.some((test) => test(text));
}
