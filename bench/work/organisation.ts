import { owner, Previews } from "../preview";
import { addedByPreviews } from "../pulumi-preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear } from "../world";
import { latency } from "./one-package";

/** The connections to each server: components/inventory/connection.ts. */
const registryConnections = 64;
const apiConnections = 48;

/** Measures many packages with an empty cache: in a process like the program, and in `pulumi preview` itself. */
export async function measureOrganisation(sandbox: SandboxProcess, packages: number, versions: number): Promise<Row[]> {
  const names = Array.from({ length: packages }, (_, index) => `team/app-${index}`);
  await sandbox.setLatency(0);
  for (const name of names) await sandbox.seed(`${owner}/${name}`, packageOfAYear(name, versions));
  await sandbox.setLatency(latency);
  const previews = await Previews.coldIn(sandbox);
  try {
    const cold = await previews.run(names);
    const { api, manifests, all } = cold.requests;
    const bound = (manifests * latency) / registryConnections + (api * latency) / apiConnections;
    const about = { bound, unit: "ms", goal: 1.3, of: `requests × ${latency} ms / connections` } as const;
    const size = `${packages} packages × ${versions} versions`;
    const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1);
    const [added, ...others] = await addedByPreviews(sandbox, names);
    return [
      {
        ...about,
        work: `organisation, ${size}: observe and check`,
        measured: cold.milliseconds,
        remark: `${all.toLocaleString("en-US")} requests; ${seconds(cold.cpuMilliseconds)} s of processor time; the checks take ${seconds(cold.checkMilliseconds)} s of the time, in parallel`,
      },
      {
        ...about,
        work: `organisation, ${size}: \`pulumi preview\``,
        measured: added.milliseconds,
        remark: `over the same program without a package, which takes ${seconds(added.empty)} s; the shortest of three, the others took ${others.map(({ milliseconds }) => seconds(milliseconds)).join(" and ")} s`,
      },
      { work: `organisation, ${size}: memory`, measured: cold.megabytes, bound: 600, unit: "MB", goal: 1, of: "largest resident set" },
    ];
  } finally {
    await previews.remove();
  }
}
