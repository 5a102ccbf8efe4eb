import { printable } from "../components/model/printable";
import { untilStopped } from "../components/model/stop";
import { PushRefused } from "../sandbox";
import type { Probe } from "./rows/probe";
import { failedRow, type Row, rowOf } from "./rows/row";
import { answered } from "./scratch/answer";
import { deletePackage } from "./scratch/changes";
import { type Pace, until } from "./scratch/pace";
import { ProbePackage } from "./scratch/probe-package";
import { refusedWords } from "./scratch/registry-calls";
import { Scratch, type Session } from "./scratch/scratch";

export interface Acceptance {
  readonly owner: string;
  readonly session: Session;
  readonly probes: readonly Probe<Scratch>[];
  /** Ends the run when it is aborted; the package is removed nevertheless. */
  readonly signal: AbortSignal;
}

export interface Accepted {
  readonly rows: readonly Row[];
  /** That the package is still there, and what to do; absent where it was removed. */
  readonly left?: string;
}

/** A request that is under way when a run is interrupted may be a push, which would make the package again after its removal. */
const secondsForLastRequest = 20;
/** GitHub may fail at the very moment, and shows a removal after a while. */
const secondsForRemoval = 120;

/** Makes a package, observes every probe on it, and removes it, whatever happens in between. */
export async function accept({ owner, session, probes, signal }: Acceptance): Promise<Accepted> {
  const { pace } = session;
  const interruptible: Pace = { ...pace, pause: (seconds) => untilStopped(signal, pace.pause(seconds)) };
  const scratch = new Scratch(ProbePackage.make(owner), { ...session, pace: interruptible });
  pace.say(`the package of this run: ${scratch.package}`);
  const observing = observe(scratch, probes, signal);
  let left: string | undefined;
  let rows: readonly Row[];
  try {
    rows = await untilStopped(signal, observing);
  } finally {
    await Promise.race([observing.catch(() => undefined), pace.pause(secondsForLastRequest)]);
    left = await remove(scratch, pace);
    pace.say(left ?? `${scratch.package} is removed`);
  }
  return left === undefined ? { rows } : { rows, left };
}

async function observe(scratch: Scratch, probes: readonly Probe<Scratch>[], signal: AbortSignal): Promise<readonly Row[]> {
  const { say } = scratch.session.pace;
  await makePackage(scratch);
  const rows: Row[] = [];
  for (const [index, probe] of probes.entries()) {
    signal.throwIfAborted();
    say(`${index + 1} of ${probes.length}: ${probe.name} …`);
    const row = await observeOne(scratch, probe, signal);
    say(`    ${row.verdict}`);
    rows.push(row);
  }
  return rows;
}

/** A probe that breaks off is a row like any other, so that the others are still observed. */
async function observeOne(scratch: Scratch, probe: Probe<Scratch>, signal: AbortSignal): Promise<Row> {
  try {
    return rowOf(probe, await probe.observe(scratch));
  } catch (error) {
    signal.throwIfAborted();
    return failedRow(probe, error);
  }
}

async function makePackage(scratch: Scratch): Promise<void> {
  try {
    const { digest } = await scratch.push("first");
    await scratch.version(digest);
  } catch (error) {
    if (!(error instanceof PushRefused)) throw error;
    throw new Error(
      `${scratch.package} could not be made: the registry answered ${printable(refusedWords(error)).replace(/\.$/, "")}. Expected a token that may push packages of ${scratch.package.owner}: a classic one ` +
        "with write:packages, or the GITHUB_TOKEN of a workflow with `packages: write`.",
    );
  }
}

/** Removes the package, and looks that it is gone; otherwise returns what to do. */
async function remove(scratch: Scratch, pace: Pace): Promise<string | undefined> {
  const { package: probe, changed, session } = scratch;
  let last = "";
  const gone = await until(pace, `GitHub removes ${probe}`, secondsForRemoval, async () => {
    try {
      last = answered(await deletePackage(session.connection.github, changed));
      return (await scratch.about()).status === 404 ? true : undefined;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  });
  if (gone) return undefined;
  return `${probe} is still there (the last answer to its removal: ${last}). Remove it by hand, in the settings of the package.`;
}
