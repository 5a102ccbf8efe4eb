import type { SwitchChanges } from "../../../../sandbox";
import type { ActionName } from "./actions";
import type { Event, Option } from "./scheduler";
import type { worlds } from "./worlds";

/** Which runs there are, and what happens meanwhile. */
export interface Scenario {
  readonly world: keyof typeof worlds;
  /**
   * One apply; those of two stacks; one whose engine was killed while its provider goes on, and the next `pulumi up`; or one that restores
   * what was deleted.
   */
  readonly runs: "one apply" | "two stacks" | "successor" | "restoration";
  readonly actions: readonly ActionName[];
  /** Whether the steps of an action follow each other at once. */
  readonly atomic?: boolean;
  /** Whether requests that a run has sent side by side are handled in any order; otherwise in the order in which it sent them. */
  readonly anyOrder?: boolean;
  readonly switches?: SwitchChanges;
}

/** A point of an order at which something is to be chosen. */
export interface Point {
  /** The first is the next request of the run that went on last, as long as that has one. */
  readonly options: readonly Option[];
  /** Equal for two points from which everything goes on in the same way. */
  readonly state: string;
  /** The run that went on last. */
  readonly last: string | undefined;
}

/** Which option to take; `undefined` leaves the order there. */
export type Choose = (point: Point) => number | undefined;

export interface Played {
  readonly events: readonly Event[];
  /** What is wrong. */
  readonly problem?: string;
  /** It was left before its end. */
  readonly left?: true;
  /** The images that were incomplete when the runs had ended, until the next one completed them. */
  readonly late: readonly string[];
  /** What no client could have saved. */
  readonly excused: readonly string[];
  /** The actions that found nothing to act on. */
  readonly gaveUp: readonly ActionName[];
  /** What is there at the end, and what the ledgers say. */
  readonly end?: EndState;
}

export interface EndState {
  /** Digests, each with the tags that a person would keep. */
  readonly present: readonly string[];
  /** What each of them consists of, and what refers to it. */
  readonly belonging: Readonly<Record<string, readonly string[]>>;
  readonly ledger: readonly string[];
  readonly refused: readonly string[];
  /** What runs have put back, and parts that somebody brought for an image which is gone. */
  readonly mayStay: readonly string[];
}
