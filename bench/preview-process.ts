import { decodeSnapshot } from "../components/inventory/snapshot";
import { readSnapshot } from "../components/inventory/snapshot-file";
import { check } from "../components/lifecycle/check";
import { ObserverThread } from "../components/observe/thread";
import { rules } from "./world";

/** Runs the work of a program in a preview: observes the named packages concurrently, and checks each once it is observed. */
export interface PreviewRequest {
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly token: string;
  readonly cacheFolder: string;
  readonly owner: string;
  readonly packages: readonly string[];
}

export interface PreviewResult {
  readonly milliseconds: number;
  /** The part in which the program's own thread checked, while the other thread observed the rest. */
  readonly checkMilliseconds: number;
  /** Processor time of one core. */
  readonly cpuMilliseconds: number;
  /** The largest resident set of the process. */
  readonly megabytes: number;
  readonly planned: number;
}

async function main(): Promise<void> {
  const { githubApiUrl, registryUrl, token, cacheFolder, owner, packages } = JSON.parse(process.argv[2] ?? "") as PreviewRequest;
  const settings = {
    endpoints: { githubApiUrl, registryUrl, deletionsPerMinute: 180, cacheFolder },
    token,
    organizationApproval: undefined,
  };
  const thread = new ObserverThread(() => {});
  let planned = 0;
  let checkMilliseconds = 0;
  const start = performance.now();
  await Promise.all(
    packages.map(async (name) => {
      const policy = { owner, package: name, rules, limits: { deletions: 1_000_000 } };
      const outcome = await thread.observe({ ...settings, policy });
      if (!("snapshot" in outcome)) throw new Error(JSON.stringify(outcome));
      const text = await readSnapshot(name, outcome.snapshot);
      const checkStart = performance.now();
      const { inputs, failures } = check(
        {},
        { ...policy, githubApiUrl, registryUrl, deletionsPerMinute: 180, inventory: decodeSnapshot(text).inventory },
      );
      checkMilliseconds += performance.now() - checkStart;
      if (failures) throw new Error(JSON.stringify(failures));
      planned += Object.keys(inputs?.pending?.deletions ?? {}).length;
    }),
  );
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage();
  const result: PreviewResult = {
    milliseconds,
    checkMilliseconds,
    cpuMilliseconds: (user + system) / 1_000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    planned,
  };
  process.stdout.write(JSON.stringify(result));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
