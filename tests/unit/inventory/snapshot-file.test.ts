import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { encodeSnapshot } from "../../../components/inventory/snapshot";
import { readSnapshot, removeSnapshot, reserveFolder, SnapshotFolder } from "../../../components/inventory/snapshot-file";
import { create } from "../../../components/lifecycle/index";
import type { ObservedSnapshot } from "../../../components/lifecycle/state/stored";
import { seenKey } from "../../../components/lifecycle/state/stored-seen";
import { image, index, packageOf } from "../../support/builders/package";
import { dropPullRequests } from "../../support/builders/policy";

const world = packageOf(
  index("pr", ["pr-amd64"], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  image("prod", { tags: ["prod"] }),
);
const policy = { owner: "logto-io", package: "logto", rules: [dropPullRequests] };
const news = {
  ...policy,
  githubApiUrl: "https://api.github.com",
  registryUrl: "https://ghcr.io",
  deletionsPerMinute: 180,
};
/** How the engine writes a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("what the program saw, on its way to the provider", () => {
  const text = encodeSnapshot({ policy, inventory: world });
  let folder: string;
  let handed: ObservedSnapshot;
  beforeEach(async () => {
    folder = reserveFolder();
    const { githubApiUrl, registryUrl } = news;
    handed = { ...(await new SnapshotFolder(folder).write("logto-io/logto", text)), githubApiUrl, registryUrl };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function checked(more: object, olds: object = {}) {
    return await create().check?.(olds, { ...news, ...more });
  }

  it("arrives as it was left", async () => assert.equal(await readSnapshot("logto-io/logto", handed), text));

  it("gives a plan, and is no input of the resource", async () => {
    const { inputs, failures } = (await checked({ snapshot: handed })) ?? {};
    assert.equal(failures, undefined);
    assert.equal(Object.keys((inputs as { pending: { deletions: object } }).pending.deletions).length, 2);
    assert.equal("snapshot" in (inputs as object) || "inventory" in (inputs as object), false);
  });

  it("is for this user only", async () => {
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal(dirname(handed.file), folder);
  });

  it("stands in a file for each package", async () => {
    const handover = new SnapshotFolder(reserveFolder());
    const left = await Promise.all(["one", "two"].map((each) => handover.write(`acme/${each}`, each)));
    assert.deepEqual(await Promise.all(left.map((each) => readSnapshot("acme/app", each))), ["one", "two"]);
    await rm(dirname(left[0]?.file ?? ""), { recursive: true });
  });

  it("fails the check where it is not there any more", async () => {
    removeSnapshot(handed);
    assert.deepEqual((await checked({ snapshot: handed }))?.failures, [
      {
        property: "package",
        reason: `logto-io/logto: ${handed.file} cannot be read (ENOENT): expected what the program left there; the provider must see the program's files. Run it again.`,
      },
    ]);
  });

  it("fails the check where somebody changed it", async () => {
    await chmod(handed.file, 0o600);
    await writeFile(handed.file, (await readFile(handed.file, "utf8")).replace('"prod"', '"pr-2"'));
    assert.match(
      (await checked({ snapshot: handed }))?.failures?.[0]?.reason ?? "",
      /^logto-io\/logto: \S+ is not as it was written: expected /,
    );
  });

  it("keeps what is on record where it is not known yet", async () => {
    const { inputs } = (await checked({ snapshot: handed })) ?? {};
    assert.deepEqual((await checked({ snapshot: unknown }, inputs))?.inputs, {
      ...news,
      deletions: {},
      plans: {},
      pending: (inputs as { pending: object }).pending,
      [seenKey]: (inputs as { [seenKey]: object })[seenKey],
    });
  });

  it("fails the look where it cannot be written", async () => {
    const nowhere = new SnapshotFolder(join(folder, "missing", "folder"));
    await assert.rejects(nowhere.write("acme/app", text), {
      name: "RetentionError",
      message: `acme/app: what was seen of it cannot be left for the provider in ${tmpdir()} (ENOENT); make room there, or name another folder in TMPDIR.`,
    });
  });

  it("is gone when the process ends", async () => {
    const ours = await mkdtemp(join(tmpdir(), "handover-"));
    const compiled = join(__dirname, "..", "..", "..", "bin", "components", "inventory", "snapshot-file.js");
    const script = `const { SnapshotFolder, reserveFolder } = require(${JSON.stringify(compiled)});
      new SnapshotFolder(reserveFolder()).write("acme/app", "text").then(({ file }) => console.log(require("node:fs").readFileSync(file, "utf8")));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env: { ...process.env, TMPDIR: ours } });
    assert.equal(stdout, "text\n");
    assert.deepEqual(await readdir(ours), []);
    await rm(ours, { recursive: true });
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`is gone when ${signal} ends the process`, async () => {
      const ours = await mkdtemp(join(tmpdir(), "handover-"));
      const compiled = join(__dirname, "..", "..", "..", "bin", "components", "inventory", "snapshot-file.js");
      const script = `const { SnapshotFolder, reserveFolder } = require(${JSON.stringify(compiled)});
        reserveFolder();
        new SnapshotFolder(reserveFolder()).write("acme/app", "text").then(() => process.kill(process.pid, "${signal}"));
        setTimeout(() => {}, 20_000);`;
      const ended = promisify(execFile)(process.execPath, ["-e", script], { env: { ...process.env, TMPDIR: ours } });
      await assert.rejects(ended, { signal });
      assert.deepEqual(await readdir(ours), []);
      await rm(ours, { recursive: true });
    });
  }
});
