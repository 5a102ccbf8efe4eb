import assert from "node:assert/strict";
import { pushImage } from "../../../sandbox";
import type { RuleInput } from "../../support/builders/policy";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, worldOf } from "../../support/graph/world";

const rules: RuleInput[] = [
  { name: "keep-releases", action: "keep", tags: ["v*"], mostRecent: 2 },
  { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" },
];
const trust = {
  version: "1.0",
  trustPolicies: [
    {
      name: "everything",
      registryScopes: ["*"],
      signatureVerification: { level: "strict" },
      trustStores: ["ca:acme.example"],
      trustedIdentities: ["*"],
    },
  ],
};

describe("what notation signs", function () {
  this.timeout(120_000);
  const bench = useWorkbench();

  it("keeps its signatures, which verify afterwards, and can be signed again", async function () {
    const notation = bench().client(this, "notation", { XDG_CONFIG_HOME: bench().folder });
    await notation("cert", "generate-test", "--default", "acme.example");
    await notation("policy", "import", bench().write("trust.json", JSON.stringify(trust)));
    const sign = (digest: string) => notation("sign", "--insecure-registry", bench().reference(digest));
    const images = new Map<string, string>();
    for (const tag of ["v1", "v2", "v3"]) {
      const image = await pushImage(bench().target, { seed: tag, tags: [tag] });
      images.set(tag, image);
      await sign(image);
    }
    const world = await worldOf(bench().sandbox, { rules });
    const kept = (tag: string) => [
      `${tag}: root, stays`,
      "  referrers sha256-…: referrer, stays",
      "    signature (Notation): child, stays",
    ];
    assert.deepEqual(treeOf(world), [
      "v1: root, goes",
      "  referrers sha256-…: referrer, goes",
      "    signature (Notation) #1: referrer, goes",
      "  signature (Notation) #1: referrer, goes",
      ...kept("v2"),
      ...kept("v3"),
    ]);
    await carryOut(bench().sandbox, world, { rules });

    const v3 = images.get("v3") ?? "";
    await sign(v3);
    for (const digest of [images.get("v2") ?? "", v3]) {
      assert.match(await notation("verify", "--insecure-registry", bench().reference(digest)), /Successfully verified/);
    }
    assert.equal(
      (await notation("list", "--insecure-registry", bench().reference(v3))).match(/sha256:/g)?.length,
      3,
      "itself and two signatures",
    );
  });
});
