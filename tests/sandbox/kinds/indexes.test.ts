import assert from "node:assert/strict";
import { pushImage } from "../../../sandbox";
import { treeOf } from "../../support/graph/tree";
import { type Client, useWorkbench, type Workbench } from "../../support/graph/workbench";
import { carryOut, keepProd, labelsOf, worldOf } from "../../support/graph/world";

/** How a client puts manifests that are in the repository into an index there, and checks that an image is whole. */
interface IndexMaker {
  readonly name: string;
  index(bench: Workbench, tag: string, of: readonly string[]): string[];
  pull(bench: Workbench, from: string): string[];
}

const makers: IndexMaker[] = [
  {
    name: "regctl",
    index: (bench, tag, of) => ["index", "create", bench.reference(tag), ...of.flatMap((one) => ["--ref", bench.reference(one)])],
    pull: (bench, from) => ["image", "copy", bench.reference(from), `ocidir://${bench.file("pulled")}:${from}`],
  },
  {
    name: "crane",
    index: (bench, tag, of) => [
      ...["index", "append", "--flatten=false", "-t", bench.reference(tag)],
      ...of.flatMap((one) => ["-m", bench.reference(one)]),
    ],
    pull: (bench, from) => ["validate", "--remote", bench.reference(from)],
  },
  {
    name: "oras",
    index: (bench, tag, of) => ["manifest", "index", "create", "--plain-http", bench.reference(tag), ...of],
    pull: (bench, from) => ["cp", "--from-plain-http", bench.reference(from), "--to-oci-layout", `${bench.file("pulled")}:${from}`],
  },
];

describe("indexes", () => {
  const bench = useWorkbench();
  const image = (seed: string, platform: string, ...tags: string[]) => pushImage(bench().target, { seed, platform, tags });

  for (const maker of makers) {
    describe(`made by ${maker.name}`, () => {
      let client: Client;
      beforeEach(function () {
        client = bench().client(this, maker.name);
      });
      const makeIndex = (tag: string, ...of: string[]) => client(...maker.index(bench(), tag, of));
      const pull = (tag: string) => client(...maker.pull(bench(), tag));

      it("stay whole, or go whole with what only they need", async () => {
        const [amd64, arm64] = [await image("prod", "linux/amd64"), await image("prod", "linux/arm64")];
        await makeIndex("prod", amd64, arm64);
        await makeIndex("pr-1", await image("pr", "linux/amd64"), await image("pr", "linux/arm/v7"));
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), [
          "pr-1: root, goes",
          "  linux/amd64: child, goes",
          "  linux/arm/v7: child, goes",
          "prod: root, stays",
          "  linux/amd64: child, stays",
          "  linux/arm64: child, stays",
        ]);
        assert.deepEqual([labelsOf(world, amd64), labelsOf(world, arm64)], [["linux/amd64"], ["linux/arm64"]]);
        await carryOut(bench().sandbox, world);
        await pull("prod");
        await assert.rejects(pull("pr-1"));
      });

      it("keep what lies three indexes deep", async () => {
        await makeIndex("inner", await image("inner", "linux/amd64"), await image("inner", "linux/arm64"));
        await makeIndex("middle", "inner", await image("middle", "linux/riscv64"));
        await makeIndex("prod", "middle");
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), [
          "inner #1: root, stays",
          "  linux/amd64: child, stays",
          "  linux/arm64: child, stays",
          "middle #2: root, stays",
          "  index inner #1: root, stays",
          "  linux/riscv64: child, stays",
          "prod: root, stays",
          "  index middle #2: root, stays",
        ]);
        await pull("prod");
      });

      it("go with what lies three indexes deep, and leave what another index needs", async () => {
        const shared = await image("shared", "linux/amd64");
        await makeIndex("inner", shared, await image("inner", "linux/arm64"));
        await makeIndex("middle", "inner");
        await makeIndex("pr-1", "middle");
        await makeIndex("prod", shared, await image("prod", "linux/arm64"));
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), [
          "inner #1: root, goes",
          "  linux/amd64 #2: child, stays",
          "  linux/arm64: child, goes",
          "middle #3: root, goes",
          "  index inner #1: root, goes",
          "pr-1: root, goes",
          "  index middle #3: root, goes",
          "prod: root, stays",
          "  linux/amd64 #2: child, stays",
          "  linux/arm64: child, stays",
        ]);
        await carryOut(bench().sandbox, world);
        await pull("prod");
      });

      it("leave a tagged child that rules keep", async () => {
        const arm64 = await image("pr", "linux/arm64", "v1-arm64");
        await makeIndex("pr-1", await image("pr", "linux/amd64"), arm64);
        await makeIndex("prod", await image("prod", "linux/amd64"));
        const rules = [keepProd, { name: "drop-pr", action: "delete" as const, tags: ["pr-*"] }];
        const world = await worldOf(bench().sandbox, { rules });
        assert.deepEqual(treeOf(world), [
          "pr-1: root, goes",
          "  linux/amd64: child, goes",
          "  linux/arm64 v1-arm64 #1: root, stays",
          "prod: root, stays",
          "  linux/amd64: child, stays",
          "v1-arm64 #1: root, stays",
        ]);
        await carryOut(bench().sandbox, world, { rules });
        await pull("v1-arm64");
      });

      it("keep a tagged child that rules would delete", async () => {
        await makeIndex("prod", await image("prod", "linux/amd64", "pr-1"));
        const world = await worldOf(bench().sandbox);
        assert.deepEqual(treeOf(world), ["pr-1 #1: root, stays", "prod: root, stays", "  linux/amd64 pr-1 #1: root, stays"]);
      });

      it("share children that stay until the last of them goes", async () => {
        await image("latest", "linux/amd64", "latest");
        const shared = await image("shared", "linux/amd64");
        await makeIndex("prod", shared, await image("prod", "linux/arm64"));
        await makeIndex("pr-1", shared, await image("one", "linux/arm64"));
        await makeIndex("pr-2", shared, await image("two", "linux/arm64"));
        const drop = (...tags: string[]) => ({ rules: [{ name: "drop", action: "delete" as const, tags }] });

        await carryOut(bench().sandbox, await worldOf(bench().sandbox, drop("pr-1")), drop("pr-1"));
        await Promise.all([pull("prod"), pull("pr-2")]);
        await carryOut(bench().sandbox, await worldOf(bench().sandbox, drop("pr-*", "prod")), drop("pr-*", "prod"));
        assert.deepEqual(treeOf(await worldOf(bench().sandbox)), ["latest: root, stays"]);
      });
    });
  }
});
