import assert from "node:assert/strict";
import { pushMultiArchImage } from "../../../sandbox";
import { BuildKit } from "../../support/graph/buildkit";
import { treeOf } from "../../support/graph/tree";
import { useWorkbench } from "../../support/graph/workbench";
import { carryOut, dropUntagged, keepProd, worldOf } from "../../support/graph/world";

/** The page on the sandbox signs in with `docker login` and pushes with this command. */
const platforms = "linux/amd64,linux/arm64";

describe("what docker buildx pushes", function () {
  this.timeout(120_000);
  const bench = useWorkbench();
  let buildkit: BuildKit | undefined;

  afterEach(() => buildkit?.stop());

  async function push({ buildx }: BuildKit, content: string, tag: string): Promise<void> {
    bench().write("Dockerfile", "FROM scratch\nARG TARGETARCH\nCOPY app-$TARGETARCH /app\n");
    for (const arch of ["amd64", "arm64"]) bench().write(`app-${arch}`, `${content} for ${arch}`);
    await buildx("build", "--platform", platforms, "--provenance=mode=max", "--push", "--tag", bench().reference(tag), ".");
  }

  it("arrives whole, signed in as docker is, and the incident's rule takes nothing that prod needs", async function () {
    buildkit = await BuildKit.start(this, bench());
    await push(buildkit, "first", "prod");
    bench().sandbox.setClock("2023-12-04T00:00:00Z");
    await push(buildkit, "second", "prod");
    const rules = [keepProd, { ...dropUntagged, olderThan: "3d" }];
    const world = await worldOf(bench().sandbox, { rules });
    // BuildKit pushes several at a time, so their order is not the same each time.
    const image = ["linux/amd64", "linux/arm64", "attestation of linux/amd64", "attestation of linux/arm64"];
    const wanted = [
      "prod: root, stays",
      "untagged: root, goes",
      ...["stays", "goes"].flatMap((verdict) => image.map((part) => `  ${part}: child, ${verdict}`)),
    ];
    assert.deepEqual([...treeOf(world)].sort(), wanted.sort());
    await carryOut(bench().sandbox, world, { rules });
    const inspected = await buildkit.buildx("imagetools", "inspect", bench().reference("prod"), "--format", "{{json .Provenance}}");
    assert.deepEqual(Object.keys(JSON.parse(inspected)).sort(), platforms.split(","));
  });

  it("can be tagged again with `imagetools create`, which needs no daemon", async function () {
    const buildx = bench().client(this, "buildx");
    await pushMultiArchImage(bench().target, { seed: "staging", tags: ["staging"] });
    await buildx("imagetools", "create", "--tag", bench().reference("prod"), bench().reference("staging"));
    const { versions } = bench().sandbox.package(bench().repository) ?? { versions: [] };
    const tagged = versions.map(({ tags }) => [...tags].sort()).filter(({ length }) => length > 0);
    assert.deepEqual(tagged, [["prod", "staging"]]);
  });
});
