import type { PurePoint } from "../growth-process";
import { runScript } from "../node-process";
import { owner, Previews } from "../preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear, readsOf } from "../world";

/** Measures one package with very many versions: requests, memory, and the growth of the pure part. */
export async function measureLargePackage(
  sandbox: SandboxProcess,
  versions: number,
  sizes: readonly number[],
): Promise<{ rows: Row[]; growth: readonly PurePoint[] }> {
  const world = packageOfAYear("large", versions);
  const { others, children } = readsOf(world);
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/large`, world);
  const previews = await Previews.coldIn(sandbox);
  try {
    const cold = await previews.run(["large"]);
    const warm = await previews.run(["large"]);
    const { points } = await runScript<{ points: PurePoint[] }>("growth-process.js", { sizes });
    const size = `V=${versions.toLocaleString("en-US")}`;
    const pages = Math.ceil(versions / 100);
    const first = sizes[0]?.toLocaleString("en-US");
    const rows: Row[] = [
      {
        work: `one package, ${size}: requests, cold`,
        measured: cold.requests.all,
        bound: pages + others + children + 4,
        unit: "requests",
        goal: 1,
        of: "⌈V/100⌉ + R + C + 4",
      },
      {
        work: `one package, ${size}: memory, cold`,
        measured: cold.megabytes,
        bound: 1_000,
        unit: "MB",
        goal: 1,
        of: "largest resident set",
      },
      {
        work: `one package, ${size}: memory, warm`,
        measured: warm.megabytes,
        bound: 1_000,
        unit: "MB",
        goal: 1,
        of: "largest resident set",
      },
      {
        work: `one package, ${size}: graph and plan`,
        measured: points.at(-1)?.milliseconds ?? 0,
        bound: 3_000,
        unit: "ms",
        goal: 1,
        of: "3 s",
      },
      {
        work: `graph and plan, growth of the steps from V=${first}`,
        measured: exponentOf(points, ({ steps }) => steps),
        bound: 1.1,
        unit: "exponent",
        goal: 1,
        of: "1 is linear",
        remark: "each read of a version, a child, a node or an edge; tests/unit/plan/growth.test.ts asserts it",
      },
      {
        work: `graph and plan, growth of the time from V=${first}`,
        measured: exponentOf(points, ({ milliseconds }) => milliseconds),
        bound: exponentOf(points, ({ yardstick }) => yardstick),
        unit: "exponent",
        goal: 1,
        of: "a map with an entry for each version, and one lookup of each, in the same process",
        remark:
          `a package of ${first} versions fits into the processor's caches and one of ${versions.toLocaleString("en-US")} does not, ` +
          "so even the map does not reach 1.1",
      },
    ];
    return { rows, growth: points };
  } finally {
    await previews.remove();
  }
}

/** Returns the slope of the line through the logarithms, by least squares. */
export function exponentOf(points: readonly PurePoint[], timeOf: (point: PurePoint) => number): number {
  const logs = points.map((point) => ({ x: Math.log(point.versions), y: Math.log(timeOf(point)) }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map((log) => log.x)), mean(logs.map((log) => log.y))];
  const spread = logs.map((log) => (log.x - x) ** 2).reduce((sum, value) => sum + value, 0);
  return logs.map((log) => (log.x - x) * (log.y - y)).reduce((sum, value) => sum + value, 0) / spread;
}
