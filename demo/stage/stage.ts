import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../sandbox";
import type { Narrator } from "../output/narrator";
import { Commands, type Ran } from "./commands";
import { layOutProject, type StackName, signIn, stacks, stageEnvironment, writeShellEnvironment } from "./project";

/** The stage of the demo: one folder with a registry, a Pulumi project and its state. */
export class Stage {
  #copy: Sandbox | undefined;

  private constructor(
    readonly folder: string,
    readonly narrator: Narrator,
    readonly sandbox: Sandbox,
    readonly commands: Commands,
  ) {}

  static async open(folder: string, narrator: Narrator): Promise<Stage> {
    const sandbox = await startSandbox({ dir: join(folder, "registry") });
    layOutProject(folder, sandbox);
    const env = stageEnvironment(folder, sandbox);
    writeShellEnvironment(folder, env);
    return new Stage(folder, narrator, sandbox, new Commands(folder, env));
  }

  /** Creates both stacks, each with the token as a secret. */
  async prepareStacks(): Promise<void> {
    await Promise.all(stacks.map((stack) => this.#prepareStack(stack)));
  }

  async #prepareStack(stack: StackName): Promise<void> {
    const selected = stack === "policy" ? [] : ["--no-select"];
    await this.quietly("pulumi", ["stack", "init", stack, ...selected]);
    await this.quietly("pulumi", ["config", "set", "--secret", "--stack", stack, "ghcr-retention:token"], this.sandbox.token);
  }

  /** Starts a copy of the registry, for the step that must not touch the original. */
  async openCopy(): Promise<Sandbox> {
    const dir = join(this.folder, "registry-copy");
    cpSync(join(this.folder, "registry"), dir, { recursive: true });
    this.#copy = await startSandbox({ dir });
    signIn(join(this.folder, "docker"), [this.sandbox.registryUrl, this.#copy.registryUrl], this.sandbox.token);
    return this.#copy;
  }

  /** Prints the command and runs it; the caller chooses which of its output to print. */
  async show(name: string, args: readonly string[], as?: string): Promise<Ran> {
    const running = this.commands.run(name, args);
    this.narrator.command(as ?? [name, ...args].join(" "));
    return running;
  }

  /** Runs a command that is no part of the story; throws when it fails. */
  async quietly(name: string, args: readonly string[], input = ""): Promise<Ran> {
    const ran = await this.commands.run(name, args, input);
    if (ran.code !== 0) throw new Error(`'${ran.command}' failed with exit code ${ran.code}:\n${ran.output.trimEnd()}`);
    return ran;
  }

  async close(): Promise<void> {
    await this.commands.stop();
    await Promise.all([this.sandbox.close(), this.#copy?.close()]);
  }
}
