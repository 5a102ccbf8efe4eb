import { runScript } from "../node-process";
import { owner, type Preview, Previews } from "../preview";
import type { ReferenceRequest } from "../reference-client";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear, readsOf } from "../world";

export const latency = 20;

/** One size of a package: a cold observation, a warm one, and the reference client. */
export interface Point {
  readonly versions: number;
  readonly bound: number;
  readonly cold: Preview;
  readonly warm: Preview;
  /** Milliseconds; absent for sizes that would take too long. */
  readonly reference?: number;
}

export async function measurePoint(sandbox: SandboxProcess, versions: number, withReference: boolean): Promise<Point> {
  const name = `one-${versions}`;
  const world = packageOfAYear(name, versions);
  const { others, children } = readsOf(world);
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/${name}`, world);
  await sandbox.setLatency(latency);
  const previews = await Previews.coldIn(sandbox);
  try {
    const cold = await previews.run([name]);
    const warm = await previews.run([name]);
    const bound = Math.ceil(versions / 100) + others + children + 4;
    if (!withReference) return { versions, bound, cold, warm };
    const request: ReferenceRequest = { ...sandbox.addresses, owner, package: name };
    const { milliseconds } = await runScript<{ milliseconds: number }>("reference-client.js", request);
    return { versions, bound, cold, warm, reference: milliseconds };
  } finally {
    await previews.remove();
  }
}

export function rowsOfPoint({ versions, bound, cold, warm, reference = 0 }: Point): Row[] {
  const pages = Math.ceil(versions / 100);
  const size = `V=${versions.toLocaleString("en-US")}`;
  return [
    { work: `requests, cold, ${size}`, measured: cold.requests.all, bound, unit: "requests", goal: 1, of: "⌈V/100⌉ + R + C + 4" },
    {
      work: `requests, warm, ${size}`,
      measured: warm.requests.all,
      bound: pages + 4,
      unit: "requests",
      goal: 1,
      of: "⌈V/100⌉ + N + 4, N = 0",
      remark: `${warm.requests.confirmed} of the ${warm.requests.all} answers were a 304`,
    },
    {
      work: `the second phase, ${size}`,
      measured: warm.requests.manifests,
      bound: 0,
      unit: "manifests",
      goal: 0,
      of: "`up` right after its own preview reads no manifest",
    },
    {
      work: `time, cold, ${size}, ${latency} ms`,
      measured: cold.milliseconds,
      bound: reference,
      unit: "ms",
      goal: 0.25,
      of: "the reference client",
    },
  ];
}

/** Measures a warm cache after a few pushes. */
export async function measureGrowth(sandbox: SandboxProcess, versions: number): Promise<Row[]> {
  const name = `grown-${versions}`;
  const world = packageOfAYear(name, versions);
  const fresh = world.slice(-50);
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/${name}`, world.slice(0, -50));
  const previews = await Previews.coldIn(sandbox);
  try {
    await previews.run([name]);
    await sandbox.seed(`${owner}/${name}`, fresh);
    const { requests } = await previews.run([name]);
    const bound = Math.ceil(versions / 100) + readsOf(fresh).others + 4;
    return [
      {
        work: `requests, warm, V=${versions.toLocaleString("en-US")}, 10 images new`,
        measured: requests.all,
        bound,
        unit: "requests",
        goal: 1,
        of: "⌈V/100⌉ + N + 4",
        remark: `pages shift when something is pushed, so ${requests.confirmed} of them were confirmed by a 304`,
      },
    ];
  } finally {
    await previews.remove();
  }
}
