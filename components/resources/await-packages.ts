import type * as pulumi from "@pulumi/pulumi";
import { approvalForPackage, type Member, type OrganizationApprovals } from "../approval/organization-approvals";
import type { OrganizationApproval } from "../approval/organization-id";
import type { ThreadOutcome } from "../observe/messages";
import { knownOutputs } from "./known-outputs";

/** Waits until all packages of an organisation were looked at, and computes what its approval stands for. */
export class AwaitedPackages {
  readonly #shares: Promise<OrganizationApprovals>;
  readonly #arrived = new Map<string, pulumi.Output<ThreadOutcome>>();
  #allArrived: () => void = () => {};

  /** `count` packages are to come. */
  constructor(
    readonly count: number,
    share: (looks: readonly Member<ThreadOutcome>[]) => Promise<OrganizationApprovals>,
  ) {
    const looks = new Promise<void>((resolve) => {
      this.#allArrived = resolve;
      if (count === 0) resolve();
    }).then(() => Promise.all([...this.#arrived].map(([name, outcome]) => memberOf(name, outcome))));
    this.#shares = looks.then(share);
    // Whoever asks for a share hears of it.
    this.#shares.catch(() => {});
  }

  /** What a package is told, once all are there. */
  async share(name: string, outcome: pulumi.Output<ThreadOutcome>): Promise<OrganizationApproval> {
    this.#arrived.set(name, outcome);
    if (this.#arrived.size === this.count) this.#allArrived();
    return approvalForPackage(await this.#shares, name);
  }

  /** Today's id; `undefined` where nothing is planned, or not all packages are known. */
  async id(): Promise<string | undefined> {
    return (await this.#shares).common.id;
  }
}

async function memberOf(name: string, outcome: pulumi.Output<ThreadOutcome>): Promise<Member<ThreadOutcome>> {
  const known = await knownOutputs({ outcome });
  if (known.outcome === undefined) return { name };
  const { promise } = outcome as unknown as { promise: () => Promise<ThreadOutcome> };
  return { name, outcome: await promise.call(outcome) };
}
