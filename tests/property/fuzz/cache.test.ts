import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cacache from "cacache";
import fc from "fast-check";
import { type Memory, noMemory, recall, remember } from "../../../components/inventory/cache/package-cache";
import { mutatedJson } from "../../support/fuzz/mutations";
import { assertPrintable, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";

const registryUrl = "https://ghcr.io";
const name = { owner: "logto-io", name: "logto" };
const digest = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const [index, child, named] = [`sha256:${"ab".repeat(32)}`, `sha256:${"cd".repeat(32)}`, `sha256:${"ef".repeat(32)}`];

const memory: Memory = {
  manifests: new Map([
    [
      index,
      { index: true, children: [{ digest: child, index: false, label: "linux/amd64", platform: "linux/amd64" }], annotations: { a: "b" } },
    ],
    [child, { index: false, children: [], subject: index, artifactType: "application/x" }],
    [
      named,
      {
        index: false,
        children: [],
        references: [
          { to: { digest: child }, label: "image" },
          { to: { tag: "base" }, label: "base" },
        ],
      },
    ],
  ]),
  pages: new Map([[1, { etag: '"1"', versions: [{ id: 1, digest: index, tags: ["prod"], createdAt: 1, updatedAt: 2 }] }]]),
};
const stored = { manifests: [...memory.manifests], pages: [...memory.pages] };

describe("a cache on disk that somebody else wrote", function () {
  this.timeout(patience);

  let folder: string;
  let key: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuzz-cache-"));
    await remember(folder, registryUrl, name, { memory, before: noMemory });
    [key = ""] = Object.keys(await cacache.ls(folder));
  });
  after(() => rmSync(folder, { recursive: true }));

  function assertWellFormed({ manifests, pages }: Memory): void {
    for (const [own, { children, subject, references = [], artifactType = "", gone }] of manifests) {
      for (const { to, label } of references) {
        assert.ok("tag" in to ? /^[\w][\w.-]{0,127}$/.test(to.tag) : digest.test(to.digest));
        assertPrintable(label);
      }
      assert.ok([own, ...children.map((child) => child.digest), subject ?? own].every((one) => digest.test(one)));
      for (const { label, platform = "" } of children) assertPrintable(label + platform);
      assertPrintable(artifactType);
      assert.equal(gone, undefined);
    }
    for (const { versions } of pages.values()) {
      for (const version of versions)
        assert.ok(digest.test(version.digest) && version.tags.every((tag) => /^[\w][\w.-]{0,127}$/.test(tag)));
    }
  }

  it("gives back what it was given", async () => {
    assert.deepEqual(await recall(folder, registryUrl, name), memory);
  });

  it("gives well-formed memories or none, whatever stands under the right key", async () => {
    let recalled = 0;
    await fc.assert(
      fc.asyncProperty(mutatedJson(stored), async (text) => {
        await cacache.put(folder, key, text);
        const found = await recall(folder, registryUrl, name);
        assertWellFormed(found);
        assertPrototypesClean();
        if (found.manifests.size > 0) recalled += 1;
      }),
      runs(150),
    );
    assert.ok(recalled > 10, `only ${recalled} of the changed memories were taken`);
  });

  it("gives the memory or none, whatever became of its files", async () => {
    await cacache.rm.all(folder);
    await remember(folder, registryUrl, name, { memory, before: noMemory });
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
      (entry) => entry.isFile() && entry.name !== "tidied",
    );
    const paths = files.map((entry) => join(entry.parentPath, entry.name));
    assert.equal(paths.length, 2);
    const whole = paths.map((path) => readFileSync(path));
    await fc.assert(
      fc.asyncProperty(fc.nat(paths.length - 1), fc.nat(), fc.uint8Array({ maxLength: 8 }), async (which, at, bytes) => {
        const intact = whole[which] as Buffer;
        const place = at % intact.length;
        writeFileSync(paths[which] as string, Buffer.concat([intact.subarray(0, place), bytes, intact.subarray(place + bytes.length)]));
        const found = await recall(folder, registryUrl, name);
        writeFileSync(paths[which] as string, intact);
        assertWellFormed(found);
        if (found.manifests.size > 0) assert.deepEqual(found, memory);
      }),
      runs(150),
    );
  });
});
