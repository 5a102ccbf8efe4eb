import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  buildImage,
  fallbackTagOf,
  type Image,
  pushArtifact,
  pushBlob,
  pushBuilt,
  pushFallbackTag,
  pushImage,
  pushManifest,
} from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, dropDangling, dropUntagged, nodeAt, worldOf } from "../../support/graph/world";

describe("fallback tags", () => {
  const bench = useWorkbench();
  beforeEach(() => void bench().write("sbom.json", "{}"));
  const single = (tag: string) => pushImage(bench().target, { seed: tag, tags: [tag] });

  /** As `pushBuilt`, under a sha512 digest. */
  async function pushLong({ manifest, blobs }: Image): Promise<string> {
    for (const { bytes } of blobs) await pushBlob(bench().target, bytes);
    const digest = `sha512:${createHash("sha512").update(manifest.bytes).digest("hex")}`;
    await pushManifest(bench().target, digest, manifest.bytes, manifest.mediaType);
    return digest;
  }

  for (const referrers of ["redirect", "not-found"] as const) {
    it(`lose their tag to a longer list, and then go without the bundles, the referrers API answering ${referrers}`, async function () {
      const oras = bench().client(this, "oras");
      bench().sandbox.setSwitches({ referrers });
      await single("prod");
      for (const type of ["example/one", "example/two"]) {
        await oras("attach", "--plain-http", "--artifact-type", type, bench().reference("prod"), "sbom.json");
      }
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), [
        "prod: root, stays",
        "  referrers sha256-…: referrer, stays",
        "    artifact (example/one) #1: child, stays",
        "    artifact (example/two): child, stays",
        "untagged: root, goes",
        "  artifact (example/one) #1: child, stays",
      ]);
      await carryOut(bench().sandbox, world);
      const found = await oras("discover", "--plain-http", "--format", "json", bench().reference("prod"));
      assert.match(found, /example\/one/);
      assert.match(found, /example\/two/);
      await oras("cp", "--recursive", "--from-plain-http", bench().reference("prod"), "--to-oci-layout", "pulled:prod");
    });
  }

  it("hold a sha512 digest cut to 64 digits, as regctl writes it", async function () {
    const regctl = bench().client(this, "regctl");
    for (const tag of ["prod", "pr-1"]) {
      const child = await pushLong(buildImage("linux/amd64", { seed: tag }));
      await regctl("index", "create", bench().reference(tag), "--ref", bench().reference(child));
      const put = ["artifact", "put", "--artifact-type", "example/sbom", "--file", "sbom.json"];
      await regctl(...put, "--subject", bench().reference(child));
      assert.ok(
        bench()
          .sandbox.package(bench().repository)
          ?.versions.some(({ tags }) => tags.includes(fallbackTagOf(child))),
      );
    }
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), [
      "pr-1: root, goes",
      "  linux/amd64: child, goes",
      "    referrer (example/sbom) #1: referrer, goes",
      "    referrers sha512-…: referrer, goes",
      "      artifact (example/sbom) #1: referrer, goes",
      "prod: root, stays",
      "  linux/amd64: child, stays",
      "    referrers sha512-…: referrer, stays",
      "      artifact (example/sbom): child, stays",
    ]);
    await carryOut(bench().sandbox, world);
    await regctl("image", "copy", "--referrers", bench().reference("prod"), "ocidir://pulled:prod");
  });

  it("are not needed: what oras could not list under one follows its subject all the same", async function () {
    const oras = bench().client(this, "oras");
    const child = await pushLong(buildImage("linux/amd64", { seed: "long" }));
    await oras("manifest", "index", "create", "--plain-http", bench().reference("prod"), child);
    // oras does not cut the digest, and the registry refuses so long a tag.
    const attach = oras("attach", "--plain-http", "--artifact-type", "example/sbom", bench().reference(child), "sbom.json");
    await assert.rejects(attach, /invalid tag/);
    assert.deepEqual(treeOf(await worldOf(bench().sandbox)), [
      "prod: root, stays",
      "  linux/amd64: child, stays",
      "    referrer (example/sbom): referrer, stays",
    ]);
  });

  describe("on what is no index", () => {
    it("follow what they name", async () => {
      for (const tag of ["prod", "pr-1"]) {
        const digest = await single(tag);
        await pushImage(bench().target, { seed: `note on ${tag}`, tags: [fallbackTagOf(digest)] });
      }
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), [
        "pr-1: root, goes",
        "  referrers sha256-…: referrer, goes",
        "prod: root, stays",
        "  referrers sha256-…: referrer, stays",
      ]);
      await carryOut(bench().sandbox, world);
    });

    it("stay when they name nothing, unless what dangles is asked for", async () => {
      await single("prod");
      const digest = await pushImage(bench().target, { seed: "odd", tags: [`sha256-${"ab".repeat(32)}`] });
      const world = await worldOf(bench().sandbox);
      assert.equal(nodeAt(world, digest).role, "referrer");
      assert.deepEqual(world.plan.deletions.digests(), []);
      const dangling = await worldOf(bench().sandbox, { rules: [dropDangling] });
      assert.deepEqual(dangling.plan.deletions.digests(), [digest]);
    });

    it("are nobody's when they name their own version, which is not untagged either", async () => {
      await single("prod");
      const built = buildImage("linux/amd64", { seed: "self" });
      const digest = await pushBuilt(bench().target, built, [fallbackTagOf(built.manifest.digest)]);
      const world = await worldOf(bench().sandbox, { rules: [dropDangling, dropUntagged] });
      assert.equal(nodeAt(world, digest).role, "root");
      assert.deepEqual(world.plan.deletions.digests(), []);
    });

    for (const tag of [`sha256-${"ab".repeat(31)}`, `sha256-${"AB".repeat(32)}`, `md5-${"ab".repeat(32)}`]) {
      it(`are a person's when they have another form: ${tag.slice(0, 9)}…${tag.slice(-5)}`, async () => {
        await single("prod");
        const digest = await pushImage(bench().target, { seed: "odd", tags: [tag] });
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(nodeAt(world, digest).userTags, [tag]);
        assert.deepEqual(world.plan.deletions.digests(), [digest]);
      });
    }
  });

  it("take no bundle along that another client, appending at the same moment, left out of the list", async () => {
    const { target } = bench();
    const built = buildImage("linux/amd64", { seed: "prod" });
    await pushBuilt(target, built, ["prod"]);
    const subject = built.manifest;
    const lost = await pushArtifact(target, { seed: "lost", artifactType: "example/lost", subject });
    await pushFallbackTag(target, subject.digest, [lost]);
    const listed = await pushArtifact(target, { seed: "listed", artifactType: "example/listed", subject });
    await pushFallbackTag(target, subject.digest, [listed]);
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), [
      "prod: root, stays",
      "  referrer (example/lost) #1: referrer, stays",
      "  referrers sha256-…: referrer, stays",
      "    manifest: child, stays",
      "untagged: root, goes",
      "  manifest #1: referrer, stays",
    ]);
    await carryOut(bench().sandbox, world);
  });
});
