import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox";
import { Stack, type StackOptions } from "./stack";
import { type Deployment, now, PackageWorld } from "./world";

export interface EngineSetUp {
  readonly sandbox?: SandboxOptions;
  /** By package (`owner/name`): the images that are pushed before the stack is made. */
  readonly packages?: Readonly<Record<string, Readonly<Record<string, Deployment>>>>;
  /** The stack's options, which may depend on what was pushed. */
  readonly stack?: StackOptions | ((engine: Engine) => StackOptions);
  /** Once for each test of the block, instead of once for all of them. */
  readonly each?: boolean;
}

/** What a block of tests of the engine works with: a sandbox, packages in it, and a stack that retains them. */
export class Engine {
  readonly worlds = new Map<string, PackageWorld>();
  #sandbox: Sandbox | undefined;
  #stack: Stack | undefined;

  get sandbox(): Sandbox {
    return inside(this.#sandbox);
  }

  get stack(): Stack {
    return inside(this.#stack);
  }

  /** The only package, or the first that was pushed. */
  get world(): PackageWorld {
    const [first] = this.worlds.values();
    return inside(first);
  }

  worldOf(repository: string): PackageWorld {
    return inside(this.worlds.get(repository));
  }

  /** Pushes the images of one more package. */
  async deploy(repository: string, deployments: Readonly<Record<string, Deployment>>): Promise<PackageWorld> {
    const world = await new PackageWorld(this.sandbox, repository).deploy(deployments);
    this.worlds.set(repository, world);
    return world;
  }

  async start({ sandbox = { now }, packages = {}, stack = {} }: EngineSetUp): Promise<void> {
    this.#sandbox = await startSandbox(sandbox);
    for (const [repository, deployments] of Object.entries(packages)) await this.deploy(repository, deployments);
    this.#stack = await Stack.create(this.sandbox, typeof stack === "function" ? stack(this) : stack);
  }

  /** Another stack in place of the one that was set up. */
  async replaceStack(options: StackOptions): Promise<Stack> {
    await this.#stack?.remove();
    this.#stack = await Stack.create(this.sandbox, options);
    return this.#stack;
  }

  async stop(): Promise<void> {
    await this.#stack?.remove();
    await this.#sandbox?.close();
    this.worlds.clear();
    this.#stack = undefined;
    this.#sandbox = undefined;
  }
}

function inside<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error("only inside a test, and only what was set up");
  return part;
}

/** Sets up an engine for the tests of the block, and takes it down after them. */
export function useEngine(setUp: EngineSetUp = {}): Engine {
  const engine = new Engine();
  const [start, stop] = setUp.each ? [beforeEach, afterEach] : [before, after];
  start(() => engine.start(setUp));
  stop(() => engine.stop());
  return engine;
}
