import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { findEngine, makeEngine } from "../../../scripts/setup/engine-choice.mjs";
import { findEngineOnPath } from "../../../scripts/setup/engine-on-path.mjs";
import { SetupError } from "../../../scripts/setup/setup-error.mjs";
import { isAtLeast } from "../../../scripts/setup/version.mjs";

interface Engine {
  pulumi: string;
  kind: "path" | "official" | "built";
  version: string;
}

interface Source {
  find(): Promise<Engine | undefined>;
  make?(): Promise<Engine>;
}

describe("the engine on PATH", () => {
  let folder: string;
  const minimum = "3.248.0";
  let told: string[];
  const nodeFolder = dirname(process.execPath);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-"));
    told = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function place(path: string, script = "exit 0"): Promise<string> {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    return file;
  }

  const find = (...directories: string[]) =>
    findEngineOnPath([...directories.map((directory) => join(folder, directory)), nodeFolder].join(delimiter), {
      minimum,
      tell: (line: string) => told.push(line),
    });

  it("is chosen when it is new enough", async () => {
    const pulumi = await place("new/pulumi", "echo v3.260.1");
    await place("new/pulumi-language-nodejs");
    assert.deepEqual(await find("new"), { pulumi, kind: "path", version: "3.260.1" });
  });

  it("is chosen when its language host lies elsewhere on PATH", async () => {
    const pulumi = await place("new/pulumi", "echo v3.248.0");
    await place("hosts/pulumi-language-nodejs");
    assert.equal((await find("new", "hosts"))?.pulumi, pulumi);
  });

  it("is chosen when it is a link to a whole bundle", async () => {
    const target = await place("bundle/pulumi", "echo v3.250.0");
    await place("bundle/pulumi-language-nodejs");
    await mkdir(join(folder, "links"));
    await symlink(target, join(folder, "links", "pulumi"));
    assert.equal((await find("links"))?.version, "3.250.0");
  });

  for (const [why, version, reason] of [
    ["it is older than the SDK", "echo v3.247.9", /it is v3\.247\.9, older than the SDK \(v3\.248\.0\)/],
    ["it is a pre-release of the oldest accepted", "echo v3.248.0-alpha.1", /older than the SDK/],
    ["it says nothing that looks like a version", "echo hello", /does not say which/],
    ["it fails", "exit 3", /does not say which/],
  ] as const) {
    it(`is passed over, with the reason, when ${why}`, async () => {
      await place("bin/pulumi", version);
      await place("bin/pulumi-language-nodejs");
      assert.equal(await find("bin"), undefined);
      assert.match(told.join("\n"), reason);
    });
  }

  it("is passed over without its language host", async () => {
    await place("bin/pulumi", "echo v3.250.0");
    assert.equal(await find("bin"), undefined);
    assert.match(told.join("\n"), /pulumi-language-nodejs is neither beside it nor on PATH/);
  });

  it("is never npm's wrapper, which is not even run: it would start a download", async () => {
    const ran = join(folder, "ran");
    const script = `touch ${ran}; echo v3.250.0`;
    const target = await place("lib/node_modules/pulumi/run.js", script);
    await mkdir(join(folder, "global"));
    await symlink(target, join(folder, "global", "pulumi"));
    await place("global/pulumi-language-nodejs");
    await place("project/node_modules/.bin/pulumi", script);
    await place("project/node_modules/.bin/pulumi-language-nodejs");

    assert.equal(await find("global"), undefined);
    assert.equal(await find("project/node_modules/.bin"), undefined);
    await assert.rejects(() => import("node:fs/promises").then(({ access }) => access(ran)), { code: "ENOENT" });
  });

  it("is absent when there is none", async () => {
    assert.equal(await find("nowhere"), undefined);
  });
});

describe("the choice of the engine", () => {
  const quiet = () => undefined;
  const engine = (kind: Engine["kind"]): Engine => ({ pulumi: `/${kind}/pulumi`, kind, version: "3.250.0" });
  const there = (kind: Engine["kind"]): Source => ({ find: async () => engine(kind) });
  const absent: Source = { find: async () => undefined };
  const makes = (kind: Engine["kind"]): Source => ({ ...absent, make: async () => engine(kind) });
  const refuses = (message: string): Source => ({
    ...absent,
    make: async () => {
      throw new SetupError(message);
    },
  });

  it("takes the first that is there, in the order given", async () => {
    assert.equal((await findEngine([there("path"), there("official"), there("built")]))?.kind, "path");
    assert.equal((await findEngine([absent, there("official"), there("built")]))?.kind, "official");
    assert.equal((await findEngine([absent, absent, there("built")]))?.kind, "built");
    assert.equal(await findEngine([absent, absent, absent]), undefined);
  });

  it("downloads before it builds", async () => {
    assert.equal((await makeEngine([absent, makes("official"), makes("built")], quiet, quiet)).kind, "official");
  });

  it("builds where the download is refused", async () => {
    assert.equal((await makeEngine([absent, refuses("fetch failed"), makes("built")], quiet, quiet)).kind, "built");
  });

  it("says in one line what to do when nothing works", async () => {
    await assert.rejects(makeEngine([absent, refuses("fetch failed"), refuses("Go is not installed")], quiet, quiet), (error: Error) => {
      assert.ok(error instanceof SetupError);
      assert.match(error.message, /^[^\n]*Install Pulumi[^\n]*https:\/\/www\.pulumi\.com\/docs\/install\/$/);
      return true;
    });
  });

  it("does not hide a mistake of ours behind the next source", async () => {
    const broken: Source = { ...absent, make: () => Promise.reject(new TypeError("a bug")) };
    await assert.rejects(makeEngine([broken, makes("built")], quiet, quiet), TypeError);
  });
});

describe("the order of versions", () => {
  it("compares number by number", () => {
    assert.ok(isAtLeast("v3.250.0", "3.250.0"));
    assert.ok(isAtLeast("3.1000.0", "3.250.0"));
    assert.ok(isAtLeast("4.0.0", "3.250.0"));
    assert.ok(!isAtLeast("3.99.9", "3.250.0"));
    assert.ok(!isAtLeast("2.999.0", "3.250.0"));
  });
});
