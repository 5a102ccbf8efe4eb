import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationShare } from "../approval/organization-id";
import { type LookedAt, type Shares, shareOf } from "../approval/organization-shares";
import type { HandedOutcome } from "../observe/worker";
import { onlyKnown } from "./known-outputs";

/** Waits until all packages of an organisation were looked at, and computes what its approval stands for. */
export class Gathering {
  readonly #shares: Promise<Shares>;
  readonly #arrived = new Map<string, pulumi.Output<HandedOutcome>>();
  #allArrived: () => void = () => {};

  /** `count` packages are to come. */
  constructor(
    readonly count: number,
    share: (looks: readonly LookedAt<HandedOutcome>[]) => Promise<Shares>,
  ) {
    const looks = new Promise<void>((resolve) => {
      this.#allArrived = resolve;
      if (count === 0) resolve();
    }).then(() => Promise.all([...this.#arrived].map(([name, outcome]) => lookOf(name, outcome))));
    this.#shares = looks.then(share);
    // Whoever asks for a share hears of it.
    this.#shares.catch(() => {});
  }

  /** What a package is told, once all are there. */
  async share(name: string, outcome: pulumi.Output<HandedOutcome>): Promise<OrganizationShare> {
    this.#arrived.set(name, outcome);
    if (this.#arrived.size === this.count) this.#allArrived();
    return shareOf(await this.#shares, name);
  }

  /** Today's id; `undefined` where nothing is planned, or not all packages are known. */
  async id(): Promise<string | undefined> {
    return (await this.#shares).common.id;
  }
}

async function lookOf(name: string, outcome: pulumi.Output<HandedOutcome>): Promise<LookedAt<HandedOutcome>> {
  const known = await onlyKnown({ outcome });
  if (known.outcome === undefined) return { name };
  const { promise } = outcome as unknown as { promise: () => Promise<HandedOutcome> };
  return { name, outcome: await promise.call(outcome) };
}
