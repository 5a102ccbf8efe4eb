import { AsyncResource } from "node:async_hooks";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { leaveEnvironmentOutOfReports } from "./inventory/crash-reports";
import type { LookOutcome } from "./look-at-package";
import type { LookNews, WantedLook } from "./look-worker";
import { understandPolicy } from "./written-policy";

type Tell = (line: string, isProgress: boolean) => void;

interface Waiting {
  /** In the context of who waits: with Pulumi's Automation API a process runs several programs. */
  readonly tell: Tell;
  readonly resolve: (outcome: LookOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks at packages in a thread of its own: Pulumi's runtime and thousands of small answers would each keep the other waiting.
 * It is started by the first look, and keeps no process running that has nothing else to do.
 */
export class LookThread {
  readonly #tell: Tell;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Starts it already: it loads while the program goes on. */
  warmUp(): void {
    this.#running().unref();
  }

  look(wanted: Omit<WantedLook, "id">): Promise<LookOutcome> {
    const worker = this.#running();
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      try {
        worker.postMessage({ ...wanted, id } satisfies WantedLook);
      } catch (error) {
        // What cannot be sent is no policy.
        const understood = understandPolicy(wanted.policy, wanted.endpoints);
        if ("policyError" in understood) return resolve(understood);
        throw error;
      }
      this.#waiting.set(id, { tell: AsyncResource.bind(this.#tell), resolve, reject });
      worker.ref();
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    leaveEnvironmentOutOfReports();
    const worker = new Worker(join(__dirname, "look-worker.js"));
    worker.on("message", (news: LookNews) => this.#hear(worker, news));
    worker.on("error", (error) => this.#break(worker, error));
    worker.on("exit", (code) => this.#break(worker, new Error(`the thread that looks at packages ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }

  #hear(worker: Worker, news: LookNews): void {
    if ("line" in news) {
      const [someone] = this.#waiting.values();
      someone?.tell(news.line, news.isProgress);
      return;
    }
    const waiting = this.#waiting.get(news.id);
    this.#waiting.delete(news.id);
    if (this.#waiting.size === 0) worker.unref();
    if ("outcome" in news) waiting?.resolve(news.outcome);
    else waiting?.reject(news.error);
  }

  /** What nobody looked at is not known, so nothing of it is deleted. */
  #break(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
