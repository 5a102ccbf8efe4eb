import { AsyncResource } from "node:async_hooks";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { OrganizationApprovals } from "../approval/organization-approvals";
import { parseWrittenPolicy } from "../config/written-policy";
import { excludeEnvironmentFromReports } from "../inventory/http/crash-reports";
import { reserveFolder } from "../inventory/snapshot-file";
import type { ApprovalsRequest, ObserveRequest, PackageReport, ReportRequest, ThreadMessage, ThreadOutcome, ThreadRequest } from "./worker";

type Log = (line: string, isProgress: boolean) => void;

interface PendingRequest {
  /** In the context of who waits: with Pulumi's Automation API a process runs several programs. */
  readonly log: Log;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks at packages in a thread of its own: Pulumi's runtime and thousands of small answers would each keep the other waiting.
 * It is started by the first look, and keeps no process running that has nothing else to do.
 */
export class ObserverThread {
  readonly #log: Log;
  readonly #pending = new Map<number, PendingRequest>();
  #worker: Worker | undefined;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Starts it already: it loads while the program goes on. */
  warmUp(): void {
    this.#running().unref();
  }

  async observe(wanted: ObserveRequest): Promise<ThreadOutcome> {
    try {
      return await this.#request<ThreadOutcome>({ observe: wanted });
    } catch (error) {
      // What cannot be sent is no policy.
      const understood = error instanceof DOMException ? parseWrittenPolicy(wanted.policy, wanted.endpoints) : undefined;
      if (understood && "policyError" in understood) return understood;
      throw error;
    }
  }

  /** What there is to say of a package that was looked at; once, and it is forgotten. */
  report(wanted: ReportRequest): Promise<PackageReport> {
    return this.#request<PackageReport>({ report: wanted });
  }

  /** What packages of an organisation are told of its approval, once all were looked at. */
  organizationApprovals(wanted: ApprovalsRequest): Promise<OrganizationApprovals> {
    return this.#request<OrganizationApprovals>({ approvals: wanted });
  }

  #request<Answer>(question: ThreadRequest): Promise<Answer> {
    const worker = this.#running();
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, question });
      this.#pending.set(id, { log: AsyncResource.bind(this.#log), resolve: resolve as (answer: unknown) => void, reject });
      worker.ref();
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    excludeEnvironmentFromReports();
    const worker = new Worker(join(__dirname, "worker.js"), { workerData: reserveFolder() });
    worker.on("message", (news: ThreadMessage) => this.#receive(worker, news));
    worker.on("error", (error) => this.#fail(worker, error));
    worker.on("exit", (code) => this.#fail(worker, new Error(`the thread that looks at packages ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }

  #receive(worker: Worker, news: ThreadMessage): void {
    if ("line" in news) {
      const [someone] = this.#pending.values();
      someone?.log(news.line, news.isProgress);
      return;
    }
    const waiting = this.#pending.get(news.id);
    this.#pending.delete(news.id);
    if (this.#pending.size === 0) worker.unref();
    if ("answer" in news) waiting?.resolve(news.answer);
    else waiting?.reject(news.error);
  }

  /** What nobody looked at is not known, so nothing of it is deleted. */
  #fail(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
