import assert from "node:assert/strict";
import type { Context } from "mocha";
import { type PushedImage, pushMultiArchImage } from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { type Client, useWorkbench } from "../../support/graph/workbench";
import { carryOut, worldOf } from "../../support/graph/world";

const bundle = "Sigstore bundle";

/** cosign writes to no log and asks nobody: the key is a file, the registry plain HTTP. */
const offline = ["--key", "cosign.key", "--tlog-upload=false", "--allow-http-registry", "--yes"];
const verify = ["verify", "--key", "cosign.pub", "--insecure-ignore-tlog", "--allow-http-registry"];

describe("what cosign attaches", function () {
  this.timeout(120_000);
  const bench = useWorkbench();

  async function cosignAndImages(test: Context, name: string): Promise<{ cosign: Client; images: Record<"prod" | "pr-1", PushedImage> }> {
    const cosign = bench().client(test, name);
    const push = (tag: string) => pushMultiArchImage(bench().target, { seed: tag, tags: [tag], attestations: false });
    await cosign("generate-key-pair");
    bench().write("sbom.json", '{"spdxVersion": "SPDX-2.3"}');
    return { cosign, images: { prod: await push("prod"), "pr-1": await push("pr-1") } };
  }

  it("under tags, as cosign 2 does, follows the index and its children", async function () {
    const { cosign, images } = await cosignAndImages(this, "cosign2");
    for (const { index, children } of Object.values(images)) {
      await cosign("sign", ...offline, "--recursive", bench().reference(index));
      await cosign("attest", ...offline, "--type", "spdxjson", "--predicate", "sbom.json", bench().reference(index));
      const arm64 = bench().reference(children[1]?.digest ?? "");
      await cosign("attach", "sbom", "--allow-http-registry", "--sbom", "sbom.json", "--type", "spdx", arm64);
    }
    const world = await worldOf(bench().sandbox);
    // The same SBOM of two images is one version under two tags.
    const parts = (fate: string) => [
      `  attestation sha256-….att: referrer, ${fate}`,
      `  linux/amd64: child, ${fate}`,
      `    signature sha256-….sig: referrer, ${fate}`,
      `  linux/arm64: child, ${fate}`,
      "    SBOM sha256-….sbom sha256-….sbom #1: referrer, stays",
      `    signature sha256-….sig: referrer, ${fate}`,
      `  signature sha256-….sig: referrer, ${fate}`,
    ];
    assert.deepEqual(treeOf(world), ["pr-1: root, goes", ...parts("goes"), "prod: root, stays", ...parts("stays")]);
    await carryOut(bench().sandbox, world);
    for (const digest of [images.prod.index, ...images.prod.children.map((child) => child.digest)]) {
      await cosign(...verify, bench().reference(digest));
    }
    await cosign("verify-attestation", ...verify.slice(1), "--type", "spdxjson", bench().reference("prod"));
  });

  for (const { name, how, listedAs } of [
    // This version writes the config's media type where the artifact's belongs.
    { name: "cosign2", how: ["--new-bundle-format"], listedAs: "manifest" },
    { name: "cosign3", how: ["--use-signing-config=false"], listedAs: bundle },
  ]) {
    it(`as bundles, as ${name} does, follows the index and its children`, async function () {
      const { cosign, images } = await cosignAndImages(this, name);
      for (const { index, children } of Object.values(images)) {
        await cosign("sign", ...offline, ...how, bench().reference(index));
        await cosign("sign", ...offline, ...how, bench().reference(children[1]?.digest ?? ""));
        // Appending to the fallback index leaves the one before without a tag.
        await cosign("attest", ...offline, ...how, "--type", "spdxjson", "--predicate", "sbom.json", bench().reference(index));
      }
      const world = await worldOf(bench().sandbox);
      assert.deepEqual(treeOf(world), [
        "pr-1: root, goes",
        `  ${bundle} #1: referrer, goes`,
        `  ${bundle} #2: referrer, goes`,
        "  linux/amd64: child, goes",
        "  linux/arm64: child, goes",
        `    ${bundle} #3: referrer, goes`,
        "    referrers sha256-…: referrer, goes",
        `      ${listedAs} #3: referrer, goes`,
        "  referrers sha256-…: referrer, goes",
        `    ${listedAs} #1: referrer, goes`,
        `    ${listedAs} #2: referrer, goes`,
        "prod: root, stays",
        "  linux/amd64: child, stays",
        "  linux/arm64: child, stays",
        "    referrers sha256-…: referrer, stays",
        `      ${listedAs}: child, stays`,
        "  referrers sha256-…: referrer, stays",
        `    ${listedAs} #4: child, stays`,
        `    ${listedAs}: child, stays`,
        "untagged: root, goes",
        `  ${listedAs} #4: child, stays`,
        "untagged: root, goes",
        `  ${listedAs} #1: referrer, goes`,
      ]);
      await carryOut(bench().sandbox, world);
      // An empty root of trust, or it would fetch Sigstore's.
      await cosign("trusted-root", "create", "--out", "root.json");
      const check = [...verify, "--new-bundle-format", "--trusted-root", "root.json"];
      await cosign(...check, bench().reference("prod"));
      await cosign(...check, bench().reference(images.prod.children[1]?.digest ?? ""));
    });
  }
});
