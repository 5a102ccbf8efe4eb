import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { PolicyInput } from "../../../components/rules/policy";
import type { Sandbox } from "../../../sandbox";
import { isolatedEnvironment } from "../../../scripts/setup/environment.mjs";
import { type Outcome, type Started, start } from "./started";
import { Resource, StateFolder } from "./state-folder";
import { vaultEnvironment, vaultProvider } from "./vault";

const root = join(__dirname, "..", "..", "..");
/** The repository's program as it is compiled. The tests of the guides run it as TypeScript, as a user has it. */
const compiledProgram = join(__dirname, "programs", "compiled");
/** The policy pack as it is compiled. One test runs its sources, as a clone of the repository has them. */
export const compiledPolicies = join(__dirname, "programs", "compiled-policies");
const stackName = "test";

export type { Outcome } from "./started";
export type { Resource } from "./state-folder";

const Project = z.looseObject({ name: z.string() });
const Export = z.looseObject({ deployment: z.looseObject({ resources: z.array(Resource).default([]) }) });

export interface StackOptions {
  readonly policies?: readonly unknown[];
  /** More of the stack's config, by full key. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** In GITHUB_TOKEN; `null`: none. */
  readonly token?: string | null;
  /** The folder of the program; by default the repository's own, compiled. */
  readonly program?: string;
  /** More of the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** By default `test`. */
  readonly name?: string;
  /** Encrypts the secrets with a passphrase, as most stacks without Pulumi Cloud do. */
  readonly passphrase?: boolean;
}

/** A stack of its own on the real engine: state and config in a temporary folder, the program of the repository. */
export class Stack {
  token: string | null;
  policies: unknown[];
  readonly #config: Record<string, unknown>;
  /** The folder of the program. */
  readonly program: string;
  readonly #name: string;
  readonly #secretsProvider: string;
  readonly #state: StateFolder;
  readonly #env: NodeJS.ProcessEnv;
  /** Where the state is not in the folder. */
  #secretsConfig: Readonly<Record<string, unknown>> = {};

  private constructor(
    readonly folder: string,
    project: string,
    sandbox: Sandbox,
    env: NodeJS.ProcessEnv,
    {
      policies = [],
      config = {},
      token = sandbox.token,
      program = compiledProgram,
      env: moreEnv = {},
      name = stackName,
      passphrase = false,
    }: StackOptions,
  ) {
    this.#state = new StateFolder(join(folder, "state"), project, name);
    this.token = token;
    this.policies = [...policies];
    this.program = program;
    this.#name = name;
    this.#secretsProvider = passphrase ? "passphrase" : vaultProvider;
    this.#config = {
      "ghcr-retention:githubApiUrl": sandbox.githubApiUrl,
      "ghcr-retention:registryUrl": sandbox.registryUrl,
      "ghcr-retention:deletionsPerMinute": 60_000,
      "ghcr-retention:cacheDir": join(folder, "cache"),
      ...config,
    };
    this.#env = {
      ...env,
      NO_COLOR: "1",
      PULUMI_BACKEND_URL: this.#state.url,
      // The types are checked once for all tests.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...moreEnv,
    };
  }

  static async create(sandbox: Sandbox, options: StackOptions = {}): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), "ghcr-retention-stack-"));
    await mkdir(join(folder, "state"));
    // `stack init` writes the stack's config beside Pulumi.yaml, so it runs on a copy.
    const projectFile = join(folder, "Pulumi.yaml");
    await cp(join(options.program ?? compiledProgram, "Pulumi.yaml"), projectFile);
    const { name: project } = Project.parse(parse(await readFile(projectFile, "utf8")));
    const env = { ...(await isolatedEnvironment()), ...(await vaultEnvironment()) };
    const stack = new Stack(folder, project, sandbox, env, options);
    const initialize = () => stack.#initialize();
    await (stack.#keepsStateInFolder ? stack.#state.create(stack.#secretsProvider, initialize) : initialize());
    await stack.writeConfig();
    return stack;
  }

  async #initialize(): Promise<void> {
    const { exitCode, output } = await this.#run(["stack", "init", this.#name, "--secrets-provider", this.#secretsProvider], this.folder);
    if (exitCode !== 0) throw new Error(output);
    this.#secretsConfig = parse(await readFile(this.configFile, "utf8"));
  }

  get #keepsStateInFolder(): boolean {
    return this.#env.PULUMI_BACKEND_URL === this.#state.url;
  }

  /** The environment in which the engine runs for this stack. */
  get env(): NodeJS.ProcessEnv {
    return { ...this.#env, ...(this.token === null ? {} : { GITHUB_TOKEN: this.token }) };
  }

  get configFile(): string {
    return join(this.folder, `Pulumi.${this.#name}.yaml`);
  }

  /** Writes the config file anew, with the policies as they are now; only the key of its secrets stays. */
  async writeConfig(): Promise<void> {
    const secretsConfig = this.#keepsStateInFolder ? await this.#state.secretsConfig() : this.#secretsConfig;
    const config = { ...this.#config, "ghcr-retention:policies": this.policies };
    await writeFile(this.configFile, JSON.stringify({ ...secretsConfig, config }, undefined, 2));
  }

  /** Changes keys of the stack's config. */
  async configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
    Object.assign(this.#config, changes);
    await this.writeConfig();
  }

  /** Changes the policy at a place of the config. */
  async change(change: Partial<Record<keyof PolicyInput, unknown>>, place = 0): Promise<void> {
    this.policies[place] = { ...(this.policies[place] as object), ...change };
    await this.writeConfig();
  }

  async approve(planId: string, place = 0): Promise<void> {
    await this.change({ approve: planId }, place);
  }

  preview(...flags: string[]): Promise<Outcome> {
    return this.#engine("preview", ...flags);
  }

  up(...flags: string[]): Promise<Outcome> {
    return this.#engine("up", "--yes", "--skip-preview", ...flags);
  }

  /** As `up`, and does not wait for it. */
  startUp(...flags: string[]): Started {
    return this.#start(["up", "--yes", "--skip-preview", ...flags, ...this.#where()], this.program);
  }

  /** Takes away the lock that a killed update left. */
  cancel(): Promise<Outcome> {
    return this.#run(["cancel", "--yes", "--stack", this.#name], this.folder);
  }

  refresh(...flags: string[]): Promise<Outcome> {
    return this.#engine("refresh", "--yes", "--skip-preview", ...flags);
  }

  destroy(...flags: string[]): Promise<Outcome> {
    return this.#engine("destroy", "--yes", "--skip-preview", ...flags);
  }

  /** A command that takes no config file, such as `pulumi stack export`. */
  plain(...args: string[]): Promise<Outcome> {
    return this.#run([...args, "--stack", this.#name], this.folder);
  }

  /** `pulumi state …`, without a question. */
  state(command: string, ...args: string[]): Promise<Outcome> {
    return this.plain("state", command, ...args, "--yes");
  }

  /** `pulumi config …`, as it stands on the approval line. */
  config(...args: string[]): Promise<Outcome> {
    return this.#engine("config", ...args);
  }

  /** `ghcr-retention …`, beside the stack's config. */
  command(name: string, ...args: string[]): Promise<Outcome> {
    const script = join(root, "bin", "components", "command-line", "main.js");
    return this.#spawn(process.execPath, [script, name, ...args, ...this.#where()], this.folder).ended;
  }

  /** The whole state, as text. */
  async export(): Promise<string> {
    const { exitCode, stdout, output } = await this.#run(["stack", "export", "--stack", this.#name], this.folder);
    if (exitCode !== 0) throw new Error(output);
    return stdout;
  }

  /** Puts an exported state in the place of the stack's own. */
  async import(exported: unknown): Promise<void> {
    await this.#state.import(exported);
    await this.writeConfig();
  }

  async resources(): Promise<Resource[]> {
    if (this.#keepsStateInFolder) return this.#state.resources();
    return Export.parse(JSON.parse(await this.export())).deployment.resources;
  }

  /** The policy of a package (`owner/name`), as the state holds it. */
  async policy(repository: string): Promise<Resource> {
    const found = (await this.resources()).find(({ type, urn }) => type.endsWith(":RetentionPolicy") && urn.endsWith(`::${repository}`));
    if (found === undefined) throw new Error(`no policy of ${repository} in the state`);
    return found;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #engine(command: string, ...args: string[]): Promise<Outcome> {
    return this.#run([command, ...args, ...this.#where()], this.program);
  }

  #where(): string[] {
    return ["--stack", this.#name, "--config-file", this.configFile];
  }

  #run(args: readonly string[], cwd: string): Promise<Outcome> {
    return this.#start(args, cwd).ended;
  }

  #start(args: readonly string[], cwd: string): Started {
    return this.#spawn("pulumi", [...args, "--non-interactive", "--color", "never"], cwd);
  }

  #spawn(program: string, args: readonly string[], cwd: string): Started {
    return start(program, args, { cwd, env: this.env });
  }
}
