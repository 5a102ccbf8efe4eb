import { createHash } from "node:crypto";
import type { Answered, Sandbox } from "../../../../sandbox";
import type { SimulatedStack } from "../simulated-stack";
import { interceptRequests, type SentRequest } from "./network";
import { VirtualTime } from "./virtual-time";

/** What happened at one step of an order. */
export interface Event {
  readonly actor: string;
  readonly request: string;
  readonly answer: string;
}

/** What may happen next. */
export interface Option {
  readonly actor: string;
  /** Carries it out, and says what happened. */
  readonly take: () => Promise<Event>;
}

/** Told of each request of a run, once the servers have handled it. */
export interface Watcher {
  before(): void;
  after(actor: string, request: Pick<SentRequest, "method" | "url">): void;
}

interface Run {
  readonly name: string;
  readonly credentials: readonly string[];
  readonly waiting: SentRequest[];
  /** Of all that the run was told so far: its state is a function of that. */
  history: string;
  requests: number;
  /** Why it is over. */
  end: "done" | "killed" | undefined;
}

/** No order of so few events needs as many requests. */
const maxRequests = 1_500;
/** Turns of the event loop without any sign of life, after which every run waits for an answer. */
const quietTurns = 3;
const stuckMilliseconds = 30_000;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The name of a run that nobody disturbs. */
export const alone = "next run alone";

/** Owns every request of the runs in this process: none is handled before its turn comes. */
export class Scheduler {
  readonly #runs = new Map<string, Run>();
  readonly #time = new VirtualTime();
  readonly #release: () => void;
  #sandbox: Sandbox | undefined;
  #watcher: Watcher | undefined;
  #signs = 0;

  constructor() {
    this.#time.onWait = () => {
      this.#signs += 1;
    };
    this.#release = interceptRequests((request) => this.#sent(request));
  }

  close(): void {
    this.#release();
    this.#time.giveBack();
  }

  /** Forgets all runs; those under way are never answered. */
  reset(sandbox: Sandbox, watcher?: Watcher): void {
    this.#runs.clear();
    this.#time.reset();
    this.#sandbox = sandbox;
    this.#watcher = watcher;
  }

  /** Begins a run whose requests carry the token. */
  begin(name: string, token: string, work: () => Promise<unknown>): void {
    const credentials = [token, Buffer.from(token).toString("base64")];
    const run: Run = { name, credentials, waiting: [], history: "", requests: 0, end: undefined };
    this.#runs.set(name, run);
    const done = () => {
      run.end ??= "done";
      this.#signs += 1;
    };
    work().then(done, done);
  }

  kill(name: string): void {
    const run = this.#runs.get(name);
    if (run?.end === undefined && run !== undefined) run.end = "killed";
  }

  endOf(name: string): Run["end"] {
    return this.#runs.get(name)?.end;
  }

  /** Waits until every run needs an answer, or is over. */
  async settle(): Promise<void> {
    const began = Date.now();
    for (let quiet = 0, seen = this.#signs; quiet < quietTurns; ) {
      await turn();
      quiet = seen === this.#signs ? quiet + 1 : 0;
      seen = this.#signs;
      if (quiet < quietTurns) continue;
      const isIdle = this.#live().some(({ waiting }) => waiting.length === 0);
      // It waits for a second or two, or for the disk.
      if (this.#time.pass() || isIdle) quiet = 0;
      if (Date.now() - began > stuckMilliseconds) throw new Error(`a run neither asks nor ends: ${JSON.stringify(this.knowledge())}`);
    }
  }

  /** The requests that may be handled next: of each run the one sent first, or with `anyOrder` every one. */
  options(anyOrder = false): Option[] {
    return this.#live().flatMap((run) =>
      (anyOrder ? run.waiting : run.waiting.slice(0, 1)).map((request) => ({
        actor: run.name,
        take: () => this.#handle(run, request),
      })),
    );
  }

  /** What the runs know, for comparing two orders. */
  knowledge(): readonly (readonly [string, string, string | undefined])[] {
    return [...this.#runs.values()].map(({ name, history, end }) => [name, end === "killed" ? "" : history, end]);
  }

  /** Runs a stack undisturbed, as a process of its own. */
  async alone<Result>(sandbox: Sandbox, stack: SimulatedStack, work: () => Promise<Result>): Promise<Result> {
    stack.token = sandbox.createToken();
    let result = Promise.reject<Result>(new Error("it never began"));
    result.catch(() => undefined);
    this.begin(alone, stack.token, () => {
      result = work();
      return result;
    });
    for (;;) {
      await this.settle();
      const [next] = this.options();
      if (next === undefined) return result;
      await next.take();
    }
  }

  #live(): Run[] {
    return [...this.#runs.values()].filter(({ end }) => end === undefined);
  }

  #sent(request: SentRequest): void {
    const { authorization = "" } = request.headers;
    const run = this.#live().find(({ credentials }) => credentials.some((credential) => authorization.endsWith(` ${credential}`)));
    run?.waiting.push(request);
    this.#signs += 1;
  }

  async #handle(run: Run, request: SentRequest): Promise<Event> {
    if (this.#sandbox === undefined) throw new Error("there is no sandbox");
    run.requests += 1;
    if (run.requests > maxRequests) throw new Error(`${run.name} runs for ever: it sent ${maxRequests} requests`);
    run.waiting.splice(run.waiting.indexOf(request), 1);
    this.#watcher?.before();
    const answer = await this.#sandbox.answer(request);
    this.#watcher?.after(run.name, request);
    const { method, url } = request;
    const event = { actor: run.name, request: `${method} ${url}`, answer: answer === undefined ? "none" : String(answer.status) };
    run.history = hashOf([run.history, event, answer === undefined ? "" : whatMatters(answer)]);
    request.deliver(answer);
    return event;
  }
}

/** The parts of an answer that a client acts on. */
function whatMatters({ headers, body }: Answered): unknown {
  return [headers.link, headers["docker-content-digest"], body.toString("latin1")];
}

export function hashOf(value: unknown): string {
  return createHash("sha1").update(JSON.stringify(value)).digest("base64");
}
