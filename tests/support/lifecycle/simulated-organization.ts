import { approvalForPackage } from "../../../components/approval/organization-approvals";
import { observeMembers } from "../../../components/command-line/review-stack";
import type { OrganizationInput } from "../../../components/config/organization-schema";
import { limitsPlaces } from "../../../components/config/override";
import { readOrganization, type WholeOrganization } from "../../../components/config/stack-organizations";
import { decideAgain } from "../../../components/lifecycle/state/decide-again";
import { recallOrganization } from "../../../components/lifecycle/state/stored-offers";
import { seenKey } from "../../../components/lifecycle/state/stored-seen";
import { policyOfMember, protectionOfMember, summarise } from "../../../components/observe/organization";
import type { Outcome } from "../../../components/plan/outcome";
import { approvalLine, limitLines } from "../../../components/report/approval-line";
import { faultOf } from "../../../components/report/fault";
import { freedByPlans } from "../../../components/report/freed-storage";
import { type NamedStatus, statusOf, unobservedStatus } from "../../../components/report/package-status";
import { reportOf } from "../../../components/report/resource-report";
import type { Sandbox } from "../../../sandbox";
import { endpointsOf, type Previewed, SimulatedStack } from "./simulated-stack";

const configPath = "ghcr-retention:organizations[0]";

/** What a person sees of a run. */
export interface Run {
  readonly summary: string;
  /** The report under each package, by its name. */
  readonly packages: Readonly<Record<string, string>>;
  /** What providers printed on the way. */
  readonly printed: readonly string[];
  /** What the run fails with. */
  readonly faults: readonly string[];
}

interface Member {
  readonly name: string;
  readonly stack: SimulatedStack;
  readonly outcome: Outcome;
  readonly judged: Previewed;
}

/** What the engine does with the policy of an organisation, without the engine: the list, a {@link SimulatedStack} of each package, the reports. */
export class SimulatedOrganization {
  readonly #stacks = new Map<string, SimulatedStack>();

  constructor(
    readonly sandbox: Sandbox,
    public settings: OrganizationInput,
  ) {}

  async preview(): Promise<Run> {
    const { whole, id, members } = await this.#judge();
    return { ...report(whole, id, members, true), printed: [] };
  }

  async up(): Promise<Run> {
    const { whole, id, members } = await this.#judge();
    const broken: string[] = [];
    for (const { stack, judged } of members) {
      await stack.carryOut(judged).catch((error: Error) => broken.push(error.message));
    }
    const names = new Set(members.map(({ name }) => name));
    const left = [...this.#stacks].filter(([name]) => !names.has(name));
    for (const [name, stack] of left) {
      await stack.remove();
      this.#stacks.delete(name);
    }
    const { faults, ...run } = report(whole, id, members, false);
    const printed = [...members.map(({ stack }) => stack), ...left.map(([, stack]) => stack)].flatMap(({ said }) => said.splice(0));
    return { ...run, printed, faults: [...broken, ...faults] };
  }

  async #judge() {
    const whole = readOrganization(this.settings);
    const endpoints = { ...endpointsOf(this.sandbox), cacheFolder: undefined };
    const context = { endpoints, token: this.sandbox.token, records: new Map(), isRecordKnown: true, log: () => undefined };
    const { observed, approvals } = await observeMembers(context, whole);
    const members = await Promise.all(
      observed.map(async ({ name, outcome }): Promise<Member> => {
        const written = policyOfMember(whole, name);
        const policy = { ...written, protect: protectionOfMember(whole.protect, written) };
        const stack = this.#stacks.get(name) ?? new SimulatedStack(this.sandbox, policy);
        this.#stacks.set(name, stack);
        stack.policy = policy;
        return { name, stack, outcome, judged: await stack.judge(outcome, approvalForPackage(approvals, name)) };
      }),
    );
    return { whole, id: approvals.common.id, members };
  }
}

function report(whole: WholeOrganization, id: string | undefined, members: readonly Member[], isPreview: boolean): Omit<Run, "printed"> {
  const reports = members.map((member) => reportOfMember(whole, member, isPreview));
  const { approve, onVoid } = whole.shared;
  const records = members.map(({ judged }) => recallOrganization(judged.inputs));
  const statuses = reports.map(({ status }) => status);
  const { text, fault } = summarise(statuses, records, { approve, id, configPath, isPreview, onVoid });
  return {
    summary: text,
    packages: Object.fromEntries(reports.map(({ status, text }) => [status.package, text])),
    faults: [...reports.flatMap(({ faults }) => faults), ...(fault === undefined ? [] : [fault])],
  };
}

/** As `observe/worker.ts` reports, from what the engine passes back. */
function reportOfMember(whole: WholeOrganization, { name, stack, outcome, judged }: Member, isPreview: boolean) {
  const { approve, restoring, notices, noticeIds, [seenKey]: seen } = judged.inputs;
  const found = { approve, restoring, notices, noticeIds, [seenKey]: seen };
  const { ledger, refused } = stack.stored?.outputs ?? {};
  const outputs = isPreview && (judged.changes || stack.stored === undefined) ? judged.inputs : stack.outputs;
  const known = { ledger, refused, ...outputs, ...found };
  if (outcome.kind !== "observed") {
    const status: NamedStatus = { package: name, ...unobservedStatus(known, outcome) };
    return { status, text: "", faults: [judged.observationError ?? "no observation"] };
  }
  const place = { configPath, member: name, limits: limitsPlaces(whole.shared, whole.overrides, name) };
  const lines = { approveWith: approvalLine(place), raiseWith: limitLines(place) };
  const decided = decideAgain(known, outcome);
  const fault = faultOf(known, decided.policy)?.text;
  const frees = freedByPlans(known, decided.decision);
  return {
    status: { package: name, ...statusOf(known, decided, { frees, ...lines }) },
    text: reportOf(known, decided, { isPreview, frees, ...lines, inUse: outcome.inUse }),
    faults: [...judged.failures, ...(fault === undefined ? [] : [fault])],
  };
}
