import assert from "node:assert/strict";
import { deletionReasons } from "../../../components/plan/reasons";
import {
  buildArtifact,
  buildIndex,
  type Content,
  descriptorOf,
  fallbackTagOf,
  pushBuilt,
  pushContent,
  pushMultiArchImage,
} from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, deleteByHand, dropUntagged, keepProd, labelsOf, nodeAt, worldOf } from "../../support/graph/world";

const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

describe("attestations", () => {
  const bench = useWorkbench();

  for (const attestationSubject of [false, true]) {
    describe(`of buildx, ${attestationSubject ? "with" : "without"} a subject`, () => {
      const push = (tag: string) => pushMultiArchImage(bench().target, { seed: tag, tags: [tag], attestationSubject });

      it("live and die with their image, and are named after what they are about", async function () {
        const crane = bench().client(this, "crane");
        const prod = await push("prod");
        const pr = await push("pr-1");
        const world = await worldOf(bench().sandbox);
        for (const [place, platform] of ["linux/amd64", "linux/arm64"].entries()) {
          const ofProd = prod.attestations[place]?.digest ?? "";
          assert.deepEqual(labelsOf(world, ofProd), [`attestation of ${platform}`]);
          assert.equal(nodeAt(world, ofProd).manifest, undefined, "what stays is not read, since reading counts as a download");
          const ofPr = world.graph.byDigest.get(pr.attestations[place]?.digest ?? "") ?? -1;
          assert.deepEqual(deletionReasons(world.plan).get(ofPr)?.reason, { kind: "part", as: `attestation of ${platform}`, of: "pr-1" });
        }
        const everythingOfPr = [pr.index, ...[...pr.children, ...pr.attestations].map(({ digest }) => digest)];
        assert.deepEqual(new Set(world.plan.deletions.digests()), new Set(everythingOfPr));
        await carryOut(bench().sandbox, world);
        await crane("pull", "--format=oci", bench().reference("prod"), bench().file("pulled"));
      });

      it("are no images to rules that match what is untagged", async () => {
        await push("prod");
        const world = await worldOf(bench().sandbox, { rules: [keepProd, dropUntagged] });
        assert.deepEqual(world.plan.deletions.digests(), []);
        assert.deepEqual(world.plan.withheld, []);
      });

      it("are no platforms", async () => {
        await push("prod");
        await push("v1");
        const rules = [{ name: "drop-unknown", action: "delete" as const, platforms: ["unknown/*"] }];
        assert.deepEqual((await worldOf(bench().sandbox, { rules })).plan.deletions.digests(), []);
      });

      it("stay with a tagged child when its index goes, if they name it as their subject", async () => {
        await push("prod");
        const { built } = await push("pr-1");
        const arm64 = built.children[1];
        assert.ok(arm64);
        await pushContent(bench().target, arm64.manifest, ["v1-arm64"]);
        const rules = [keepProd, { name: "drop-pr", action: "delete" as const, tags: ["pr-*"] }];
        const world = await worldOf(bench().sandbox, { rules });
        const going = treeOf(world).filter((line) => line.includes("attestation of linux/arm64") && line.endsWith("goes"));
        assert.equal(going.length, attestationSubject ? 0 : 1);
        await carryOut(bench().sandbox, world, { rules });
      });

      it("do not go by themselves when somebody deleted what they are about", async () => {
        const { children } = await push("prod");
        await deleteByHand(bench().sandbox, children[1]?.digest ?? "");
        const world = await worldOf(bench().sandbox, { rules: [dropUntagged] });
        assert.deepEqual(world.plan.deletions.digests(), []);
      });
    });
  }

  describe("of GitHub's attest actions", () => {
    /** As their library pushes them: a bundle with a subject, and its descriptor appended to the list under the fallback tag. */
    async function attest(subject: Content, predicateType: string, before: readonly object[] = []): Promise<object[]> {
      const bundle = buildArtifact({ seed: `${predicateType} ${subject.digest}`, artifactType: bundleType, subject });
      await pushBuilt(bench().target, bundle);
      const annotations = { "dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": predicateType };
      const list = [...before, { ...descriptorOf(bundle.manifest), artifactType: bundleType, annotations }];
      await pushContent(bench().target, buildIndex(list), [fallbackTagOf(subject.digest)]);
      return list;
    }

    it("follow their image, with the lists that lost the tag", async function () {
      const oras = bench().client(this, "oras");
      for (const tag of ["prod", "pr-1"]) {
        const { built } = await pushMultiArchImage(bench().target, { seed: tag, tags: [tag], attestations: false });
        const list = await attest(built.index, "https://slsa.dev/provenance/v1");
        await attest(built.index, "https://spdx.dev/Document/v2.3", list);
      }
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), [
        "pr-1: root, goes",
        "  Sigstore bundle #1: referrer, goes",
        "  Sigstore bundle #2: referrer, goes",
        "  linux/amd64: child, goes",
        "  linux/arm64: child, goes",
        "  referrers sha256-…: referrer, goes",
        "    Sigstore bundle #1: referrer, goes",
        "    Sigstore bundle #2: referrer, goes",
        "prod: root, stays",
        "  linux/amd64: child, stays",
        "  linux/arm64: child, stays",
        "  referrers sha256-…: referrer, stays",
        "    Sigstore bundle #3: child, stays",
        "    Sigstore bundle: child, stays",
        "untagged: root, goes",
        "  Sigstore bundle #3: child, stays",
        "untagged: root, goes",
        "  Sigstore bundle #1: referrer, goes",
      ]);
      await carryOut(bench().sandbox, world);
      const found = await oras("discover", "--plain-http", "--format", "json", bench().reference("prod"));
      assert.equal(found.match(/"artifactType": "application\/vnd\.dev\.sigstore/g)?.length, 2);
    });
  });
});
