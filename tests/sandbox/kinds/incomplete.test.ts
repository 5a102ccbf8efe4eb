import assert from "node:assert/strict";
import { fallbackTagOf, type PushedImage, pushImage, pushMultiArchImage } from "../../../sandbox";
import type { RuleInput } from "../../support/builders/policy";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import {
  carryOut,
  deleteByHand,
  dropBroken,
  dropDangling,
  dropRest,
  dropUntagged,
  keepProd,
  nodeAt,
  type World,
  worldOf,
} from "../../support/graph/world";

const keepTagged: RuleInput = { name: "keep-tagged", action: "keep", tags: ["*"] };
const everything: RuleInput = { name: "drop-everything", action: "delete" };

describe("what somebody deleted a part of", () => {
  const bench = useWorkbench();
  const push = (tag: string, options: { attestations?: boolean; attestationSubject?: boolean } = {}): Promise<PushedImage> =>
    pushMultiArchImage(bench().target, { seed: tag, tags: [tag], attestations: false, ...options });
  const world = (...rules: RuleInput[]): Promise<World> => worldOf(bench().sandbox, { rules });
  const goesBy = async (...rules: RuleInput[]) => new Set((await world(...rules)).plan.deletions.digests());

  describe("leaves a referrer without its subject", () => {
    let lost: string[];
    beforeEach(async function () {
      const regctl = bench().client(this, "regctl");
      bench().write("sbom.json", "{}");
      await push("prod");
      const { index } = await push("gone");
      const put = ["artifact", "put", "--artifact-type", "example/sbom", "--file", "sbom.json"];
      const bundle = await regctl(...put, "--subject", bench().reference(index), "--format", "{{.Manifest.GetDescriptor.Digest}}");
      const signature = await pushImage(bench().target, { seed: "signature", tags: [`${fallbackTagOf(index)}.sig`] });
      const versions = bench().sandbox.package(bench().repository)?.versions ?? [];
      const list = versions.find(({ tags }) => tags.includes(fallbackTagOf(index)))?.digest;
      assert.ok(list);
      await deleteByHand(bench().sandbox, index);
      lost = [bundle, list, signature];
    });

    it("is recognised as a referrer, and no image", async () => {
      const now = await world(keepProd);
      assert.deepEqual(
        lost.map((digest) => nodeAt(now, digest).role === "root"),
        [false, false, false],
      );
    });
    it("goes by no rule that does not ask for it", async () => {
      for (const rules of [[everything], [dropUntagged], [dropRest], [dropBroken], [{ ...everything, scope: "versions" as const }]]) {
        const going = await goesBy(keepProd, ...rules);
        assert.deepEqual(
          lost.filter((digest) => going.has(digest)),
          [],
        );
      }
    });
    it("goes by `dangling: true`, and nothing else with it", async () => {
      assert.deepEqual(await goesBy(dropDangling), new Set(lost));
      await carryOut(bench().sandbox, await world(dropDangling), { rules: [dropDangling] });
    });
    it("stays when a keep rule or `protect` says so", async () => {
      const [one = ""] = lost;
      const kept = await goesBy(dropDangling, { name: "keep-one", action: "keep", dangling: true, digests: [one] });
      assert.equal(kept.has(one), false);
      const { plan } = await worldOf(bench().sandbox, { rules: [dropDangling], protect: [one] });
      assert.equal(plan.deletions.digests().includes(one), false);
    });
  });

  for (const { name, gone } of [
    { name: "partial", gone: [1] },
    { name: "ghost", gone: [0, 1] },
  ]) {
    describe(`leaves an index ${name}`, () => {
      let broken: PushedImage;
      beforeEach(async () => {
        await push("prod");
        await push("v1");
        broken = await push("v2");
        for (const place of gone) await deleteByHand(bench().sandbox, broken.children[place]?.digest ?? "");
      });

      it("names what it lacks", async () => {
        const missing = gone.map((place) => broken.children[place]?.digest);
        assert.deepEqual(nodeAt(await world(keepProd), broken.index).missingChildren, missing);
      });
      it("goes by no rule that does not match it anyway", async () => {
        assert.deepEqual(await goesBy(keepProd, dropDangling, dropUntagged), new Set());
      });
      it("goes by `broken: true` with what is left of it, and nothing else with it", async () => {
        const left = broken.children.filter((_, place) => !gone.includes(place)).map(({ digest }) => digest);
        assert.deepEqual(await goesBy(dropBroken), new Set([broken.index, ...left]));
        await carryOut(bench().sandbox, await world(dropBroken), { rules: [dropBroken] });
      });
      it("stays when a keep rule says so", async () => {
        assert.deepEqual(await goesBy(dropBroken, keepTagged), new Set());
      });
      it("goes like any other image by rules that match it", async () => {
        const rules: RuleInput[] = [{ name: "drop-v2", action: "delete", tags: ["v2"] }];
        assert.deepEqual(treeOf(await world(...rules)).slice(-1 - (2 - gone.length)), [
          "v2: root, goes",
          ...(gone.length === 1 ? ["  linux/amd64: child, goes"] : []),
        ]);
      });
    });
  }

  describe("leaves children of nothing", () => {
    it("which are untagged images from then on", async () => {
      await push("prod");
      const { index, children } = await push("gone");
      await deleteByHand(bench().sandbox, index);
      assert.deepEqual(await goesBy(dropBroken, dropDangling), new Set());
      assert.deepEqual(await goesBy(dropUntagged), new Set(children.map(({ digest }) => digest)));
      await carryOut(bench().sandbox, await world(dropUntagged), { rules: [dropUntagged] });
    });

    for (const attestationSubject of [false, true]) {
      it(`with attestations ${attestationSubject ? "that follow them" : "that are images of their own"}`, async () => {
        await push("prod");
        const { index, children, attestations } = await push("gone", { attestations: true, attestationSubject });
        await deleteByHand(bench().sandbox, index);
        const now = await world(dropUntagged);
        assert.deepEqual(
          attestations.map(({ digest }) => nodeAt(now, digest).role),
          attestationSubject ? ["referrer", "referrer"] : ["root", "root"],
        );
        assert.deepEqual(new Set(now.plan.deletions.digests()), new Set([...children, ...attestations].map(({ digest }) => digest)));
      });
    }
  });
});
