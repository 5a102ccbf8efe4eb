import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { officialEngineFrom } from "../../../scripts/setup/engine-official.mjs";

describe("the official download", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "official-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const doing = () => undefined;

  /** Npm's `pulumi` package, with a download that does what `body` says to the folder `bin` of its bundle. */
  async function engineWith(body: string, timeoutMs = 10_000) {
    const wrapper = join(folder, "wrapper");
    await mkdir(wrapper);
    const prelude = `const fs = require("fs"), bin = process.env.PULUMI_HOME + "/versions/" + process.env.PULUMI_VERSION + "/bin";
      const put = (name, script) => { fs.mkdirSync(bin, { recursive: true }); fs.writeFileSync(bin + "/" + name, "#!/bin/sh\\n" + script, { mode: 0o755 }); };`;
    await writeFile(join(wrapper, "run.js"), `${prelude}\n${body}`);
    return officialEngineFrom(wrapper, async () => "3.250.0", {
      home: join(folder, "home"),
      download: join(folder, "download"),
      timeoutMs,
    });
  }

  async function assertNothingLeft(engine: { find(): Promise<unknown> }): Promise<void> {
    assert.equal(await engine.find(), undefined);
    await assert.rejects(access(join(folder, "download")), { code: "ENOENT" });
  }

  it("is put in place whole, and found the next time", async () => {
    const engine = await engineWith(`put("pulumi", "echo v3.250.0"); put("pulumi-language-nodejs", "")`);
    assert.equal(await engine.find(), undefined);
    const made = await engine.make(doing);
    assert.deepEqual(made, { pulumi: join(folder, "home/versions/3.250.0/bin/pulumi"), kind: "official", version: "3.250.0" });
    assert.deepEqual(await engine.find(), made);
  });

  it("says why it was refused", async () => {
    const engine = await engineWith(`console.error("pulumi: fetch failed"); process.exit(1)`);
    await assert.rejects(engine.make(doing), { message: "the official download was refused (fetch failed)" });
    await assertNothingLeft(engine);
  });

  it("is given up when no answer comes", async () => {
    const engine = await engineWith("setInterval(() => {}, 1000)", 300);
    await assert.rejects(engine.make(doing), { message: "the official download was refused (no answer in time)" });
    await assertNothingLeft(engine);
  });

  it("is not used when a part is missing", async () => {
    const engine = await engineWith(`put("pulumi", "echo v3.250.0")`);
    await assert.rejects(engine.make(doing), { message: "the official download is not complete" });
    await assertNothingLeft(engine);
  });

  it("is not used when it does not run on this machine", async () => {
    const engine = await engineWith(`put("pulumi", "exit 126"); put("pulumi-language-nodejs", "")`);
    await assert.rejects(engine.make(doing), { message: "the official download does not run here" });
    await assertNothingLeft(engine);
  });
});
