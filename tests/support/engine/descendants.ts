import { readdirSync, readFileSync } from "node:fs";

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** A process, what it started, and what that started, as Linux tells. */
export function treeOf(pid: number): Process[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)));
  const found: Process[] = all.filter((one) => one.pid === pid);
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const one of all.filter((process) => process.parent === parent)) {
      found.push(one);
      parents.push(one.pid);
    }
  }
  return found;
}

/** SIGKILL; one that has ended meanwhile needs none, and its number may be another's by now. */
export function killAll(processes: readonly Process[]): void {
  for (const { pid, command } of processes) {
    try {
      if (read(pid)[0]?.command === command) process.kill(pid, "SIGKILL");
    } catch {}
  }
}

function read(pid: number): (Process & { readonly parent: number })[] {
  try {
    // The name stands in brackets and may hold anything; the parent is the second field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return [{ pid, parent: Number(fields[1]), command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") }];
  } catch {
    return [];
  }
}

/** Those that have not ended. */
export function alive(processes: readonly Process[]): Process[] {
  return processes.filter(({ pid, command }) => read(pid)[0]?.command === command);
}
