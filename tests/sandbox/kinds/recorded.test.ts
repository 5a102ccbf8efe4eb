import assert from "node:assert/strict";
import type { RuleInput } from "../../support/builders/policy";
import { pushRecorded, recordingOf } from "../../support/graph/recorded";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, dropRest, worldOf } from "../../support/graph/world";

const keepTagged: RuleInput = { name: "keep-releases", action: "keep", tags: ["v*"] };
const keepVersions: RuleInput = { name: "keep-releases", action: "keep", semver: ">=0.1.0" };

const recordings: readonly { readonly name: string; readonly keep: RuleInput; readonly tree: readonly string[] }[] = [
  {
    name: "imgpkg",
    keep: keepTagged,
    tree: [
      "pr-1 sha256-….imgpkg: root, goes",
      "  bundled image sha256-….imgpkg: child, goes",
      "  bundled image sha256-….imgpkg #1: child, stays",
      "  image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, goes",
      "sha256-….imgpkg v1: root, stays",
      "  bundled image sha256-….imgpkg #1: child, stays",
      "  bundled image sha256-….imgpkg: child, stays",
      "  bundled image sha256-….imgpkg: child, stays",
      "    bundled image sha256-….imgpkg: child, stays",
      "    image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, stays",
      "  image locations sha256-….image-locations.imgpkg sha256-….imgpkg: referrer, stays",
    ],
  },
  {
    name: "notation",
    keep: keepTagged,
    tree: [
      "pr-1: root, goes",
      "  linux/amd64: child, goes",
      "  linux/arm64: child, goes",
      "  referrers sha256-…: referrer, goes",
      "    signature (Notation) #1: referrer, goes",
      "    signature (Notation) #2: referrer, goes",
      "  signature (Notation) #1: referrer, goes",
      "  signature (Notation) #2: referrer, goes",
      "v1: root, stays",
      "  linux/amd64: child, stays",
      "  linux/arm64: child, stays",
      "  referrers sha256-…: referrer, stays",
      "    signature (Notation) #3: child, stays",
      "    signature (Notation): child, stays",
      // The list of the first signature alone lost its tag to the list of both.
      "untagged: root, goes",
      "  signature (Notation) #3: child, stays",
      "untagged: root, goes",
      "  signature (Notation) #1: referrer, goes",
    ],
  },
  {
    name: "ko",
    keep: keepTagged,
    tree: ["pr-1: root, goes", ...sbomsOf("goes"), "v1: root, stays", ...sbomsOf("stays")],
  },
  {
    name: "compose",
    keep: keepTagged,
    tree: [
      "pr-1: root, goes",
      "  referrer: referrer, goes",
      "    index: child, goes",
      "      linux/amd64: child, goes",
      "      linux/arm64: child, goes",
      // Both applications use this image.
      "    index #1: child, stays",
      "      linux/amd64: child, stays",
      "      linux/arm64: child, stays",
      "v1: root, stays",
      "  referrer: referrer, stays",
      "    index #1: child, stays",
      "    index: child, stays",
      "      linux/amd64: child, stays",
      "      linux/arm64: child, stays",
    ],
  },
  { name: "helm", keep: keepVersions, tree: ["0.0.0-pr.1: root, goes", "1.2.0_build.5: root, stays"] },
  { name: "cue", keep: keepVersions, tree: ["v0.0.0-pr.1: root, goes", "v0.1.0: root, stays"] },
];

function sbomsOf(fate: string): string[] {
  return [
    `  SBOM sha256-….sbom: referrer, ${fate}`,
    `  linux/amd64: child, ${fate}`,
    `    SBOM sha256-….sbom: referrer, ${fate}`,
    `  linux/arm64: child, ${fate}`,
    `    SBOM sha256-….sbom: referrer, ${fate}`,
  ];
}

describe("what a tool left", () => {
  const bench = useWorkbench();

  for (const { name, keep, tree } of recordings) {
    it(`is kept and deleted as a whole: ${recordingOf(name).tool}`, async () => {
      await pushRecorded(bench().target, bench().sandbox, name);
      const rules = [keep, dropRest];
      const world = await worldOf(bench().sandbox, { rules });
      assert.deepEqual(treeOf(world), tree);
      await carryOut(bench().sandbox, world, { rules });
    });
  }
});
