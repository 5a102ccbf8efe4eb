import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Context } from "mocha";
import type { RuleInput } from "../../support/builders/policy";
import { callApi } from "../../support/emulator/calls";
import { treeOf } from "../../support/graph/tree";
import { type Client, useWorkbench } from "../../support/graph/workbench";
import { carryOut, deleteByHand, worldOf } from "../../support/graph/world";

const rules: RuleInput[] = [
  { name: "keep-newest", action: "keep", tags: ["v*"], mostRecent: 2 },
  { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" },
];
const insecure = "--registry-insecure";
const source = "logto-io/source";

describe("what imgpkg copies", function () {
  this.timeout(120_000);
  const bench = useWorkbench();

  function imgpkg(test: Context): Client {
    const run = bench().client(test, "imgpkg");
    return (...args) => run(...args, insecure);
  }

  function digestIn(repository: string, tag: string): string {
    const found = bench()
      .sandbox.package(repository)
      ?.versions.find(({ tags }) => tags.includes(tag));
    assert.ok(found, `${repository}:${tag}`);
    return found.digest;
  }

  async function pushImage(push: Client, name: string): Promise<string> {
    bench().write(`${name}.txt`, name);
    await push("push", "-i", `${bench().host}/${source}/${name}:v1`, "-f", `${name}.txt`);
    return `${bench().host}/${source}/${name}@${digestIn(`${source}/${name}`, "v1")}`;
  }

  async function pushBundle(push: Client, tag: string, images: readonly string[]): Promise<string> {
    const lock = `bundle-${tag}/.imgpkg/images.yml`;
    mkdirSync(dirname(bench().file(lock)), { recursive: true });
    bench().write(
      lock,
      `apiVersion: imgpkg.carvel.dev/v1alpha1\nkind: ImagesLock\nimages:\n${images.map((image) => `- image: ${image}\n`).join("")}`,
    );
    bench().write(`bundle-${tag}/release.yml`, `release: ${tag}\n`);
    await push("push", "-b", `${bench().host}/${source}/bundle:${tag}`, "-f", `bundle-${tag}`);
    return `${bench().host}/${source}/bundle@${digestIn(`${source}/bundle`, tag)}`;
  }

  /** Three releases: all share an image, and the last one holds another bundle. */
  async function release(push: Client): Promise<void> {
    const [shared, one, two, deep] = await Promise.all(["shared", "one", "two", "deep"].map((name) => pushImage(push, name)));
    const inner = await pushBundle(push, "inner", [deep ?? ""]);
    const contents = { v1: [shared, one], v2: [shared, two], v3: [shared, inner] };
    for (const [day, [tag, images]] of Object.entries(contents).entries()) {
      bench().sandbox.setClock(`2023-12-0${day + 1}T00:00:00Z`);
      await pushBundle(
        push,
        tag,
        images.map((image) => image ?? ""),
      );
      await copy(push, tag);
    }
  }

  async function copy(push: Client, tag: string, ...more: readonly string[]): Promise<void> {
    await push("copy", "-b", `${bench().host}/${source}/bundle:${tag}`, "--to-repo", `${bench().host}/${bench().repository}`, ...more);
  }

  /** Nothing can come from there any more. */
  async function dropSource(): Promise<void> {
    for (const { package: repository } of bench().sandbox.state().packages) {
      const [owner, ...name] = repository.split("/");
      if (!repository.startsWith(`${source}/`)) continue;
      const path = `/orgs/${owner}/packages/container/${encodeURIComponent(name.join("/"))}`;
      assert.equal((await callApi(bench().sandbox, path, { method: "DELETE" })).status, 204);
    }
  }

  it("stays and goes with its bundle, and what stays can be pulled, copied and described without its source", async function () {
    const push = imgpkg(this);
    await release(push);
    const world = await worldOf(bench().sandbox, { rules });
    const image = (fate: string, number = "") => `  bundled image sha256-….imgpkg${number}: child, ${fate}`;
    const locations = (fate: string) => `  image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, ${fate}`;
    assert.deepEqual(treeOf(world), [
      "sha256-….imgpkg v1: root, goes",
      image("goes"),
      image("stays", " #1"),
      locations("goes"),
      "sha256-….imgpkg v2: root, stays",
      image("stays", " #1"),
      image("stays"),
      locations("stays"),
      "sha256-….imgpkg v3: root, stays",
      image("stays", " #1"),
      image("stays"),
      `  ${image("stays")}`,
      `  ${locations("stays")}`,
      locations("stays"),
    ]);
    await carryOut(bench().sandbox, world, { rules });
    await dropSource();

    for (const tag of ["v2", "v3"]) {
      const bundle = bench().reference(tag);
      await push("pull", "-b", bundle, "-o", `pulled-${tag}`);
      const lock = readFileSync(bench().file(`pulled-${tag}/.imgpkg/images.yml`), "utf8");
      assert.doesNotMatch(lock, new RegExp(source), "it takes each image from the package itself");
      assert.equal(lock.match(new RegExp(`image: ${bench().host}/${bench().repository}@sha256:`, "g"))?.length, 2);
      await push("copy", "-b", bundle, "--to-tar", `${tag}.tar`);
      assert.match(await push("describe", "-b", bundle, "-o", "yaml"), /sha256:/);
    }
  });

  it("has one image of locations where bundles have equal images, which stays while one of them stays", async function () {
    const push = imgpkg(this);
    const image = await pushImage(push, "shared");
    for (const tag of ["v1", "v2", "v3"]) {
      await pushBundle(push, tag, [image]);
      await copy(push, tag);
    }
    const world = await worldOf(bench().sandbox, { rules });
    const locations = treeOf(world).filter((line) => line.includes("locations"));
    assert.equal(locations.length, 3);
    for (const line of locations) assert.match(line, /^ {2}image locations .* #\d: referrer, stays$/);
    await carryOut(bench().sandbox, world, { rules });
    await dropSource();
    await push("pull", "-b", bench().reference("v2"), "-o", "pulled");
    assert.doesNotMatch(readFileSync(bench().file("pulled/.imgpkg/images.yml"), "utf8"), new RegExp(source));
  });

  it("stays and goes with its bundle under the tags that --repo-based-tags writes", async function () {
    const push = imgpkg(this);
    for (const tag of ["v1", "v2", "v3"]) {
      await pushBundle(push, tag, [await pushImage(push, `image-${tag}`)]);
      await copy(push, tag, "--repo-based-tags");
    }
    const world = await worldOf(bench().sandbox, { rules });
    const copied = (tag: string, fate: string) => [
      `logto-io-source-bundle-sha256-….imgpkg ${tag}: root, ${fate}`,
      `  bundled image logto-io-source-image-${tag}-sha256-….imgpkg: child, ${fate}`,
      `  image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, ${fate}`,
    ];
    assert.deepEqual(treeOf(world), [...copied("v1", "goes"), ...copied("v2", "stays"), ...copied("v3", "stays")]);
  });

  it("brings signatures along, which stay and go with what they sign", async function () {
    const push = imgpkg(this);
    const cosign = bench().client(this, "cosign2");
    await cosign("generate-key-pair");
    for (const tag of ["v1", "v2", "v3"]) {
      const image = await pushImage(push, `image-${tag}`);
      for (const signed of [image, await pushBundle(push, tag, [image])]) {
        await cosign("sign", "--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes", signed);
      }
      await copy(push, tag, "--cosign-signatures");
    }
    const world = await worldOf(bench().sandbox, { rules });
    const copied = (tag: string, fate: string) => [
      `sha256-….imgpkg ${tag}: root, ${fate}`,
      `  bundled image sha256-….imgpkg: child, ${fate}`,
      `    signature sha256-….imgpkg sha256-….sig: referrer, ${fate}`,
      `  image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, ${fate}`,
      `  signature sha256-….imgpkg sha256-….sig: referrer, ${fate}`,
    ];
    assert.deepEqual(treeOf(world), [...copied("v1", "goes"), ...copied("v2", "stays"), ...copied("v3", "stays")]);
  });

  it("is kept by no pull that exits 0: without its images, imgpkg silently names the source again", async function () {
    const push = imgpkg(this);
    await release(push);
    const { graph } = await worldOf(bench().sandbox, { rules });
    const bundle = graph.byDigest.get(digestIn(bench().repository, "v2")) ?? -1;
    for (const { to } of graph.keeps[bundle] ?? []) await deleteByHand(bench().sandbox, graph.nodes[to]?.version.digest ?? "");
    await push("pull", "-b", bench().reference("v2"), "-o", "pulled");
    assert.match(readFileSync(bench().file("pulled/.imgpkg/images.yml"), "utf8"), new RegExp(source));
  });
});
