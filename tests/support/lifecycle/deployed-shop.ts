import { type LoggedRequest, type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, shop } from "../engine/world";
import { SimulatedStack } from "./simulated-stack";

export const repository = "acme/shop";

const web = { status: "deployed", logical_environment: "production", cluster: "eu-1", deployment_name: "shop-web" } as const;

/** The shop of an organisation that reports to GitHub where its images run, under a policy that asks for it. */
export class DeployedShop {
  sandbox!: Sandbox;
  world!: PackageWorld;
  stack!: SimulatedStack;

  async open(): Promise<void> {
    this.sandbox = await startSandbox({ now });
    this.world = await new PackageWorld(this.sandbox, repository).deploy(shop);
    this.stack = new SimulatedStack(this.sandbox, policyFor(repository, { inUse: { github: "required" } }), 1);
  }

  report(digest: string, change: { status?: "decommissioned"; deployment_name?: string } = {}): void {
    this.sandbox.reportDeployment("acme", { name: "shop", digest, ...web, ...change });
  }

  platformOf(name: string): string {
    return this.world.image(name).children[1]?.digest ?? "";
  }

  /** The requests for deployment records. */
  asked(requests: readonly LoggedRequest[] = this.sandbox.requests()): LoggedRequest[] {
    return requests.filter(({ path }) => path.includes("/artifacts/"));
  }

  lowerToken(): void {
    this.stack.token = this.sandbox.createToken({ artifactMetadata: "none" });
  }

  async pendingOf(): Promise<string[]> {
    return Object.keys((await this.stack.preview()).inputs.pending?.deletions ?? {}).sort();
  }

  /** Answers questions about a digest with 502. */
  fail(digest: string, times: number | null = null): void {
    this.sandbox.addFault({ match: { surface: "api", path: encodeURIComponent(digest) }, times, effect: { kind: "status", status: 502 } });
  }

  /** The same stack, whose previews go over a connection of their own. */
  reconnected(second: number): SimulatedStack {
    const stack = new SimulatedStack(this.sandbox, this.stack.policy, second);
    stack.stored = this.stack.stored;
    return stack;
  }
}

/** A fresh shop for each test of the block. */
export function useDeployedShop(): DeployedShop {
  const here = new DeployedShop();
  beforeEach(() => here.open());
  afterEach(() => here.sandbox.close());
  return here;
}
