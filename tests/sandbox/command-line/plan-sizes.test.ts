import assert from "node:assert/strict";
import type { PlanList } from "../../../components/listing/plan-list";
import { PlanStage } from "../../support/command-line/plan-stage";
import { useFreshStage } from "../../support/use-stage";

describe("the bytes of `ghcr-retention plan`", function () {
  this.timeout(120_000);

  const stage = useFreshStage(() => PlanStage.open());

  async function manifestReads(during: () => Promise<unknown>): Promise<number> {
    stage().sandbox.clearRequests();
    await during();
    return stage()
      .sandbox.requests()
      .filter(({ method, path }) => method === "GET" && path.includes("/manifests/")).length;
  }

  it("knows the bytes of what was read, and null elsewhere", async () => {
    const [one] = (await stage().listed("acme/app")).packages;
    const bytesOf = (digest: string) => {
      const version = one?.versions.find((each) => each.digest === digest);
      return [typeof version?.contentBytes, typeof version?.freesBytes];
    };
    const { index, children } = stage().app.image("pr2");
    // An index lists no layers, and what a part shares with parts that were not read is not known.
    assert.deepEqual(bytesOf(index), ["number", "number"]);
    assert.deepEqual(bytesOf(children[0]?.digest ?? ""), ["number", "object"]);
    assert.deepEqual(bytesOf(stage().app.image("prod").children[0]?.digest ?? ""), ["object", "object"]);
  });

  it("reads with --sizes what a preview leaves out, each once, and is exact then", async () => {
    const reads = await manifestReads(() => stage().plan("--json", "app"));
    const first = await manifestReads(() => stage().plan("--json", "--sizes", "app"));
    assert.deepEqual([reads, first], [20, 20]);
    let exact: PlanList | undefined;
    const again = await manifestReads(async () => {
      exact = await stage().listed("--sizes", "app");
    });
    assert.equal(again, 0);
    const [one] = exact?.packages ?? [];
    assert.equal(one?.plans[0]?.frees?.accuracy, "exact");
    assert.deepEqual(
      one?.versions.filter(({ contentBytes, freesBytes }) => contentBytes === null || freesBytes === null),
      [],
    );
    // A preview reads nothing for it, and knows as much from the cache.
    assert.equal(await manifestReads(() => stage().plan("app")), 0);
    assert.match((await stage().plan("app")).stdout, /\n\nfrees [\d.]+ k?B\n\n/);
  });

  it("decides the same with --sizes as without", async () => {
    const without = await stage().listed("app");
    const sized = await stage().listed("--sizes", "app");
    const decisions = ({ packages }: PlanList) =>
      packages.map(({ plans, versions }) => [
        plans.map(({ id, deletes }) => [id, deletes]),
        versions.map(({ digest, verdict, because }) => [digest, verdict, because]),
      ]);
    assert.deepEqual(decisions(sized), decisions(without));
  });

  it("leaves unread with --sizes what the registry has lost, and says so", async () => {
    const [child] = stage().app.image("prod").children;
    stage().sandbox.setPackage({ package: "acme/app", versions: [{ version: child?.digest ?? "", unknownToRegistry: true }] });
    const { code, stdout, stderr } = await stage().plan("--sizes", "app");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\n\nfrees at most /);
    assert.match(
      stderr,
      new RegExp(`^acme/app: 1 manifest could not be read, since the registry does not know what GitHub lists: ${child?.digest}$`, "m"),
    );
  });
});
