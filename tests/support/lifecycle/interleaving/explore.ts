import type { ActionName } from "./actions";
import type { Player } from "./play";
import type { Choose, EndState, Played, Scenario } from "./scenario";

export interface Explored {
  readonly scenario: Scenario;
  /** How many orders there are. */
  readonly orders: number;
  /** How many were begun. */
  readonly played: number;
  /** How many of them were left where they came to a known state. */
  readonly pruned: number;
  /** Orders in which an image was incomplete when the runs had ended, until the next one completed it. */
  readonly late: number;
  /** Orders in which something was lost that no client could have saved. */
  readonly excused: number;
  readonly failure?: Failure;
}

export interface Failure {
  readonly played: Played;
  readonly path: readonly number[];
}

interface State {
  /** What follows each choice: the next state, or an end. */
  readonly next: (string | End | undefined)[];
}

interface End {
  readonly late: boolean;
  readonly excused: boolean;
}

type Counts = Pick<Explored, "orders" | "late" | "excused">;

export interface Bounds {
  /** How often a run may be interrupted by another one. */
  readonly preemptions?: number;
  /** Stops at the first failure. */
  readonly first?: boolean;
}

/** Plays every order of a scenario. Two that come to an equal state go on in the same way, so only one of them is played on. */
export async function explore(
  player: Player,
  scenario: Scenario,
  { preemptions = Number.POSITIVE_INFINITY, first = false }: Bounds = {},
): Promise<Explored> {
  const serial = new SerialEnds(player, scenario);
  const states = new Map<string, State>();
  const open: number[][] = [[]];
  let root: string | End | undefined;
  let failure: Failure | undefined;
  let [count, pruned] = [0, 0];
  for (let prefix = open.pop(); prefix !== undefined && !(first && failure); prefix = open.pop()) {
    const path: number[] = [];
    let left = preemptions;
    let link = (to: string | End) => {
      root = to;
    };
    const choose: Choose = ({ options, state, last }) => {
      const key = left === Number.POSITIVE_INFINITY ? state : JSON.stringify([state, left, options[0]?.actor === last && last]);
      const isKnown = states.has(key);
      link(key);
      if (isKnown && path.length >= (prefix as number[]).length) return undefined;
      const node = states.get(key) ?? { next: [] };
      if (!isKnown) {
        states.set(key, node);
        for (let other = options.length - 1; other > 0; other--)
          if (left > 0 || !isPreemption(options[0]?.actor, options[other]?.actor, last)) open.push([...path, other]);
      }
      const choice = prefix?.[path.length] ?? 0;
      if (isPreemption(options[0]?.actor, options[choice]?.actor, last)) left -= 1;
      path.push(choice);
      link = (to) => {
        node.next[choice] = to;
      };
      return choice;
    };
    const played = await player.play(scenario, choose);
    count += 1;
    if (played.left) {
      pruned += 1;
      continue;
    }
    const strange = played.problem ?? (played.excused.length > 0 ? undefined : unlike(await serial.without(played.gaveUp), played.end));
    link({ late: played.late.length > 0, excused: played.excused.length > 0 });
    if (strange !== undefined && (failure === undefined || played.events.length < failure.played.events.length))
      failure = { played: { ...played, problem: strange }, path };
  }
  return { scenario, ...countOrders(states, root), played: count, pruned, ...(failure ? { failure } : {}) };
}

/** The ends of all orders in which no run is disturbed. An action that finds nothing to act on might as well not be there. */
class SerialEnds {
  readonly #ends = new Map<string, Promise<readonly EndState[]>>();

  constructor(
    readonly player: Player,
    readonly scenario: Scenario,
  ) {}

  async without(gaveUp: readonly ActionName[]): Promise<readonly EndState[]> {
    const all = await this.#of(this.scenario.actions);
    if (gaveUp.length === 0) return all;
    return [...all, ...(await this.#of(this.scenario.actions.filter((name) => !gaveUp.includes(name))))];
  }

  #of(actions: readonly ActionName[]): Promise<readonly EndState[]> {
    const key = actions.join();
    const ends = this.#ends.get(key) ?? this.player.serialEnds({ ...this.scenario, actions });
    this.#ends.set(key, ends);
    return ends;
  }
}

/**
 * Says what is unlike every order in which the runs are not disturbed. More may be there: what GitHub refused, what a run has put back, the
 * parts and signatures of an image that is there in both, and the parts that a client pushed for an image which a person deleted.
 */
function unlike(serial: readonly EndState[], end: EndState | undefined): string | undefined {
  if (end === undefined) return undefined;
  const { present, belonging, ledger, refused, mayStay } = end;
  const isLike = (other: EndState) => {
    const digests = other.present.map(digestOf);
    const mayBeThere = new Set([...refused, ...mayStay, ...digests.flatMap((digest) => belonging[digest] ?? [])]);
    return (
      other.present.every((version) => present.includes(version)) &&
      present.every((version) => other.present.includes(version) || mayBeThere.has(digestOf(version))) &&
      ledger.every((digest) => other.ledger.includes(digest)) &&
      other.ledger.every((digest) => ledger.includes(digest) || mayBeThere.has(digest))
    );
  };
  return serial.some(isLike) ? undefined : `it ends unlike any order without interruption: ${JSON.stringify(end)}`;
}

function digestOf(version: string): string {
  return version.split(" ")[0] ?? "";
}

/** A run that could have gone on has to wait for another one. */
function isPreemption(first: string | undefined, chosen: string | undefined, last: string | undefined): boolean {
  return last !== undefined && first === last && chosen !== last;
}

function countOrders(states: ReadonlyMap<string, State>, root: string | End | undefined): Counts {
  const known = new Map<string, Counts>();
  function count(at: string | End | undefined): Counts {
    if (at === undefined) return { orders: 0, late: 0, excused: 0 };
    if (typeof at !== "string") return { orders: 1, late: at.late ? 1 : 0, excused: at.excused ? 1 : 0 };
    const counted = known.get(at);
    if (counted !== undefined) return counted;
    const parts = (states.get(at)?.next ?? []).map(count);
    const sumOf = (what: keyof Counts) => parts.reduce((all, part) => all + part[what], 0);
    const sum = { orders: sumOf("orders"), late: sumOf("late"), excused: sumOf("excused") };
    known.set(at, sum);
    return sum;
  }
  return count(root);
}
