import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../../components/inventory/connection";
import { type Observation, takeInventory } from "../../../../components/inventory/take-inventory";
import { computePlan } from "../../../../components/plan/plan";
import { dropUntagged, keepReleases, policyOf } from "../../../support/builders/policy";
import { useSandbox } from "../../../support/emulator/running-sandbox";
import { now, PackageWorld, small } from "../../../support/engine/world";

const name = { owner: "logto-io", name: "logto" };
const policy = policyOf([keepReleases, dropUntagged, { name: "drop-pr", action: "delete", tags: ["pr-*"] }]);

describe("a cache that knows more than is there", () => {
  const sandbox = useSandbox({ now });
  let cacheFolder: string;
  let world: PackageWorld;
  beforeEach(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), "warm-cache-"));
    world = await new PackageWorld(sandbox(), "logto-io/logto").deploy(small);
    await lookIn(cacheFolder);
  });
  afterEach(() => rm(cacheFolder, { recursive: true }));

  let looks = 0;
  function lookIn(folder: string | undefined): Promise<Observation> {
    const { githubApiUrl, registryUrl, token } = sandbox();
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute: 1_000 + ++looks, cacheFolder: folder };
    return takeInventory(connect(endpoints, token, 1), name, {
      unreadable: [],
      manifestsToRead: (graph) => computePlan(graph, policy, { asOf: "2026-11-23" }).unread,
    });
  }

  function deletionsIn({ graph }: Observation): string[] {
    return computePlan(graph, policy, { asOf: "2026-11-23" }).deletions.digests().sort();
  }

  async function remove(digest: string): Promise<void> {
    const id = sandbox()
      .package("logto-io/logto")
      ?.versions.find((version) => version.digest === digest)?.id;
    const url = `${sandbox().githubApiUrl}/orgs/logto-io/packages/container/logto/versions/${id}`;
    assert.equal((await fetch(url, { method: "DELETE", headers: { authorization: `token ${sandbox().token}` } })).status, 204);
  }

  it("gives the plan of one that knows nothing", async () => {
    const [warm, cold] = [await lookIn(cacheFolder), await lookIn(undefined)];
    assert.deepEqual(deletionsIn(warm), world.digests("pr1"));
    assert.deepEqual(deletionsIn(warm), deletionsIn(cold));
  });

  for (const which of ["index", "child"] as const) {
    it(`makes nothing of what was deleted meanwhile: the ${which} of a retained image`, async () => {
      const { index, children } = world.image("prod");
      const gone = which === "index" ? index : (children[0]?.digest ?? "");
      await remove(gone);
      const [warm, cold] = [await lookIn(cacheFolder), await lookIn(undefined)];
      assert.equal(warm.graph.inventory.manifests.has(gone), false);
      assert.deepEqual(warm.graph.inventory.versions, cold.graph.inventory.versions);
      assert.deepEqual(deletionsIn(warm), deletionsIn(cold));
      const missing = warm.graph.nodes.flatMap(({ missingChildren }) => missingChildren);
      assert.deepEqual(missing, which === "child" ? [gone] : []);
    });
  }

  it("still keeps what an index needs that the registry has lost since", async () => {
    const { index, children } = world.image("prod");
    sandbox().setPackage({ package: "logto-io/logto", versions: [{ version: index, unknownToRegistry: true }] });
    const warm = await lookIn(cacheFolder);
    assert.deepEqual(deletionsIn(warm), world.digests("pr1"));
    for (const { digest } of children) assert.equal(deletionsIn(warm).includes(digest), false);
    await assert.rejects(lookIn(undefined), /GitHub lists this version and the registry does not know it/);
  });

  it("asks for what is new to it, and stops where that cannot be had", async () => {
    await world.deploy({ next: { days: 20, tags: ["next"], attestations: false } });
    const { index } = world.image("next");
    sandbox().addFault({ match: { path: `/manifests/${index}` }, times: null, effect: { kind: "status", status: 500 } });
    await assert.rejects(lookIn(cacheFolder), /the registry answered 500 again and again/);
  });
});
