import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import cacache from "cacache";
import { cacheFolderOf } from "../../../../components/inventory/cache/cache-folder";
import { type Memory, noMemory, recall, remember } from "../../../../components/inventory/cache/package-cache";
import { tidy } from "../../../../components/inventory/cache/prune";
import { memoryOf } from "../../../support/inventory/large-memory";
import { loadingTypeScript } from "../../../support/load-typescript";

const registryUrl = "https://ghcr.io";
const name = { owner: "acme", name: "app" };
const hour = 3_600_000;
const day = 24 * hour;

function inShort(seed: number): string {
  return [...memoryOf(seed).manifests.keys()].join();
}

describe("the cache of what was read", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "package-cache-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (memory: Memory, before: Memory = noMemory) => remember(folder, registryUrl, name, { memory, before });
  const read = () => recall(folder, registryUrl, name);

  async function contentFiles(): Promise<string[]> {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile() && file.parentPath.includes("content-"))
      .map((file) => join(file.parentPath, file.name))
      .sort();
  }

  it("gives back what was remembered, of that package and that registry only", async () => {
    await write(memoryOf(1));
    assert.deepEqual(await read(), memoryOf(1));
    assert.deepEqual(await recall(folder, registryUrl, { owner: "acme", name: "other" }), noMemory);
    assert.deepEqual(await recall(folder, "https://ghcr.example.com", name), noMemory);
  });

  it("keeps one content for a package, however often it changed, once it is tidied", async () => {
    await write(memoryOf(1));
    for (const seed of [2, 3, 4]) await write(memoryOf(seed), memoryOf(seed - 1));
    await tidy(folder, Date.now() + 2 * hour);
    assert.deepEqual(await read(), memoryOf(4));
    assert.equal((await contentFiles()).length, 1);
  });

  describe("when it was written before manifests knew their blobs", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const without: Memory = { manifests: new Map([[digest, { index: false, children: [] }]]), pages: new Map() };
    const blobs = `${"ab".repeat(16)}:12 ${"cd".repeat(16)}:? ?`;
    const knowing: Memory = { ...without, manifests: new Map([[digest, { index: false, children: [], blobs }]]) };

    it("stays valid, so that nothing is read again, and knows no sizes", async () => {
      await write(without);
      assert.deepEqual(await read(), without);
    });
    it("learns them once a manifest was read again", async () => {
      await write(without);
      await write(knowing, await read());
      assert.deepEqual(await read(), knowing);
    });
    it("is ignored where what it says of them has another form", async () => {
      for (const wrong of ["12", `${"ab".repeat(16)}:-1`, `${"ab".repeat(16)}:1e9`, "? ", " ?", `${"AB".repeat(16)}:1`]) {
        await write({ ...without, manifests: new Map([[digest, { index: false, children: [], blobs: wrong }]]) });
        assert.deepEqual(await read(), noMemory, wrong);
      }
    });
  });

  describe("when something is wrong with it", () => {
    const harms: Record<string, (content: string) => Promise<void>> = {
      "other bytes": async (content) => writeFile(content, (await readFile(content, "utf8")).replace(/"index":false/, '"index":true ')),
      "half of it": (content) => truncate(content, 1_000),
      "nothing in it": (content) => truncate(content, 0),
      "no content": (content) => rm(content),
    };
    for (const [what, harm] of Object.entries(harms)) {
      it(`is ignored, and written anew: ${what}`, async () => {
        await write(memoryOf(1));
        const [content = ""] = await contentFiles();
        await harm(content);
        assert.deepEqual(await read(), noMemory);
        await write(memoryOf(2));
        assert.deepEqual(await read(), memoryOf(2));
      });
    }

    const foreign: Record<string, unknown> = {
      "no JSON": "hello",
      "another form": { manifests: [["sha256:1", { kind: "index", children: ["sha256:2"] }]], pages: [] },
      "a manifest without children": { manifests: [["sha256:1", { index: true }]], pages: [] },
      "a page without tags": {
        manifests: [],
        pages: [[1, { etag: "x", versions: [{ id: 1, digest: "sha256:1", createdAt: 1, updatedAt: 1 }] }]],
      },
    };
    for (const [what, content] of Object.entries(foreign)) {
      it(`is ignored, and written anew: ${what}`, async () => {
        await write(memoryOf(1));
        const [key = ""] = Object.keys(await cacache.ls(folder));
        await cacache.put(folder, key, typeof content === "string" ? content : JSON.stringify(content));
        assert.deepEqual(await read(), noMemory);
        await write(memoryOf(2));
        assert.deepEqual(await read(), memoryOf(2));
      });
    }

    it("is no reason to fail where it cannot be written", async () => {
      await writeFile(join(folder, "file"), "");
      const nowhere = join(folder, "file");
      await remember(nowhere, registryUrl, name, { memory: memoryOf(1), before: noMemory });
      assert.deepEqual(await recall(nowhere, registryUrl, name), noMemory);
    });
  });

  describe("when two runs use it at once", () => {
    it("holds what one of them wrote, whole, at every moment", async () => {
      await write(memoryOf(0));
      const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
      const writer = async (own: readonly number[]) => {
        for (const seed of own) await write(memoryOf(seed));
      };
      const seen: Memory[] = [];
      const reader = async () => {
        for (let round = 0; round < 20; round++) seen.push(await read());
      };
      await Promise.all([writer(seeds.slice(0, 4)), writer(seeds.slice(4)), reader()]);
      const known = [0, ...seeds].map(inShort);
      for (const memory of [...seen, await read()]) assert.ok(known.includes([...memory.manifests.keys()].join()));
    });
  });

  describe("when a run is killed while it writes", () => {
    it("holds what was there before, or what was written", async () => {
      await write(memoryOf(1));
      for (const seed of [2, 3, 4]) {
        const child = fork(join(__dirname, "..", "..", "..", "support", "inventory", "cache-writer.ts"), [folder, String(seed)], {
          execArgv: [...loadingTypeScript],
        });
        await once(child, "message");
        child.kill("SIGKILL");
        await once(child, "exit");
        const { manifests } = await read();
        assert.ok([1, 2, 3, 4].map(inShort).includes([...manifests.keys()].join()), "neither the old nor a new memory");
      }
    });
  });

  describe("when it is tidied", () => {
    it("loses what nobody has asked for in 90 days, and what killed runs have left; the rest stays", async () => {
      await write(memoryOf(1));
      await cacache.put(folder, "some package of long ago", "old");
      const orphan = join(folder, "content-v2", "sha512", "00", "11", "22");
      const leftover = join(folder, "tmp", "33");
      for (const path of [orphan, leftover]) {
        await mkdir(join(path, ".."), { recursive: true });
        await writeFile(path, "left behind");
        await utimes(path, new Date(), new Date(Date.now() - 2 * day));
      }
      await tidy(folder, Date.now() + 2 * hour);
      assert.deepEqual(await read(), memoryOf(1));
      assert.equal((await contentFiles()).length, 2, "the two that an entry names");
      assert.deepEqual(await readdir(join(folder, "tmp")), []);

      await tidy(folder, Date.now() + 6 * day);
      assert.deepEqual(await read(), memoryOf(1));
      await tidy(folder, Date.now() + 91 * day);
      assert.deepEqual(await read(), noMemory);
      assert.deepEqual(await contentFiles(), []);
    });
  });

  describe("its place", () => {
    const before = process.env.GHCR_RETENTION_CACHE;
    afterEach(() => {
      if (before === undefined) delete process.env.GHCR_RETENTION_CACHE;
      else process.env.GHCR_RETENTION_CACHE = before;
    });

    it("is the setting, else GHCR_RETENTION_CACHE, else the platform's folder; empty ones are none", () => {
      process.env.GHCR_RETENTION_CACHE = "/from/environment";
      assert.equal(cacheFolderOf("/from/config"), "/from/config");
      assert.equal(cacheFolderOf(undefined), "/from/environment");
      process.env.GHCR_RETENTION_CACHE = "";
      assert.match(cacheFolderOf("") ?? "", /^\/.+ghcr-retention/);
    });
  });
});
