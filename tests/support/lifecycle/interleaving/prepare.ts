import type { PolicyInput } from "../../../../components/rules/policy";
import { openSandbox, type Sandbox } from "../../../../sandbox";
import { now } from "../../engine/world";
import { seedBlobs } from "../seed-blobs";
import { type Previewed, SimulatedStack } from "../simulated-stack";
import type { Scenario } from "./scenario";
import type { Scheduler } from "./scheduler";
import { blobs, repository, seedOf, type World, worlds } from "./worlds";

/** A stack just before the run to be interleaved: its state, and what its preview said. */
export interface Prepared {
  readonly policy: PolicyInput;
  /** Absent where nothing is on record yet. */
  readonly stored?: string;
  readonly previewed: Previewed;
  /** What the run may delete. */
  readonly approved: ReadonlySet<string>;
}

const known = new Map<string, readonly Prepared[]>();

/** Opens the package of a scenario, and brings it where the runs begin. */
export async function prepare(scheduler: Scheduler, scenario: Scenario): Promise<Scene> {
  const { world: name, runs, switches = {} } = scenario;
  const world: World = worlds[name];
  const key = JSON.stringify([name, runs === "restoration", switches]);
  const records = known.get(key) ?? (await recordsOf(scheduler, world, scenario));
  known.set(key, records);
  const sandbox = openWorld(world, switches);
  if (runs === "restoration") deleteAll(sandbox, records);
  return { sandbox, records };
}

interface Scene {
  readonly sandbox: Sandbox;
  readonly records: readonly Prepared[];
}

/** The stacks' states are the same for every order. */
async function recordsOf(scheduler: Scheduler, world: World, { runs, switches = {} }: Scenario): Promise<readonly Prepared[]> {
  const sandbox = openWorld(world, switches);
  scheduler.reset(sandbox);
  const records: Prepared[] = [];
  for (const policy of world.policies) {
    const stack = new SimulatedStack(sandbox, policy);
    if (policy.approval === "automatic") {
      const previewed = await scheduler.alone(sandbox, stack, () => stack.preview());
      records.push({ policy, previewed, approved: new Set(Object.keys(previewed.inputs.deletions)) });
      continue;
    }
    await scheduler.alone(sandbox, stack, () => stack.up());
    const { pending } = stack.outputs;
    const approved = new Set(Object.keys(pending?.deletions ?? {}));
    stack.policy = { ...policy, approve: pending?.id };
    if (runs === "restoration") {
      await scheduler.alone(sandbox, stack, () => stack.up());
      stack.policy = { ...stack.policy, restore: [pending?.id ?? ""] };
    }
    const previewed = await scheduler.alone(sandbox, stack, () => stack.preview());
    records.push({ policy: stack.policy, stored: JSON.stringify(stack.stored), previewed, approved });
  }
  return records;
}

/** As the run before did, parts after their image. */
function deleteAll(sandbox: Sandbox, records: readonly Prepared[]): void {
  const pkg = sandbox.store.find(repository);
  const approved = records.flatMap((record) => [...record.approved]);
  for (const version of pkg?.active.all() ?? [])
    if (approved.includes(version.digest)) sandbox.store.delete(pkg as NonNullable<typeof pkg>, version);
}

export function stackOf(sandbox: Sandbox, { policy, stored }: Prepared): SimulatedStack {
  const stack = new SimulatedStack(sandbox, policy);
  if (stored !== undefined) stack.stored = JSON.parse(stored);
  return stack;
}

function openWorld(world: World, switches: Scenario["switches"]): Sandbox {
  const sandbox = openSandbox({ now, ...(switches ? { switches } : {}) });
  sandbox.seed(Object.values(world.pieces).map(seedOf));
  seedBlobs(sandbox, repository, blobs);
  return sandbox;
}
