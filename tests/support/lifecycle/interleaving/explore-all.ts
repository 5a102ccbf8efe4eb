import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import pLimit from "p-limit";
import { loadingTypeScript } from "../../load-typescript";
import type { Explored } from "./explore";
import type { Job } from "./explorer";

/** A process gets slower with each connection that it has had. */
const jobsOfProcess = 12;

/** Explores each job, in one process at a time for each processor; each mutant has a process of its own. */
export async function exploreAll(jobs: readonly Job[]): Promise<Explored[]> {
  const together = pLimit(availableParallelism());
  const shares = jobs.some(({ mutant }) => mutant !== undefined) ? jobs.map((job) => [job]) : inShares(jobs);
  return (await Promise.all(shares.map((share) => together(() => exploreShare(share))))).flat();
}

function inShares(jobs: readonly Job[]): Job[][] {
  return Array.from({ length: Math.ceil(jobs.length / jobsOfProcess) }, (_, share) =>
    jobs.slice(share * jobsOfProcess, (share + 1) * jobsOfProcess),
  );
}

function exploreShare(jobs: readonly Job[]): Promise<Explored[]> {
  const explored: Explored[] = [];
  const explorer = fork(join(__dirname, "explorer.ts"), [JSON.stringify(jobs)], { execArgv: [...loadingTypeScript] });
  explorer.on("message", (one: Explored) => explored.push(one));
  return new Promise((resolve, reject) => {
    explorer.once("error", reject);
    explorer.once("exit", (code) => (code === 0 ? resolve(explored) : reject(new Error(`an explorer ended with ${code}`))));
  });
}
