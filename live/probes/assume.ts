import { defaultSwitches, type Switches } from "../../sandbox";
import { notObservable, type Observation, type Probe } from "../rows/probe";
import type { Scratch } from "../scratch/scratch";

export type LiveProbe = Probe<Scratch>;
type Observe = (scratch: Scratch) => Promise<Observation>;

/** An assumption that the sandbox has a switch for: its default. */
export function assumeSwitch(name: keyof Switches, what: string, observe: Observe): LiveProbe {
  return { name: what, assumption: defaultSwitches()[name], switch: name, observe };
}

/** An assumption that nothing in the sandbox turns. */
export function assume(what: string, assumption: string | boolean, observe: Observe): LiveProbe {
  return { name: what, assumption, observe };
}

/** The observation of what no run can see. */
export function never(why: string): Observe {
  return async () => notObservable(why);
}
