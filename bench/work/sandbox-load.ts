import type { LoadRequest } from "../load-process";
import { feedScript } from "../node-process";
import { owner } from "../preview";
import type { Row } from "../row";
import type { SandboxProcess } from "../sandbox-process";
import { packageOfAYear } from "../world";

const versions = 10_000;
/** The requests that the connections to each server send per second, at 20 ms latency. */
const requested = { manifests: 64 * 50, pages: 48 * 50 };

/** Measures the rate that the sandbox sustains, to show that it does not limit the client. */
export async function measureSandbox(sandbox: SandboxProcess): Promise<Row[]> {
  const { registryUrl, githubApiUrl, token } = sandbox.addresses;
  const world = packageOfAYear("load", versions);
  await sandbox.setLatency(0);
  await sandbox.seed(`${owner}/load`, world);
  const manifests: LoadRequest = {
    registryUrl,
    headers: {
      authorization: `Bearer ${Buffer.from(token).toString("base64")}`,
      accept: "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json",
    },
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
  for (const [what, measured, load] of [
    ["manifests", requested.manifests, manifests],
    ["pages of 100 versions", requested.pages, pages],
  ] as const) {
    const { perSecond } = await feedScript<{ perSecond: number }>("load-process.js", load);
    rows.push({
      work: `the sandbox itself: ${what}`,
      measured,
      bound: perSecond,
      unit: "a second",
      goal: 1,
      of: "the rate it sustains; measured: the maximum rate of a client at 20 ms",
    });
  }
  await sandbox.takeRequests();
  return rows;
}
