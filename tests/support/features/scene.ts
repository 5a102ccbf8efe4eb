import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { assertSucceeds } from "../engine/output";
import { type Outcome, Stack } from "../engine/stack";
import { now, PackageWorld, policyFor, small } from "../engine/world";
import { waitingPlanId } from "../lifecycle/simulated-stack";

const repository = "acme/app";
const program = join(__dirname, "..", "engine", "programs", "features");

/** What the program declares: tests/support/engine/programs/features. */
export interface Declared {
  readonly name: string;
  readonly policy: object;
  /** The resource's options. */
  readonly options?: object;
  /** The component that is its parent. */
  readonly group?: string;
  /** Properties that a transform of the stack replaces. */
  readonly transform?: object;
  /** The program does not declare it at all. */
  readonly absent?: boolean;
  /** There is another resource. */
  readonly other?: boolean;
}

/**
 * A stack with a policy that deleted one image and has these three versions in its ledger. The plan for a second image, three versions
 * as well, is approved in the config and not yet applied.
 */
export class FeatureScene {
  #declared: Declared;

  private constructor(
    readonly sandbox: Sandbox,
    readonly world: PackageWorld,
    readonly stack: Stack,
    declared: Declared,
  ) {
    this.#declared = declared;
  }

  static async open(): Promise<FeatureScene> {
    const sandbox = await startSandbox({ now });
    const pr2 = { days: 99, tags: ["pr-2"], attestations: false };
    const world = await new PackageWorld(sandbox, repository).deploy({ ...small, pr2 });
    const common = { limits: { percent: 100 } };
    const first = policyFor(repository, { ...common, rules: [{ name: "drop-first", action: "delete", tags: ["pr-1"] }] });
    const declared = { name: "app", policy: { ...first, approve: await waitingPlanId(sandbox, first) }, other: true };
    const stack = await Stack.create(sandbox, { program, config: { "features:declared": declared } });
    const scene = new FeatureScene(sandbox, world, stack, declared);
    assertSucceeds(await stack.up());
    const usual = policyFor(repository, common);
    await scene.declare({ policy: { ...usual, approve: await waitingPlanId(sandbox, usual) } });
    return scene;
  }

  /** Changes what the program declares. */
  async declare(changes: Partial<Declared>): Promise<void> {
    this.#declared = { ...this.#declared, ...changes };
    await this.stack.configure({ "features:declared": this.#declared });
  }

  async declareAndUp(changes: Partial<Declared>, ...flags: string[]): Promise<Outcome> {
    await this.declare(changes);
    return this.stack.up(...flags);
  }

  async urn(type = ":RetentionPolicy"): Promise<string> {
    const found = (await this.stack.resources()).find((resource) => resource.type.endsWith(type));
    if (found === undefined) throw new Error(`no ${type} in the state`);
    return found.urn;
  }

  /** The digests that the ledgers in the state hold. */
  async ledger(): Promise<string[]> {
    const policies = (await this.stack.resources()).filter(({ type }) => type.endsWith(":RetentionPolicy"));
    return policies.flatMap(({ outputs }) => Object.keys(outputs.ledger ?? {})).sort();
  }

  async close(): Promise<void> {
    await this.stack.remove();
    await this.sandbox.close();
  }
}
