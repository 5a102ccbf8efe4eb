/** Thrown when a step does not show what it must; the demo then ends with exit code 1. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  constructor(
    readonly expected: string,
    readonly found: string,
  ) {
    super(`expected ${expected}\nfound ${shortened(found)}`);
  }
}

/** Throws unless the step shows what it must. `found` is called only then. */
export function promise(kept: boolean, expected: string, found: () => string): asserts kept {
  if (!kept) throw new BrokenPromise(expected, found());
}

const maxLines = 60;

/** Keeps the last lines, where errors are. */
function shortened(text: string): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= maxLines ? lines.join("\n") : ["…", ...lines.slice(-maxLines)].join("\n");
}
