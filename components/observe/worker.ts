import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type Member, type OrganizationApprovals, organizationApprovals } from "../approval/organization-approvals";
import type { WrittenPolicy } from "../config/written-policy";
import type { Endpoints } from "../inventory/http/endpoints";
import { encodeInventory } from "../inventory/snapshot";
import { type SnapshotFile, SnapshotFolder } from "../inventory/snapshot-file";
import { decideAgain, type ResourceOutputs } from "../lifecycle/state/decide-again";
import { RetentionError } from "../model/errors";
import type { FailedObservation, Observed, PolicyError } from "../plan/outcome";
import { type ApprovalPlace, approvalLine } from "../report/approval-line";
import { type PackageStatus, statusOf } from "../report/package-status";
import { reportOf } from "../report/resource-report";
import { observePackage } from "./observe-package";
import { ObserveProgress } from "./progress";

/** A look that another thread wants. */
export interface ObserveRequest {
  readonly endpoints: Endpoints;
  readonly token: string | undefined;
  readonly policy: WrittenPolicy;
  readonly organizationApproval: string | undefined;
}

/** What came of it. What was seen stays with this thread, under a number, until it is told of. */
export type ThreadOutcome = ObservedInThread | FailedObservation | PolicyError;

interface ObservedInThread extends Pick<Observed, "policy"> {
  readonly handle: number;
  readonly snapshot: SnapshotFile;
}

/** What is to be told of a package that was seen. */
export interface ReportRequest {
  readonly handle: number;
  readonly outputs: ResourceOutputs;
  readonly isPreview: boolean;
  readonly place: ApprovalPlace;
}

/** For people, and for the summary of an organisation. */
export interface PackageReport {
  readonly text: string;
  readonly status: PackageStatus;
}

export interface ApprovalsRequest {
  readonly owner: string;
  readonly approve: string | undefined;
  readonly members: readonly Member<ThreadOutcome>[];
}

/** What another thread asks. */
export type ThreadRequest =
  | { readonly observe: ObserveRequest }
  | { readonly report: ReportRequest }
  | { readonly approvals: ApprovalsRequest };

/** What it is told: an answer, or a line for people. */
export type ThreadMessage =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: unknown }
  | { readonly line: string; readonly isProgress: boolean };

/** Looks at packages, and remembers what it saw of each until that is told. */
class PackageObserver {
  readonly #log: (line: string, isProgress: boolean) => void;
  readonly #progress: ObserveProgress;
  readonly #snapshots: SnapshotFolder;
  readonly #observed = new Map<number, Observed>();
  #count = 0;

  constructor(folder: string, log: (line: string, isProgress: boolean) => void) {
    this.#log = log;
    this.#progress = new ObserveProgress({ log: (line) => log(line, true), logged: Boolean(process.env.CI) });
    this.#snapshots = new SnapshotFolder(folder);
  }

  async answer(question: ThreadRequest): Promise<unknown> {
    if ("observe" in question) return this.#observe(question.observe);
    return "report" in question ? this.#report(question.report) : this.#organizationApprovals(question.approvals);
  }

  async #observe({ policy, ...settings }: ObserveRequest): Promise<ThreadOutcome> {
    const all = { ...settings, progress: this.#progress, log: (line: string) => this.#log(line, false) };
    const outcome = await observePackage(all, policy);
    if (!("graph" in outcome)) return outcome;
    try {
      const snapshot = await this.#snapshots.write(`${policy.owner}/${policy.package}`, encodeInventory(outcome.graph.inventory));
      const seen = this.#count++;
      this.#observed.set(seen, outcome);
      return { handle: seen, snapshot: snapshot, policy: outcome.policy };
    } catch (error) {
      if (error instanceof RetentionError) return { observationError: error.message, policy: outcome.policy };
      throw error;
    }
  }

  #report({ handle: number, outputs: known, isPreview, place }: ReportRequest): PackageReport {
    const decided = decideAgain(known, this.#observedAs(number));
    this.#observed.delete(number);
    return { text: reportOf(known, decided, { isPreview, approveWith: approvalLine(place) }), status: statusOf(known, decided) };
  }

  #organizationApprovals({ owner, approve, members: looks }: ApprovalsRequest): OrganizationApprovals {
    return organizationApprovals(
      owner,
      approve,
      looks.map(({ name, outcome }) => {
        if (outcome === undefined) return { name };
        return { name, outcome: "handle" in outcome ? this.#observedAs(outcome.handle) : outcome };
      }),
    );
  }

  #observedAs(number: number): Observed {
    const seen = this.#observed.get(number);
    if (seen === undefined) throw new Error("what was seen of a package is gone with the thread that saw it");
    return seen;
  }
}

function serve(port: MessagePort, folder: string): void {
  const log = (news: ThreadMessage) => port.postMessage(news);
  const desk = new PackageObserver(folder, (line, isProgress) => log({ line, isProgress }));
  port.on("message", ({ id, question }: { readonly id: number; readonly question: ThreadRequest }) => {
    desk.answer(question).then(
      (answer) => log({ id, answer }),
      (error: unknown) => log({ id, error }),
    );
  });
}

if (parentPort) serve(parentPort, workerData as string);
