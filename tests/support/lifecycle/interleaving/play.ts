import type { Sandbox } from "../../../../sandbox";
import type { SimulatedStack } from "../simulated-stack";
import { type ActionName, actions, type Stage } from "./actions";
import { close, type Ending } from "./close";
import { type Approvals, Oracle } from "./oracle";
import { type Prepared, prepare, stackOf } from "./prepare";
import type { Choose, EndState, Played, Scenario } from "./scenario";
import { alone, type Event, hashOf, type Option, type Scheduler } from "./scheduler";
import { repository, worlds } from "./worlds";

interface Others {
  readonly names: readonly ActionName[];
  readonly atomic: boolean;
  readonly anyOrder: boolean;
  readonly gaveUp: ActionName[];
}

/** Carries out the next step of an action, or all that are left. */
function act(
  stage: Stage,
  other: { readonly name: ActionName; step: number },
  { atomic, gaveUp }: Pick<Others, "atomic" | "gaveUp">,
): Event {
  const { actor, name, steps } = actions[other.name];
  const answers: string[] = [];
  const which = steps.length > 1 && !atomic ? ` (${other.step + 1}/${steps.length})` : "";
  do {
    const answer = steps[other.step]?.(stage);
    if (answer === undefined) gaveUp.push(other.name);
    other.step = answer === undefined ? steps.length : other.step + 1;
    answers.push(answer ?? "gives up");
  } while (atomic && other.step < steps.length);
  return { actor, request: `${name}${which}`, answer: answers.join(", ") };
}

export class Player {
  readonly #endings = new Map<string, Ending>();

  constructor(readonly scheduler: Scheduler) {}

  /** Plays one order to its end, and one more undisturbed run of each stack after it. */
  async play(scenario: Scenario, choose: Choose): Promise<Played> {
    const { world: name, runs, actions: names, atomic = false, anyOrder = false } = scenario;
    const { sandbox, records } = await prepare(this.scheduler, scenario);
    const oracle = new Oracle(sandbox, approvalsOf(runs, records));
    const stage: Stage = { sandbox, scheduler: this.scheduler, oracle, world: worlds[name] };
    this.scheduler.reset(sandbox, oracle);
    const stacks = records.map((record) => stackOf(sandbox, record));
    const started = this.#begin(runs, sandbox, stacks, records);
    const events: Event[] = [];
    const gaveUp: ActionName[] = [];
    try {
      const left = await this.#interleave(stage, { names, atomic, anyOrder, gaveUp }, choose, events);
      if (left) return { events, left, late: [], excused: [], gaveUp };
      const ends = new Map(started.map(({ name, failed }) => [name, this.scheduler.endOf(name) === "done" && !failed()]));
      return { events, gaveUp, ...(await this.#closeOnce(stage, stacks, ends)) };
    } catch (error) {
      if (error instanceof Error) return { events, problem: error.message, late: [], excused: [], gaveUp };
      throw error;
    }
  }

  /** Lets each of the others act at any point between two requests of the runs. */
  async #interleave(stage: Stage, others: Others, choose: Choose, events: Event[]): Promise<true | undefined> {
    const acting = others.names.map((name) => ({ name, step: 0 }));
    for (let last: string | undefined; ; ) {
      await this.scheduler.settle();
      const acts = acting.filter(({ name, step }) => step < actions[name].steps.length);
      const requests = this.scheduler.options(others.anyOrder);
      // A run goes on until somebody else is chosen.
      const next = [...requests.filter(({ actor }) => actor === last), ...requests.filter(({ actor }) => actor !== last)];
      const options: Option[] = [
        ...next,
        ...acts.map((other) => ({
          actor: other.name,
          take: async () => act(stage, other, others),
        })),
      ];
      if (options.length === 0) return undefined;
      const choice = choose({ options, state: this.#stateOf(stage, acting), last });
      if (choice === undefined) return true;
      const option = options[choice];
      if (option === undefined) throw new Error(`there is no choice ${choice} of ${options.length}`);
      events.push(await option.take());
      if (choice < next.length) last = option.actor;
    }
  }

  #stateOf({ sandbox, oracle }: Stage, others: unknown): string {
    return hashOf([storeOf(sandbox), sandbox.faults(), this.scheduler.knowledge(), oracle.memory(), others]);
  }

  /** The ends of all orders in which nobody acts while a run is under way. */
  async serialEnds(scenario: Scenario): Promise<readonly EndState[]> {
    const ends: EndState[] = [];
    const open: number[][] = [[]];
    for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
      const path: number[] = [];
      const played = await this.play(scenario, ({ options, last }) => {
        const isUnderWay = last !== undefined && options[0]?.actor === last;
        const choice = isUnderWay ? 0 : (prefix?.[path.length] ?? 0);
        if (!isUnderWay && path.length >= (prefix?.length ?? 0))
          for (let other = 1; other < options.length; other++) open.push([...path, other]);
        path.push(choice);
        return choice;
      });
      if (played.end !== undefined) ends.push(played.end);
    }
    return ends;
  }

  #begin(runs: Scenario["runs"], sandbox: Sandbox, stacks: readonly SimulatedStack[], records: readonly Prepared[]) {
    const names = runNames(runs);
    return names.map((name, place) => {
      // The state of a killed engine is lost, whatever its provider does.
      const predecessor = runs === "successor" && place === 0;
      const record = records[runs === "two stacks" ? place : 0] as Prepared;
      const stack = predecessor ? stackOf(sandbox, record) : (stacks[runs === "two stacks" ? place : 0] as SimulatedStack);
      stack.token = sandbox.createToken();
      let failed = false;
      const work =
        (runs === "successor" && place === 1) || record.stored === undefined ? () => stack.up() : () => stack.carryOut(record.previewed);
      this.scheduler.begin(name, stack.token, () =>
        work().catch(() => {
          failed = true;
        }),
      );
      return { name, failed: () => failed || predecessor };
    });
  }

  /** What follows is the same for all orders that end in the same way. */
  async #closeOnce(stage: Stage, stacks: readonly SimulatedStack[], ends: ReadonlyMap<string, boolean>): Promise<Ending> {
    const key = hashOf([storeOf(stage.sandbox), stage.oracle.memory(), stacks.map(({ stored }) => stored), [...ends]]);
    const known = this.#endings.get(key);
    if (known !== undefined) return known;
    const ending = await close(stage, stacks, ends).catch((error: unknown) => {
      if (error instanceof Error) return { problem: error.message, late: [], excused: [] };
      throw error;
    });
    this.#endings.set(key, ending);
    return ending;
  }
}

export function runNames(runs: Scenario["runs"]): readonly string[] {
  if (runs === "one apply" || runs === "restoration") return ["apply"];
  return runs === "two stacks" ? ["apply", "other apply"] : ["apply", "next run"];
}

function approvalsOf(runs: Scenario["runs"], records: readonly Prepared[]): Approvals {
  // A restoration deletes nothing.
  const approved = records.map((record) => (runs === "restoration" ? new Set<string>() : record.approved));
  const ofRuns = runNames(runs).map((name, place) => [name, approved[runs === "two stacks" ? place : 0] ?? new Set<string>()] as const);
  return new Map([...ofRuns, [alone, new Set(approved.flatMap((digests) => [...digests]))]]);
}

function storeOf({ store }: Sandbox): unknown {
  const pkg = store.find(repository);
  const versions = [...(pkg?.active.all() ?? []), ...(pkg?.deleted.all() ?? [])];
  return versions.map(({ id, digest, tags, updatedAt, deletedAt }) => [id, digest, tags, updatedAt, deletedAt]);
}
