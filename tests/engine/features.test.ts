import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chosenEngine } from "../../scripts/setup/engine-record.mjs";
import { isolatedEnvironment } from "../../scripts/setup/environment.mjs";
import { isAtLeast } from "../../scripts/setup/version.mjs";
import { assertFails, assertSays } from "../support/engine/output";
import { start } from "../support/engine/started";
import { features } from "../support/features/features";
import { lineOf, linesOf, play } from "../support/features/table";

const documented = linesOf(readFileSync(join(__dirname, "..", "..", "docs", "engine.md"), "utf8"));

/** Those that each run plays; `npm run test:long` plays all. */
const always: readonly string[] = ["`pulumi refresh`", "`pulumi state rename`, and the new name in the program"];

describe("the engine's features", function () {
  this.timeout(300_000);

  it("stand in docs/engine.md, each once: otherwise `npm run features`", () => {
    assert.deepEqual(
      documented.map((line) => line.split(" | ", 1)[0]?.slice(2)),
      features.map(({ name }) => name),
    );
  });

  for (const [place, feature] of features.entries()) {
    if (!process.env.LONG && !always.includes(feature.name)) continue;
    it(`do what docs/engine.md says: ${feature.name}`, async () => {
      assert.equal(lineOf(await play(feature)), documented[place]);
    });
  }
});

describe("the newest engine", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "old-layout-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("refuses a state in the layout of before 3.61, and says what to do", async function () {
    const engine = await chosenEngine();
    if (!engine || !isAtLeast(engine.version, "3.276.0")) this.skip();
    const stacks = join(folder, ".pulumi", "stacks");
    await mkdir(stacks, { recursive: true });
    await writeFile(join(stacks, "prod.json"), JSON.stringify({ version: 3, checkpoint: { stack: "prod" } }));
    const env = { ...(await isolatedEnvironment()), PULUMI_BACKEND_URL: String(pathToFileURL(folder)) };
    const { output } = assertFails(await start("pulumi", ["stack", "ls", "--all", "--non-interactive"], { cwd: folder, env }).ended);
    assertSays(output, "Legacy DIY state is no longer supported", "pulumi state upgrade");
  });
});
