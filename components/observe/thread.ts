import { AsyncResource } from "node:async_hooks";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Shares } from "../approval/organization-shares";
import { understandPolicy } from "../config/written-policy";
import { leaveEnvironmentOutOfReports } from "../inventory/http/crash-reports";
import { reserveFolder } from "../inventory/snapshot-file";
import type { HandedOutcome, LookNews, Question, Telling, WantedLook, WantedShares, WantedTelling } from "./worker";

type Tell = (line: string, isProgress: boolean) => void;

interface Waiting {
  /** In the context of who waits: with Pulumi's Automation API a process runs several programs. */
  readonly tell: Tell;
  readonly resolve: (answer: unknown) => void;
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

  async look(wanted: WantedLook): Promise<HandedOutcome> {
    try {
      return await this.#ask<HandedOutcome>({ look: wanted });
    } catch (error) {
      // What cannot be sent is no policy.
      const understood = error instanceof DOMException ? understandPolicy(wanted.policy, wanted.endpoints) : undefined;
      if (understood && "policyError" in understood) return understood;
      throw error;
    }
  }

  /** What there is to say of a package that was looked at; once, and it is forgotten. */
  telling(wanted: WantedTelling): Promise<Telling> {
    return this.#ask<Telling>({ telling: wanted });
  }

  /** What packages of an organisation are told of its approval, once all were looked at. */
  shares(wanted: WantedShares): Promise<Shares> {
    return this.#ask<Shares>({ shares: wanted });
  }

  #ask<Answer>(question: Question): Promise<Answer> {
    const worker = this.#running();
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, question });
      this.#waiting.set(id, { tell: AsyncResource.bind(this.#tell), resolve: resolve as (answer: unknown) => void, reject });
      worker.ref();
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    leaveEnvironmentOutOfReports();
    const worker = new Worker(join(__dirname, "worker.js"), { workerData: reserveFolder() });
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
    if ("answer" in news) waiting?.resolve(news.answer);
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
