import { spawn } from "node:child_process";

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

/** A process under way. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Outcome>;
}

export function start(program: string, args: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Started {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ exitCode: code ?? -1, stdout, output }));
  });
  return { pid: child.pid ?? -1, ended };
}
