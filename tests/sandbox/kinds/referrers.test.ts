import assert from "node:assert/strict";
import { buildIndex, MediaType, type PushedImage, pushContent, pushMultiArchImage } from "../../../sandbox";
import type { RuleInput } from "../../support/builders/policy";
import { treeOf } from "../../support/graph/tree";
import { type Client, useWorkbench, type Workbench } from "../../support/graph/workbench";
import { carryOut, worldOf } from "../../support/graph/world";

/** How a client attaches `sbom.json` to a manifest, and tells the digest of what it pushed. */
interface Attacher {
  readonly name: string;
  attach(bench: Workbench, type: string, to: string): string[];
  /** Copies an image with all that refers to it, at any depth. */
  pull(bench: Workbench, from: string): string[];
}

const attachers: Attacher[] = [
  {
    name: "oras",
    attach: (bench, type, to) => [
      ...["attach", "--plain-http", "--artifact-type", type, "--format", "go-template", "--template", "{{.digest}}"],
      ...[bench.reference(to), "sbom.json"],
    ],
    pull: (bench, from) => [
      ...["cp", "--recursive", "--from-plain-http", bench.reference(from)],
      ...["--to-oci-layout", `${bench.file("pulled")}:${from}`],
    ],
  },
  {
    name: "regctl",
    attach: (bench, type, to) => [
      ...["artifact", "put", "--artifact-type", type, "--file", "sbom.json", "--subject", bench.reference(to)],
      ...["--format", "{{.Manifest.GetDescriptor.Digest}}"],
    ],
    pull: (bench, from) => ["image", "copy", "--referrers", bench.reference(from), `ocidir://${bench.file("pulled")}:${from}`],
  },
];

describe("referrers", () => {
  const bench = useWorkbench();
  const push = (tag: string): Promise<PushedImage> => pushMultiArchImage(bench().target, { seed: tag, tags: [tag], attestations: false });

  for (const attacher of attachers) {
    describe(`attached by ${attacher.name}`, () => {
      let client: Client;
      beforeEach(function () {
        client = bench().client(this, attacher.name);
        bench().write("sbom.json", "{}");
      });
      const attach = (to: string, type: string) => client(...attacher.attach(bench(), type, to));

      it("follow the index, a child, and another referrer at any depth", async () => {
        for (const tag of ["prod", "pr-1"]) {
          const { index, children } = await push(tag);
          const sbom = await attach(index, "application/spdx+json");
          const signature = await attach(sbom, "example/signature");
          await attach(signature, "example/sbom-of-a-signature");
          await attach(children[1]?.digest ?? "", "example/scan");
        }
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), [
          "pr-1: root, goes",
          "  SBOM (SPDX) #1: referrer, goes",
          "    referrer (example/signature) #2: referrer, goes",
          "      referrer (example/sbom-of-a-signature) #3: referrer, goes",
          "      referrers sha256-…: referrer, goes",
          "        artifact (example/sbom-of-a-signature) #3: referrer, goes",
          "    referrers sha256-…: referrer, goes",
          "      artifact (example/signature) #2: referrer, goes",
          "  linux/amd64: child, goes",
          "  linux/arm64: child, goes",
          "    referrer (example/scan) #4: referrer, goes",
          "    referrers sha256-…: referrer, goes",
          "      artifact (example/scan) #4: referrer, goes",
          "  referrers sha256-…: referrer, goes",
          "    SBOM (SPDX) #1: referrer, goes",
          // Nothing of what stays decides anything, so its artifacts are not read, only their lists.
          "prod: root, stays",
          "  linux/amd64: child, stays",
          "  linux/arm64: child, stays",
          "    referrers sha256-…: referrer, stays",
          "      artifact (example/scan): child, stays",
          "  referrers sha256-…: referrer, stays",
          "    SBOM (SPDX): child, stays",
          "      referrers sha256-…: referrer, stays",
          "        artifact (example/signature): child, stays",
          "          referrers sha256-…: referrer, stays",
          "            artifact (example/sbom-of-a-signature): child, stays",
        ]);
        await carryOut(bench().sandbox, world);
        await client(...attacher.pull(bench(), "prod"));
      });

      it("use up no place of `mostRecent`", async () => {
        const newest: RuleInput = { name: "keep-two", action: "keep", mostRecent: 2 };
        for (const tag of ["v1", "v2", "v3"]) {
          const { index } = await push(tag);
          await attach(await attach(index, "example/sbom"), "example/signature");
          bench().sandbox.advanceClock(60);
        }
        const world = await worldOf(bench().sandbox, { rules: [newest, { name: "drop-rest", action: "delete" }] });
        const images = treeOf(world).filter((line) => !line.startsWith(" "));
        assert.deepEqual(images, ["v1: root, goes", "v2: root, stays", "v3: root, stays"]);
      });

      it("stay with a child that an image needs, and go with the index that goes", async () => {
        const { children } = await push("prod");
        const amd64 = children[0]?.digest ?? "";
        const index = buildIndex([
          { mediaType: MediaType.ociManifest, digest: amd64, size: 555, platform: { os: "linux", architecture: "amd64" } },
        ]);
        await pushContent(bench().target, index, ["pr-1"]);
        await attach(amd64, "example/of-the-child");
        await attach(index.digest, "example/of-the-index");
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), [
          "pr-1: root, goes",
          "  linux/amd64 #1: child, stays",
          "    referrers sha256-…: referrer, stays",
          "      artifact (example/of-the-child): child, stays",
          "  referrer (example/of-the-index) #2: referrer, goes",
          "  referrers sha256-…: referrer, goes",
          "    artifact (example/of-the-index) #2: referrer, goes",
          "prod: root, stays",
          "  linux/amd64 #1: child, stays",
          "  linux/arm64: child, stays",
        ]);
        await carryOut(bench().sandbox, world);
        await client(...attacher.pull(bench(), "prod"));
      });
    });
  }
});
