import type { LoadRequest } from "../load-process";
import { feedScript } from "../node-process";
import { owner } from "../preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear } from "../world";

const versions = 10_000;
/** What a look asks for in a second when nothing makes it wait. */
const asked = 64 * (1_000 / 20);

/** What the sandbox sustains, so that nobody measures it instead of the client. */
export async function measureSandbox(sandbox: SandboxProcess): Promise<Row[]> {
  const { registryUrl, githubApiUrl, token } = sandbox.addresses;
  const world = packageOfAYear("load", versions);
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/load`, world);
  const manifests: LoadRequest = {
    registryUrl,
    headers: { authorization: `Bearer ${Buffer.from(token).toString("base64")}`, accept: "*/*" },
    paths: world.map(({ digest }) => `/v2/${owner}/load/manifests/${digest}`),
    requests: 20_000,
  };
  const pages: LoadRequest = {
    registryUrl,
    headers: { authorization: `Bearer ${token}` },
    paths: Array.from(
      { length: versions / 100 },
      (_, page) => `${new URL(githubApiUrl).pathname}/orgs/${owner}/packages/container/load/versions?per_page=100&page=${page + 1}`,
    ),
    requests: 5_000,
  };
  const rows: Row[] = [];
  for (const [what, load] of [
    ["manifests", manifests],
    ["pages of 100 versions", pages],
  ] as const) {
    const { perSecond } = await feedScript<{ perSecond: number }>("load-process.js", load);
    rows.push({
      work: `the sandbox itself: ${what}`,
      measured: asked,
      bound: perSecond,
      unit: "a second",
      goal: 1,
      of: "what it sustains; measured is the most that 64 connections at 20 ms ask for",
    });
  }
  await sandbox.takeRequests();
  return rows;
}
