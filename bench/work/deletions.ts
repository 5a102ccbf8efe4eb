import { z } from "zod";
import type { LoggedRequest } from "../../sandbox";
import { owner } from "../preview";
import { BenchStack } from "../pulumi-preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear, rules } from "../world";

/** The deletions per minute that GitHub's documented points allow. */
const maxPerMinute = 180;
/** The number of deletions after which the pace is at its maximum: components/inventory/github/write-pace.ts. */
const warmUp = 60;
const minute = 60_000;

const Resource = z.looseObject({ urn: z.string(), inputs: z.looseObject({}).optional(), outputs: z.looseObject({}).optional() });
const State = z.looseObject({ deployment: z.looseObject({ resources: z.array(Resource) }) });

/** Measures an approved plan in `pulumi up` with GitHub's limits enforced: the pace of the deletions, and their size in the state. */
export async function measureDeletions(sandbox: SandboxProcess, deletions: number): Promise<Row[]> {
  // Nine of a hundred versions are deleted; the package of five is too young.
  await sandbox.seed(`${owner}/app`, packageOfAYear("app", Math.ceil(deletions / 9) * 100));
  await sandbox.seed(`${owner}/quiet`, packageOfAYear("quiet", 5));
  await sandbox.control("POST", "limits", { enforce: true, hourly: 1_000_000 });
  const stack = await BenchStack.create(sandbox);
  try {
    const policies = ["app", "quiet"].map((name) => ({ owner, package: name, rules, limits: { deletions: 1_000_000 } }));
    await stack.configure(policies);
    await stack.engine("up", "--yes", "--skip-preview");
    const waiting = await policyIn(stack, "app");
    await stack.configure(policies.map((policy) => (policy.package === "app" ? { ...policy, approve: waiting.outputs?.planId } : policy)));
    await sandbox.takeRequests();
    await stack.engine("up", "--yes", "--skip-preview");
    const times = deletionTimes(await sandbox.takeRequests());
    const done = await policyIn(stack, "app");
    const entries = Object.keys((done.outputs?.ledger ?? {}) as object).length;
    const quiet = await policyIn(stack, "quiet");
    const { inputs, outputs } = quiet;
    const remaining = sizeOf({ inputs, outputs });
    const perDeletion = Math.round((sizeOf(done) - sizeOf(quiet)) / entries);
    return [
      ...paceRows(times),
      {
        work: "state: a line of the ledger",
        measured: sizeOf(done.outputs?.ledger ?? {}) / entries,
        bound: 300,
        unit: "bytes",
        goal: 1,
        of: "300 bytes",
        remark: `a deletion adds ${perDeletion} bytes to the resource in total: the inputs hold its reason as well, since the diff shows it there`,
      },
      {
        work: "state: the rest of a resource",
        measured: remaining,
        bound: 3_000,
        unit: "bytes",
        goal: 1,
        of: "3 kB",
        remark: `inputs and outputs, ${2 * sizeOf(outputs?.__provider ?? "")} bytes of them the provider's code; the engine's own record of it (names, stack trace) takes ${sizeOf(quiet) - remaining} more`,
      },
    ];
  } finally {
    await stack.remove();
    await sandbox.control("POST", "limits", { enforce: false });
  }
}

function paceRows(times: readonly number[]): Row[] {
  const busiest = Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + minute).length));
  const rows: Row[] = [
    {
      work: `deletions: maximum in a minute, of ${times.length}`,
      measured: busiest,
      bound: maxPerMinute,
      unit: "a minute",
      goal: 1,
      of: "GitHub's points",
    },
  ];
  const steady = times.slice(warmUp);
  const span = (steady.at(-1) ?? 0) - (steady[0] ?? 0);
  if (steady.length < warmUp) return rows;
  const gap = span / (steady.length - 1);
  return [
    ...rows,
    {
      work: "deletions: interval at full pace",
      measured: gap,
      bound: minute / maxPerMinute,
      unit: "ms",
      goal: 1 / 0.95,
      of: "180 a minute",
      remark: `${Math.round(minute / gap)} a minute; reads between the batches cost points as well`,
    },
  ];
}

function deletionTimes(requests: readonly LoggedRequest[]): number[] {
  return requests.filter(({ method, status }) => method === "DELETE" && status === 204).map(({ at }) => Date.parse(at));
}

async function policyIn(stack: BenchStack, name: string): Promise<z.output<typeof Resource>> {
  const { resources } = State.parse(await stack.state()).deployment;
  const found = resources.find(({ urn }) => urn.endsWith(`::${owner}/${name}`));
  if (!found) throw new Error(`no policy of ${name} in the state`);
  return found;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
