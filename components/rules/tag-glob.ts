import picomatch from "picomatch";

/** Compiles globs to one test: does any of them match this tag? Tags hold no slashes and may begin with a dot-like character. */
export function anyTagGlob(globs: readonly string[]): (tag: string) => boolean {
  return picomatch([...globs], { dot: true, noextglob: true, nobrace: true, nonegate: true, strictBrackets: true });
}
