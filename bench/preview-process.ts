import { check } from "../components/lifecycle/check";
import { lookAtPackage } from "../components/look-at-package";
import { rules } from "./world";

/** What a program does in a preview, for the packages named: looks at all of them at once, then checks one after the other. */
export interface PreviewRequest {
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly token: string;
  readonly cacheFolder: string;
  readonly owner: string;
  readonly packages: readonly string[];
}

export interface PreviewResult {
  readonly lookMilliseconds: number;
  readonly checkMilliseconds: number;
  /** Of one core. */
  readonly cpuMilliseconds: number;
  /** The largest resident set of the process. */
  readonly megabytes: number;
  readonly planned: number;
}

async function main(): Promise<void> {
  const { githubApiUrl, registryUrl, token, cacheFolder, owner, packages } = JSON.parse(process.argv[2] ?? "") as PreviewRequest;
  const settings = { endpoints: { githubApiUrl, registryUrl, deletionsPerMinute: 180, cacheFolder }, token };
  const start = performance.now();
  const policies = packages.map((name) => ({ owner, package: name, rules, limits: { deletions: 1_000_000 } }));
  const outcomes = await Promise.all(policies.map((policy) => lookAtPackage(settings, policy)));
  const looked = performance.now();
  let planned = 0;
  for (const [place, outcome] of outcomes.entries()) {
    if (!("look" in outcome)) throw new Error(JSON.stringify(outcome));
    const { inputs, failures } = check({}, {
      ...policies[place],
      githubApiUrl,
      registryUrl,
      deletionsPerMinute: 180,
      look: outcome.look,
    } as never);
    if (failures) throw new Error(JSON.stringify(failures));
    planned += Object.keys(inputs?.pending?.deletions ?? {}).length;
  }
  const { user, system } = process.cpuUsage();
  const result: PreviewResult = {
    cpuMilliseconds: (user + system) / 1_000,
    lookMilliseconds: looked - start,
    checkMilliseconds: performance.now() - looked,
    megabytes: process.resourceUsage().maxRSS / 1024,
    planned,
  };
  process.stdout.write(JSON.stringify(result));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
