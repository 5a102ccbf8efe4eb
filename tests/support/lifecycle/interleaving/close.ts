import { restorableIn } from "../../../../components/lifecycle/state/ledger";
import type { SimulatedStack } from "../simulated-stack";
import type { Stage } from "./actions";
import { Loss } from "./oracle";
import { goneIn, isKeptTag, partsBelow, referrersOf, viewOf } from "./package-view";
import type { Played } from "./scenario";
import { alone } from "./scheduler";

export type Ending = Pick<Played, "problem" | "late" | "excused" | "end">;

/** Each stack runs once more, undisturbed. */
export async function close(stage: Stage, stacks: readonly SimulatedStack[], ends: ReadonlyMap<string, boolean>): Promise<Ending> {
  const endedWell = (run: string) => ends.get(run) ?? false;
  const haveEndedWell = [...ends.values()].every(Boolean);
  const { sandbox, scheduler, oracle } = stage;
  sandbox.clearFaults();
  // What a run could not verify, the next one does.
  const late = haveEndedWell ? oracle.judgeEnd(endedWell) : [];
  for (const stack of stacks) {
    await scheduler.alone(sandbox, stack, () => stack.up().catch(() => undefined));
    // What a person restored, and who deleted what had been refused, a stack learns from `pulumi refresh`.
    await scheduler.alone(sandbox, stack, () => stack.refresh());
    await scheduler.alone(sandbox, stack, () => stack.up().catch(() => undefined));
  }
  const ledger = stacks.flatMap((stack) => restorableIn(stack.outputs.ledger).map(({ digest }) => digest));
  const gone = goneIn(sandbox);
  const unsaid = oracle.goneByRuns().filter((digest) => !ledger.includes(digest));
  if (unsaid.length > 0) throw new Loss(`gone, and in no ledger: ${unsaid.join(", ")}`);
  const untrue = ledger.filter((digest) => !gone.includes(digest));
  if (untrue.length > 0) throw new Loss(`in a ledger, and there: ${untrue.join(", ")}`);
  const excused = oracle.judgeEnd((run) => run === alone || endedWell(run), true);
  const view = viewOf(sandbox);
  const present = [...view.values()].map(({ digest, tags }) => [digest, ...tags.filter(isKeptTag).sort()].join(" ")).sort();
  const belonging = Object.fromEntries(
    [...view.keys()].map((digest) => [digest, [...partsBelow(view, digest), ...referrersOf(view, digest)]]),
  );
  const refused = stacks.flatMap((stack) => Object.keys(stack.outputs.refused)).sort();
  return { late, excused, end: { present, belonging, ledger: [...new Set(ledger)].sort(), refused, mayStay: oracle.mayStay() } };
}
