import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";

const root = join(__dirname, "..", "..", "..");
export const compiledCommand = join(root, "bin", "components", "command-line", "main.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, as those have it who install the package: `npm test` compiles it first. */
export async function runCompiled(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root): Promise<Ended> {
  const child = spawn(process.execPath, [compiledCommand, ...args], { cwd, env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** What a subcommand prints, run in this process; throws what it throws. */
export async function printed(command: Command, args: readonly string[]): Promise<string> {
  const { stdout } = process;
  const write = stdout.write;
  let out = "";
  stdout.write = ((chunk: string) => {
    out += chunk;
    return true;
  }) as typeof stdout.write;
  try {
    await command.parseAsync(args, { from: "user" });
  } finally {
    stdout.write = write;
  }
  return out;
}
