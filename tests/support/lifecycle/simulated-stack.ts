import { devNull } from "node:os";
import type { dynamic } from "@pulumi/pulumi";
import type { OrganizationApproval } from "../../../components/approval/organization-id";
import { encodeSnapshot } from "../../../components/inventory/snapshot";
import { removeSnapshot, reserveFolder, SnapshotFolder } from "../../../components/inventory/snapshot-file";
import type { Engine } from "../../../components/lifecycle/engine";
import { create } from "../../../components/lifecycle/index";
import type { CheckedInputs, ObservedSnapshot, Outputs } from "../../../components/lifecycle/state/stored";
import type { Inventory } from "../../../components/model/inventory";
import { Stopped, type StopSignals } from "../../../components/model/stop";
import { observePackage } from "../../../components/observe/observe-package";
import type { Outcome } from "../../../components/plan/outcome";
import type { PolicyInput } from "../../../components/rules/policy";
import type { Sandbox } from "../../../sandbox";

export interface Previewed {
  readonly failures: readonly string[];
  /** What the program fails with, whatever the engine does. */
  readonly observationError: string | undefined;
  readonly inputs: CheckedInputs;
  readonly changes: boolean;
  readonly replaces: readonly string[];
}

interface Stored {
  readonly id: string;
  readonly inputs: CheckedInputs;
  readonly outputs: Outputs;
}

/** An engine that stops its applies when it is told to. */
export class StoppableEngine implements Engine {
  readonly #changes = new AbortController();
  readonly #verification = new AbortController();

  watch(): void {}

  during<Result>(apply: (stop: StopSignals) => Promise<Result>): Promise<Result> {
    return apply({ changes: this.#changes.signal, verification: this.#verification.signal });
  }

  /** As Ctrl-C does: what was changed may still be verified. */
  cancel(): void {
    this.#changes.abort(new Stopped({ kind: "cancelled" }));
  }

  /** The time is over in which a cancelled run may verify. */
  endVerification(): void {
    this.#verification.abort(new Stopped({ kind: "cancelled" }));
  }

  die(): void {
    const cause = { kind: "engine gone" } as const;
    this.#changes.abort(new Stopped(cause));
    this.#verification.abort(new Stopped(cause));
  }
}

const handover = new SnapshotFolder(reserveFolder());

/** What the engine does with one policy, without the engine: the same calls in the same order, and the same state kept. */
export class SimulatedStack {
  stored: Stored | undefined;
  policy: PolicyInput;
  token: string;
  readonly #sandbox: Sandbox;
  readonly #second: number | undefined;
  engine = new StoppableEngine();
  /** What the applies told. */
  readonly said: string[] = [];
  readonly #reporter = {
    warn: (text: string) => void this.said.push(`warning: ${text}`),
    info: (text: string) => void this.said.push(text),
  };

  /** `second`: how many milliseconds a second of waiting lasts. */
  constructor(sandbox: Sandbox, policy: PolicyInput, second?: number) {
    this.#sandbox = sandbox;
    this.#second = second;
    this.policy = policy;
    this.token = sandbox.token;
  }

  get outputs(): Outputs {
    if (this.stored === undefined) throw new Error("nothing was applied yet");
    return this.stored.outputs;
  }

  /** Looks, checks and compares, as `pulumi preview` does. */
  async preview(): Promise<Previewed> {
    const endpoints = { ...endpointsOf(this.#sandbox), cacheFolder: undefined };
    return this.judge(await observePackage({ endpoints, token: this.token }, this.policy, this.#second));
  }

  /** Checks what the program observed, and compares. `organization`: the part of an organisation's approval that concerns the package. */
  async judge(outcome: Outcome, organization?: OrganizationApproval): Promise<Previewed> {
    const provider = await this.#provider();
    const endpoints = endpointsOf(this.#sandbox);
    const handed = outcome.kind === "observed" ? await this.#handOver(outcome.graph.inventory) : undefined;
    const written = jsonOf({
      ...this.policy,
      ...endpoints,
      ...outcome,
      inUse: this.policy.inUse,
      kind: undefined,
      graph: undefined,
      snapshot: handed,
      organization,
    });
    const { inputs, failures = [] } = await provider.check(jsonOf(this.stored?.inputs ?? {}), written);
    if (handed) removeSnapshot(handed);
    const checked = jsonOf((inputs ?? {}) as CheckedInputs);
    const observationError = outcome.kind === "failed" ? outcome.observationError : undefined;
    if (failures.length > 0)
      return { failures: failures.map(({ reason }) => reason), observationError, inputs: checked, changes: false, replaces: [] };
    if (this.stored === undefined) return { failures: [], observationError, inputs: checked, changes: true, replaces: [] };
    const { changes = false, replaces = [] } = await provider.diff(this.stored.id, this.stored.outputs, checked);
    return { failures: [], observationError, inputs: checked, changes, replaces };
  }

  /** Puts the plan on record, and approves it. */
  async upAndApprove(): Promise<CheckedInputs> {
    const { inputs } = await this.up();
    this.policy = { ...this.policy, approve: inputs.pending?.id };
    return inputs;
  }

  /** As `pulumi up`; throws what the program fails with, after keeping the state. Something may happen between the program's look and the apply. */
  async up(meanwhile: () => void = () => undefined): Promise<Previewed> {
    const previewed = await this.preview();
    meanwhile();
    await this.carryOut(previewed);
    return previewed;
  }

  /** What `pulumi up` does after its preview. */
  async carryOut({ failures, observationError, inputs, changes, replaces }: Previewed): Promise<void> {
    if (failures.length > 0) throw new Error(failures.join("\n"));
    if (this.stored !== undefined && !changes) this.stored = { ...this.stored, inputs };
    else await this.#apply(inputs, replaces.length > 0);
    const failure = observationError ?? this.outputs.failure;
    if (failure !== undefined) throw new Error(failure);
  }

  async refresh(): Promise<void> {
    if (this.stored === undefined) return;
    const { inputs, props } = await (await this.#provider()).read(this.stored.id, this.stored.outputs);
    this.stored = { ...this.stored, inputs: jsonOf(inputs as CheckedInputs), outputs: jsonOf(props as Outputs) };
  }

  /** As the engine does with a resource that the program no longer declares. */
  async remove(): Promise<void> {
    if (this.stored !== undefined) await (await this.#provider()).delete(this.stored.id, this.stored.outputs);
    this.stored = undefined;
  }

  async #apply(inputs: CheckedInputs, replace: boolean): Promise<void> {
    const provider = await this.#provider();
    if (this.stored === undefined || replace) {
      const { id, outs } = await provider.create(inputs);
      this.stored = { id, inputs, outputs: jsonOf(outs as Outputs) };
      return;
    }
    const { outs } = await provider.update(this.stored.id, this.stored.outputs, inputs);
    this.stored = { id: this.stored.id, inputs, outputs: jsonOf(outs as Outputs) };
  }

  async #provider(): Promise<Required<dynamic.ResourceProvider>> {
    const provider = create({ second: this.#second, reporter: this.#reporter, engine: this.engine }) as Required<dynamic.ResourceProvider>;
    // Nothing can be kept there, so every look reads: as on a machine that never ran before.
    const config = new Map(Object.entries({ "ghcr-retention:token": this.token, "ghcr-retention:cacheDir": `${devNull}/none` }));
    await provider.configure({ config: { get: (key: string) => config.get(key), require: (key: string) => config.get(key) ?? "" } });
    return provider;
  }

  async #handOver(inventory: Inventory): Promise<ObservedSnapshot> {
    const { githubApiUrl, registryUrl } = endpointsOf(this.#sandbox);
    const file = await handover.write(this.policy.package, encodeSnapshot({ policy: this.policy, inventory }));
    return { ...file, githubApiUrl, registryUrl };
  }
}

export function endpointsOf({ githubApiUrl, registryUrl }: Sandbox) {
  return { githubApiUrl, registryUrl, deletionsPerMinute: 60_000 };
}

/** The id of the plan that waits under a policy: what a preview through the engine prints. */
export async function waitingPlanId(sandbox: Sandbox, policy: PolicyInput): Promise<string> {
  const { inputs } = await new SimulatedStack(sandbox, policy).preview();
  if (inputs.pending === undefined) throw new Error(`no plan of ${policy.owner}/${policy.package} waits`);
  return inputs.pending.id;
}

/** Values cross to the provider and back as JSON. */
function jsonOf<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
