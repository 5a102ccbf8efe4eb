import type { Command } from "commander";

export interface Captured {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the error that it threw: the last lines on stderr, where it runs as a process. */
  readonly failure: string;
}

/** What a subcommand prints on either stream and how it ends, run in this process with these variables. */
export async function captured(
  command: Command,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Captured> {
  const before = { env: { ...process.env }, exitCode: process.exitCode };
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write, text: "" }));
  for (const one of streams) {
    one.stream.write = ((chunk: string) => {
      one.text += chunk;
      return true;
    }) as typeof one.write;
  }
  for (const [name, value] of Object.entries(env)) set(name, value);
  let failure = "";
  try {
    await command.parseAsync(args, { from: "user" });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    for (const { stream, write } of streams) stream.write = write;
    for (const name of Object.keys(env)) set(name, before.env[name]);
  }
  const code = failure === "" ? Number(process.exitCode ?? 0) : 1;
  process.exitCode = before.exitCode;
  const [stdout = "", said = ""] = streams.map(({ text }) => text);
  return { code, stdout, stderr: failure === "" ? said : `${said}${failure}\n`, failure };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
