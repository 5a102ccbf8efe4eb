import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Command } from "commander";

const root = join(__dirname, "..", "..");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, compiled on the way. */
export async function runProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root): Promise<Ended> {
  const script = join(root, "components", "command-line", "main.ts");
  const register = join(root, "node_modules", "ts-node", "register", "transpile-only");
  const child = spawn(process.execPath, ["-r", register, script, ...args], {
    cwd,
    env: { ...process.env, TS_NODE_PROJECT: join(root, "tsconfig.json"), ...env },
  });
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
