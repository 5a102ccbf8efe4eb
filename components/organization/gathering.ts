import type * as pulumi from "@pulumi/pulumi";
import type { LookOutcome } from "../look-at-package";
import { onlyKnown } from "../only-known";
import type { OrganizationShare } from "./organization-id";
import { type LookedAt, sharesOf } from "./shares";

/** Waits until all packages of an organisation were looked at, and computes what its approval stands for. */
export class Gathering {
  readonly #shares: Promise<(name: string) => OrganizationShare>;
  readonly #arrived = new Map<string, pulumi.Output<LookOutcome>>();
  #allArrived: () => void = () => {};

  /** `count` packages are to come. */
  constructor(
    owner: string,
    approve: string | undefined,
    readonly count: number,
  ) {
    const looks = new Promise<void>((resolve) => {
      this.#allArrived = resolve;
      if (count === 0) resolve();
    }).then(() => Promise.all([...this.#arrived].map(([name, outcome]) => lookOf(name, outcome))));
    this.#shares = looks.then((all) => sharesOf(owner, approve, all));
    // Whoever asks for a share hears of it.
    this.#shares.catch(() => {});
  }

  /** What a package is told, once all are there. */
  async share(name: string, outcome: pulumi.Output<LookOutcome>): Promise<OrganizationShare> {
    this.#arrived.set(name, outcome);
    if (this.#arrived.size === this.count) this.#allArrived();
    return (await this.#shares)(name);
  }

  /** Today's id; `undefined` where nothing is planned, or not all packages are known. */
  async id(): Promise<string | undefined> {
    return (await this.#shares)("").id;
  }
}

async function lookOf(name: string, outcome: pulumi.Output<LookOutcome>): Promise<LookedAt> {
  const known = await onlyKnown({ outcome });
  if (known.outcome === undefined) return { name };
  const { promise } = outcome as unknown as { promise: () => Promise<LookOutcome> };
  return { name, outcome: await promise.call(outcome) };
}
