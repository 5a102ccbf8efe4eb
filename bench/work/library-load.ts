import type { LibraryLoad } from "../library-process";
import { runScript } from "../node-process";
import type { Row } from "../row";

const rounds = 9;

/** Measures how long a program waits before its first line: the median of several processes, since the first reads from a cold disk. */
export async function measureLibrary(): Promise<Row[]> {
  const loads: LibraryLoad[] = [];
  for (let round = 0; round < rounds; round++) loads.push(await runScript<LibraryLoad>("library-process.js", {}));
  const median = (of: (load: LibraryLoad) => number) => loads.map(of).sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
  return [
    {
      work: "loading the library",
      measured: median(({ library }) => library),
      bound: 300,
      unit: "ms",
      goal: 1,
      of: "more than `@pulumi/pulumi` alone",
      remark: `\`@pulumi/pulumi\` itself takes ${Math.round(median(({ pulumi }) => pulumi))} ms`,
    },
  ];
}
