import assert from "node:assert/strict";
import type { PolicyInput } from "../../../components/rules/policy";
import { type Sandbox, type SwitchChanges, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor } from "../engine/world";
import { SimulatedStack } from "./simulated-stack";

export const repository = "acme/shop";

/** The usual rules delete `pr1`, `pr2` and the first `prod`; `prod` and `main` stay. */
export const deployments = {
  pr1: { days: 110, tags: ["pr-1", "pr-one"] },
  prodBefore: { days: 80, tags: ["prod"] },
  pr2: { days: 70, tags: ["pr-2"] },
  prod: { days: 50, tags: ["prod"] },
  main: { days: 30, tags: ["main-1"] },
} as const;
export const kept = ["main-1", "prod"];

/** A package after its plan was approved and carried out. */
export class Restoration {
  declare sandbox: Sandbox;
  declare world: PackageWorld;
  declare stack: SimulatedStack;
  planId = "";

  /** Starts anew, with a GHCR that behaves in one way or the other. */
  async deleteThem(switches: SwitchChanges): Promise<void> {
    await this.sandbox?.close();
    this.sandbox = await startSandbox({ now, switches });
    this.world = await new PackageWorld(this.sandbox, repository).deploy(deployments);
    this.stack = new SimulatedStack(this.sandbox, policyFor(repository, { limits: { percent: 100 } }));
    this.planId = (await this.stack.up()).inputs.pending?.id ?? "";
    this.stack.policy = { ...this.stack.policy, approve: this.planId };
    await this.stack.up();
    assert.deepEqual(this.world.deleted(), this.world.digests("pr1", "pr2", "prodBefore"));
  }

  restore(...references: NonNullable<PolicyInput["restore"]>): void {
    this.stack.policy = { ...this.stack.policy, restore: references };
  }

  ledger(): string[] {
    return Object.keys(this.stack.outputs.ledger).sort();
  }
}

/** Gives each test of the block such a package. */
export function useRestoration(): Restoration {
  const restoration = new Restoration();
  beforeEach(() => restoration.deleteThem({}));
  afterEach(() => restoration.sandbox.close());
  return restoration;
}
