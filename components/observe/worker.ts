import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type OrganizationApprovals, organizationApprovals } from "../approval/organization-approvals";
import { buildGraph } from "../graph/graph";
import { namesIn } from "../in-use/in-use";
import { decodeInventory, encodeSnapshot } from "../inventory/snapshot";
import { SnapshotFolder } from "../inventory/snapshot-file";
import { decideAgain } from "../lifecycle/state/decide-again";
import { withOwner } from "../lifecycle/state/stored-notices";
import { hidingSecrets } from "../messages/secrets";
import { RetentionError } from "../model/errors";
import type { Observed } from "../plan/outcome";
import { approvalLine, limitLines } from "../report/approval-line";
import { faultOf } from "../report/fault";
import { freedByPlans } from "../report/freed-storage";
import { statusOf } from "../report/package-status";
import { reportOf } from "../report/resource-report";
import type {
  ApprovalsRequest,
  ObserveRequest,
  PackageReport,
  ReportRequest,
  RequestMessage,
  Requests,
  ThreadMessage,
  ThreadOutcome,
} from "./messages";
import { observePackage } from "./observe-package";
import { ObserveProgress } from "./progress";

type Response<Name extends keyof Requests> = Requests[Name]["response"];

interface HeldObservation {
  readonly observed: Observed;
  /** Takes what may not be repeated out of a text. */
  readonly hide: (text: string) => string;
}

/** Observes packages, and keeps each observation until it is reported. */
class PackageObserver {
  readonly #log: (line: string, isProgress: boolean) => void;
  readonly #progress: ObserveProgress;
  readonly #snapshots: SnapshotFolder;
  readonly #observed = new Map<number, HeldObservation>();
  #count = 0;

  constructor(folder: string, log: (line: string, isProgress: boolean) => void) {
    this.#log = log;
    this.#progress = new ObserveProgress({ log: (line) => log(line, true), logged: Boolean(process.env.CI) });
    this.#snapshots = new SnapshotFolder(folder);
  }

  async respond(message: RequestMessage): Promise<Response<keyof Requests>> {
    switch (message.name) {
      case "observe":
        return (await this.#observe(message.request)) satisfies Response<"observe">;
      case "report":
        return this.#report(message.request) satisfies Response<"report">;
      case "approvals":
        return this.#organizationApprovals(message.request) satisfies Response<"approvals">;
    }
  }

  async #observe({ policy, secretProtect, ...settings }: ObserveRequest): Promise<ThreadOutcome> {
    const hide = hidingSecrets(secretProtect ? namesIn(policy.protect ?? []) : []);
    const log = (line: string) => this.#log(line, false);
    const outcome = await observePackage({ ...settings, progress: this.#progress, log }, policy);
    if (outcome.kind === "invalid") return { ...outcome, policyError: hide(outcome.policyError) };
    if (outcome.kind === "failed") return { ...outcome, observationError: hide(outcome.observationError) };
    try {
      const file = await this.#snapshots.write(
        `${policy.owner}/${policy.package}`,
        encodeSnapshot({ policy: outcome.policy, inventory: outcome.graph.inventory }),
      );
      const handle = this.#count++;
      this.#observed.set(handle, { observed: outcome, hide });
      const { githubApiUrl, registryUrl } = settings.endpoints;
      return { kind: "observed", handle, snapshot: { ...file, githubApiUrl, registryUrl }, policy: outcome.policy };
    } catch (error) {
      if (error instanceof RetentionError) return { kind: "failed", observationError: error.message, policy: outcome.policy };
      throw error;
    }
  }

  #report({ handle, outputs, passedOn, secretProtect, isPreview, place, owner }: ReportRequest): PackageReport {
    const { observed, hide: hideGiven } = this.#observedAs(handle);
    this.#observed.delete(handle);
    const policy = passedOn?.policy ?? observed.policy;
    const hidePassedOn = hidingSecrets(secretProtect ? namesIn(policy.protect ?? []) : []);
    const hide = (text: string) => hidePassedOn(hideGiven(text));
    const judged = passedOn
      ? {
          ...passedOn.done,
          ...outputs,
          restoring: undefined,
          notices: undefined,
          noticeIds: undefined,
          ...passedOn.found,
          approve: passedOn.approve,
        }
      : outputs;
    const known = owner === undefined ? judged : withOwner(judged, owner);
    const graph = passedOn?.inventory === undefined ? observed.graph : buildGraph(decodeInventory(passedOn.inventory));
    const decided = decideAgain(known, { graph, policy });
    const raiseWith = limitLines(place);
    const frees = freedByPlans(known, decided.decision);
    const settings = {
      isPreview,
      approveWith: approvalLine(place),
      raiseWith,
      frees,
      inUse: observed.inUse,
      changed: passedOn?.changed,
    };
    const status = statusOf(known, decided, { frees, raiseWith });
    const fault = faultOf(known, decided.policy)?.text;
    return {
      text: hide(reportOf(known, decided, settings)),
      ...(fault === undefined ? {} : { fault: hide(fault) }),
      status: status.why === undefined ? status : { ...status, why: hide(status.why) },
    };
  }

  #organizationApprovals({ owner, approve, members }: ApprovalsRequest): OrganizationApprovals {
    return organizationApprovals(
      owner,
      approve,
      members.map(({ name, outcome }) => {
        if (outcome === undefined || outcome.kind === "mocked") return { name };
        return { name, outcome: outcome.kind === "observed" ? this.#observedAs(outcome.handle).observed : outcome };
      }),
    );
  }

  #observedAs(handle: number): HeldObservation {
    const observed = this.#observed.get(handle);
    if (observed === undefined) throw new Error("the observation of a package is gone with the thread that held it");
    return observed;
  }
}

function serve(port: MessagePort, folder: string): void {
  const send = (message: ThreadMessage) => port.postMessage(message);
  const observer = new PackageObserver(folder, (line, isProgress) => send({ line, isProgress }));
  port.on("message", (message: RequestMessage) => {
    const { id } = message;
    observer.respond(message).then(
      (response) => send({ id, response }),
      (error: unknown) => send({ id, error }),
    );
  });
}

if (parentPort) serve(parentPort, workerData as string);
