/** A step did not show what it must: the demo ends with exit code 1. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}\nfound ${shortened(found)}`);
  }
}

/** Holds a step to what it must show. `found` is asked only when it does not. */
export function promise(kept: boolean, expected: string, found: () => string): asserts kept {
  if (!kept) throw new BrokenPromise(expected, found());
}

const linesMaximum = 60;

/** The end of it, where errors stand. */
function shortened(text: string): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= linesMaximum ? lines.join("\n") : ["…", ...lines.slice(-linesMaximum)].join("\n");
}
