import { approvalForPackage, type Member, type OrganizationApprovals } from "../approval/organization-approvals";
import type { OrganizationApproval } from "../approval/organization-id";
import type { ThreadOutcome } from "../observe/messages";
import type * as pulumi from "../sdk/pulumi";
import { knownOutputs } from "./known-outputs";

/** Waits until all packages of an organisation have been observed, and computes the plans that its approval covers. */
export class AwaitedPackages {
  readonly #approvals: Promise<OrganizationApprovals>;
  readonly #arrived = new Map<string, pulumi.Output<ThreadOutcome>>();
  #allArrived: () => void = () => {};

  /** `count` is the number of packages to wait for. */
  constructor(
    readonly count: number,
    approve: (members: readonly Member<ThreadOutcome>[]) => Promise<OrganizationApprovals>,
  ) {
    const members = new Promise<void>((resolve) => {
      this.#allArrived = resolve;
      if (count === 0) resolve();
    }).then(() => Promise.all([...this.#arrived].map(([name, outcome]) => memberOf(name, outcome))));
    this.#approvals = members.then(approve);
    // Each caller of `approvalFor` receives the error.
    this.#approvals.catch(() => {});
  }

  /** The part of the approval that concerns a package, once all packages have been observed. */
  async approvalFor(name: string, outcome: pulumi.Output<ThreadOutcome>): Promise<OrganizationApproval> {
    this.#arrived.set(name, outcome);
    if (this.#arrived.size === this.count) this.#allArrived();
    return approvalForPackage(await this.#approvals, name);
  }

  /** The id of all of today's plans; `undefined` where nothing is planned or not all packages are known. */
  async id(): Promise<string | undefined> {
    return (await this.#approvals).common.id;
  }
}

async function memberOf(name: string, outcome: pulumi.Output<ThreadOutcome>): Promise<Member<ThreadOutcome>> {
  const known = await knownOutputs({ outcome });
  if (known.outcome === undefined) return { name };
  const { promise } = outcome as unknown as { promise: () => Promise<ThreadOutcome> };
  return { name, outcome: await promise.call(outcome) };
}
