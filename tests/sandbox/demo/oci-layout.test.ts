import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platformsByTag } from "../../../demo/world/oci-layout";
import { buildMultiArchImage, type Content, descriptorOf } from "../../../sandbox";

describe("platformsByTag", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "layout-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const image = buildMultiArchImage({ seed: "one" });
  const [amd64] = image.children;
  const all = [...image.children, ...image.attestations].flatMap(({ manifest, blobs }) => [manifest, ...blobs]);

  function write(contents: readonly Content[]): void {
    for (const { digest, bytes } of [image.index, ...contents]) {
      const file = join(folder, "blobs", ...digest.split(":"));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    const annotations = { "org.opencontainers.image.ref.name": "127.0.0.1:5000/logto-io/logto:prod" };
    writeFileSync(join(folder, "index.json"), JSON.stringify({ manifests: [{ ...descriptorOf(image.index), annotations }] }));
  }

  it("names the platforms of an image that is there whole, attestations left out", () => {
    write(all);
    assert.deepEqual([...platformsByTag(folder)], [["prod", ["linux/amd64", "linux/arm64"]]]);
  });

  it("leaves out a platform without its manifest, its config or one of its layers", () => {
    for (const missing of [amd64?.manifest, ...(amd64?.blobs ?? [])]) {
      rmSync(join(folder, "blobs"), { recursive: true, force: true });
      write(all.filter(({ digest }) => digest !== missing?.digest));
      assert.ok(!platformsByTag(folder).get("prod")?.includes("linux/amd64"));
    }
  });
});
