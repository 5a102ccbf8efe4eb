import assert from "node:assert/strict";
import { decide } from "../../../components/approval/decide";
import type { InventoryOptions } from "../../../components/inventory/take-inventory";
import { previewReport } from "../../../components/report/preview-report";
import { MediaType, pushMultiArchImage } from "../../../sandbox";
import { policyOf, type RuleInput } from "../../support/builders/policy";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { assertStops, countRequests, lookAt, repository, strike } from "../../support/inventory/looking";

const lost = `sha256:${"ab".repeat(32)}`;
const lostToo = `sha256:${"cd".repeat(32)}`;
const stops = (digest: string, more = "") =>
  `@${digest}: GitHub lists this version and the registry does not know it${more}. ` +
  "What it needs cannot be known, so nothing of this package is deleted. Push or delete that version, or name it under `unreadable` if it is known to be gone.";

describe("a version that GitHub lists and the registry does not know", () => {
  const sandbox = useSandbox();
  beforeEach(async () => {
    const target = { registryUrl: sandbox().registryUrl, token: sandbox().token, repository };
    await pushMultiArchImage(target, { seed: "prod", tags: ["prod"], attestations: false });
    await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"], attestations: false });
    sandbox().clearRequests();
  });
  const lose = (...digests: string[]) => sandbox().seed(digests.map((digest) => ({ package: repository, digest })));
  const asked = (digest: string) => countRequests(sandbox(), digest);

  it("stops the look, after the list was read again twice", async () => {
    lose(lost);
    await assertStops(sandbox(), stops(lost));
    assert.equal(asked(lost), 3);
    assert.equal(countRequests(sandbox(), /\/versions\?.*page=1$|\/versions\?.*page=1&/) >= 6, true);
  });

  it("is told with all others", async () => {
    lose(lost, lostToo);
    await assertStops(sandbox(), stops(lost, `, nor ${lostToo}`));
  });

  it("is told with the number of others, where they are very many", async () => {
    const many = Array.from({ length: 25 }, (_, place) => `sha256:${String(place).padStart(64, "0")}`);
    lose(...many);
    await assertStops(sandbox(), stops(many[0] ?? "", `, nor ${many.slice(1, 21).join(", ")} and 4 more`));
  });

  it("stops the look as well where only the plan asks for it: a part of what would go", async () => {
    const [, part] = [...(sandbox().package(repository)?.versions ?? [])].filter(({ tags }) => tags.length === 0);
    const digest = part?.digest ?? "none";
    const unknown = { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] };
    strike(sandbox(), { surface: "registry", path: `/manifests/${digest}` }, { kind: "status", status: 404, body: unknown });
    await assertStops(sandbox(), stops(digest), { manifestsToRead: () => [digest] });
    assert.equal(asked(digest), 3);
  });

  it("is no doubt when it is gone from the next list: somebody deleted it in between", async () => {
    const [pr] = sandbox().package(repository)?.versions ?? [];
    strike(
      sandbox(),
      { surface: "registry", path: "/manifests/" },
      { kind: "vanish", versions: [{ package: repository, version: "pr-1" }] },
      1,
    );
    const {
      graph: { inventory },
    } = await lookAt(sandbox());
    assert.equal(inventory.versions.length, 5);
    assert.equal(
      inventory.versions.some(({ digest }) => digest === pr?.digest),
      false,
    );
  });

  it("is no doubt when the registry, slow to learn of a push, knows it a moment later", async () => {
    const digest = sandbox()
      .package(repository)
      ?.versions.find(({ tags }) => tags.includes("pr-1"))?.digest;
    const unknown = { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] };
    strike(sandbox(), { surface: "registry", path: `/manifests/${digest}` }, { kind: "status", status: 404, body: unknown }, 2);
    assert.equal((await lookAt(sandbox())).graph.inventory.versions.length, 6);
    assert.equal(asked(digest ?? "-"), 3);
  });

  describe("when the policy names it under `unreadable`", () => {
    const named: Partial<InventoryOptions> = { unreadable: [lost] };

    it("needs nothing, and its package is looked at", async () => {
      lose(lost);
      const {
        graph: { inventory },
      } = await lookAt(sandbox(), named);
      assert.deepEqual(inventory.manifests.get(lost), { index: false, children: [], gone: true });
      assert.equal(asked(lost), 1);
    });

    it("still stops the look for another one", async () => {
      lose(lost, lostToo);
      await assertStops(sandbox(), stops(lostToo), named);
    });

    for (const status of [401, 403, 429, 500]) {
      it(`is not taken for gone when the registry answers ${status}`, async () => {
        lose(lost);
        strike(sandbox(), { surface: "registry", path: lost }, { kind: "status", status });
        await assertStops(sandbox(), new RegExp(`^${repository}@${lost}: the registry .*${status}`), named);
      });
    }

    it("is not taken for gone by a 404 that is not the registry's", async () => {
      lose(lost);
      strike(sandbox(), { surface: "registry", path: lost }, { kind: "status", status: 404, body: "<html>" });
      await assertStops(sandbox(), /which is not MANIFEST_UNKNOWN/, named);
    });

    it("makes an index that lists it a broken one", async () => {
      lose(lost);
      const manifests = [{ mediaType: MediaType.ociManifest, digest: lost, size: 1, platform: { os: "linux", architecture: "amd64" } }];
      sandbox().seed([{ package: repository, manifest: { schemaVersion: 2, mediaType: MediaType.ociIndex, manifests }, tags: ["half"] }]);
      const { nodes } = (await lookAt(sandbox(), named)).graph;
      assert.deepEqual(nodes.find(({ userTags }) => userTags.includes("half"))?.missingChildren, [lost]);
    });

    it("is void as soon as it can be read again: what it lists is kept", async () => {
      const index = sandbox()
        .package(repository)
        ?.versions.find(({ tags }) => tags.includes("pr-1"))?.digest;
      const {
        graph: { inventory },
      } = await lookAt(sandbox(), { unreadable: [index ?? ""] });
      assert.equal(inventory.manifests.get(index ?? "")?.gone, undefined);
      assert.equal(inventory.manifests.get(index ?? "")?.children.length, 2);
    });

    it("is shown in each preview, whatever has become of it", async () => {
      lose(lost);
      const back = sandbox()
        .package(repository)
        ?.versions.find(({ tags }) => tags.includes("pr-1"))?.digest;
      const unreadable = [lost, lostToo, back ?? ""];
      const keepAll: RuleInput = { name: "keep-all", action: "keep" };
      const policy = policyOf([keepAll], { unreadable });
      const graph = (await lookAt(sandbox(), { unreadable })).graph;
      const decision = decide(graph, policy, { deletions: {}, plans: {} });
      const report = previewReport(decision, policy, { approveWith: (id) => id, refused: {}, ledger: {}, frees: {}, notices: [] });
      const short = (digest = "") => digest.slice(0, "sha256:".length + 12);
      for (const line of [
        `unreadable: ${short(lost)} is treated as needing nothing, since the registry does not know it`,
        `unreadable: ${short(lostToo)} is not in the package any more; take it out of the list`,
        `unreadable: ${short(back)} can be read again, so what it needs is kept; take it out of the list`,
      ]) {
        assert.ok(report.split("\n").includes(line), `${line}\nis not in\n${report}`);
      }
    });
  });
});
