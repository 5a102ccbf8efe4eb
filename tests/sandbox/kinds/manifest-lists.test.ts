import assert from "node:assert/strict";
import { buildImage, MediaType, pushBuilt } from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, worldOf } from "../../support/graph/world";

const whole = [
  "pr-1: root, goes",
  "  linux/amd64: child, goes",
  "  linux/arm64: child, goes",
  "prod: root, stays",
  "  linux/amd64: child, stays",
  "  linux/arm64: child, stays",
];

describe("Docker manifest lists", () => {
  const bench = useWorkbench();
  const image = (seed: string, platform: string) => pushBuilt(bench().target, buildImage(platform, { seed, docker: true }));
  const mediaTypes = () =>
    new Set(
      bench()
        .sandbox.package(bench().repository)
        ?.versions.map(({ mediaType }) => mediaType),
    );
  const ofDocker = new Set<string>([MediaType.dockerList, MediaType.dockerManifest]);

  it("made by regctl stay or go whole", async function () {
    const regctl = bench().client(this, "regctl");
    for (const tag of ["prod", "pr-1"]) {
      const of = [await image(tag, "linux/amd64"), await image(tag, "linux/arm64")];
      const refs = of.flatMap((one) => ["--ref", bench().reference(one)]);
      await regctl("index", "create", bench().reference(tag), "--media-type", MediaType.dockerList, ...refs);
    }
    assert.deepEqual(mediaTypes(), ofDocker);
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), whole);
    await carryOut(bench().sandbox, world);
    await regctl("image", "copy", bench().reference("prod"), `ocidir://${bench().file("pulled")}:prod`);
  });

  it("made by crane stay or go whole", async function () {
    const crane = bench().client(this, "crane");
    for (const tag of ["prod", "pr-1"]) {
      const of = [await image(tag, "linux/amd64"), await image(tag, "linux/arm64")];
      const manifests = of.flatMap((one) => ["-m", bench().reference(one)]);
      await crane("index", "append", "--docker-empty-base", "-t", bench().reference(tag), ...manifests);
    }
    assert.deepEqual(mediaTypes(), ofDocker);
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), whole);
    await carryOut(bench().sandbox, world);
    await crane("validate", "--remote", bench().reference("prod"));
  });

  it("built and pushed by buildah stay or go whole in both forms, and so does a copy by skopeo", async function () {
    const buildah = bench().client(this, "buildah");
    const skopeo = bench().client(this, "skopeo");
    // It wants namespaces or mounts that some containers do not give.
    await buildah("from", "scratch").catch(() => this.skip());
    await buildah("manifest", "create", "multi");
    for (const architecture of ["amd64", "arm64"]) {
      const container = await buildah("from", "--arch", architecture, "scratch");
      bench().write("built-for", `${architecture}\n`);
      await buildah("copy", container, "built-for", "/built-for");
      await buildah("commit", "--format", "oci", container, `app:${architecture}`);
      await buildah("manifest", "add", "multi", `app:${architecture}`);
    }
    const push = ["manifest", "push", "--all", "--tls-verify=false", "multi"];
    await buildah(...push, "--format", "v2s2", `docker://${bench().reference("prod")}`);
    assert.deepEqual(mediaTypes(), ofDocker);
    await buildah(...push, "--format", "oci", `docker://${bench().reference("pr-1")}`);
    const world = await worldOf(bench().sandbox);
    assert.deepEqual(treeOf(world), whole);
    await carryOut(bench().sandbox, world);

    const copy = ["copy", "--all", "--src-tls-verify=false", "--dest-tls-verify=false", "--format", "oci"];
    await skopeo(...copy, `docker://${bench().reference("prod")}`, `docker://${bench().host}/logto-io/copy:prod`);
    assert.deepEqual(
      treeOf(await worldOf(bench().sandbox, { repository: "logto-io/copy" })).map((line) => line.split(",")[0]),
      ["prod: root", "  linux/amd64: child", "  linux/arm64: child"],
    );
  });
});
