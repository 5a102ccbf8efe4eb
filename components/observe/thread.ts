import { AsyncResource } from "node:async_hooks";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { OrganizationApprovals } from "../approval/organization-approvals";
import { parseWrittenPolicy } from "../config/written-policy";
import { excludeEnvironmentFromReports } from "../inventory/http/crash-reports";
import { beginOutcome } from "../inventory/outcome-file";
import { ReservedFiles, reserveFolder } from "../inventory/snapshot-file";
import type {
  ApprovalsRequest,
  ObserveRequest,
  PackageReport,
  ReportRequest,
  RequestMessage,
  RequestName,
  Requests,
  ThreadMessage,
  ThreadOutcome,
} from "./messages";

type Log = (line: string, isProgress: boolean) => void;

interface PendingRequest {
  /** Bound to the caller's context: with Pulumi's Automation API one process runs several programs. */
  readonly log: Log;
  readonly resolve: (response: Requests[RequestName]["response"]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Observes packages in a thread of its own: Pulumi's runtime and thousands of small responses would delay each other. The
 * first request starts the thread, which keeps no process running that has nothing else to do.
 */
export class ObserverThread {
  readonly #log: Log;
  readonly #pending = new Map<number, PendingRequest>();
  #worker: Worker | undefined;
  #files: ReservedFiles | undefined;
  #count = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Reserves a file in which the provider says what the engine passed on. */
  reserveAnswer(): string {
    return this.#reserve("answer");
  }

  /** Begins a file in which the program says what came of an observation; `undefined` where that cannot be written. */
  beginOutcome(): string | undefined {
    const file = this.#reserve("outcome");
    return beginOutcome(file) ? file : undefined;
  }

  #reserve(name: string): string {
    this.#running();
    return (this.#files as ReservedFiles).reserve(name);
  }

  /** Starts the thread, which loads while the program goes on. */
  warmUp(): void {
    this.#running().unref();
  }

  async observe(request: ObserveRequest): Promise<ThreadOutcome> {
    try {
      return await this.#request("observe", request);
    } catch (error) {
      // A policy with a value that cannot be sent, such as a function, is an invalid one.
      const parsed = error instanceof DOMException ? parseWrittenPolicy(request.policy, request.endpoints) : undefined;
      if (parsed?.kind === "invalid") return parsed;
      throw error;
    }
  }

  /** Reports an observed package, once; the thread then forgets it. */
  report(request: ReportRequest): Promise<PackageReport> {
    return this.#request("report", request);
  }

  /** Computes the approvals of an organisation, once all of its packages are observed. */
  organizationApprovals(request: ApprovalsRequest): Promise<OrganizationApprovals> {
    return this.#request("approvals", request);
  }

  #request<Name extends RequestName>(name: Name, request: Requests[Name]["request"]): Promise<Requests[Name]["response"]> {
    const worker = this.#running();
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      worker.postMessage({ id, name, request } as RequestMessage<Name>);
      // The thread answers each request with the response of its name.
      this.#pending.set(id, { log: AsyncResource.bind(this.#log), resolve: resolve as PendingRequest["resolve"], reject });
      worker.ref();
    });
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    excludeEnvironmentFromReports();
    const folder = reserveFolder();
    this.#files = new ReservedFiles(folder);
    const worker = new Worker(join(__dirname, "worker.js"), { workerData: folder });
    worker.on("message", (message: ThreadMessage) => this.#receive(worker, message));
    worker.on("error", (error) => this.#fail(worker, error));
    worker.on("exit", (code) => this.#fail(worker, new Error(`the thread that observes packages ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }

  #receive(worker: Worker, message: ThreadMessage): void {
    if ("line" in message) {
      const [someone] = this.#pending.values();
      someone?.log(message.line, message.isProgress);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (this.#pending.size === 0) worker.unref();
    if ("response" in message) pending?.resolve(message.response);
    else pending?.reject(message.error);
  }

  /** Rejects all pending requests: a package that was not observed keeps everything. */
  #fail(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
