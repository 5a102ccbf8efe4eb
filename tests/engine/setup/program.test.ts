import assert from "node:assert/strict";
import { appendFile, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds } from "../../support/engine/output";
import { useEngine } from "../../support/engine/use-engine";

const root = join(__dirname, "..", "..", "..");
/** Without the folders that no program needs, so what is compiled is of other sources. */
const copied = ["Pulumi.yaml", "program.js", "start-provider.js", "index.ts", "components", "cleaners", "scripts", "bin"];
const settings = ["package.json", "package-lock.json", "tsconfig.json"];

describe("the repository's program", function () {
  this.timeout(300_000);

  let clone: string;
  before(async () => {
    clone = await mkdtemp(join(tmpdir(), "ghcr-retention-clone-"));
    for (const name of [...copied, ...settings]) await cp(join(root, name), join(clone, name), { recursive: true });
    await symlink(join(root, "node_modules"), join(clone, "node_modules"));
  });
  after(() => rm(clone, { recursive: true }));

  const engine = useEngine({ stack: () => ({ program: clone }) });

  it("is compiled where a source has changed, runs the change, and is not compiled again", async () => {
    await appendFile(join(clone, "index.ts"), 'export const added = "by hand";\n');
    assertSays(assertSucceeds(await engine.stack.preview()).output, "set-up  compile: compiled", /added *: "by hand"/);
    const { output } = assertSucceeds(await engine.stack.preview());
    assertSays(output, /added *: "by hand"/);
    assert.doesNotMatch(output, /set-up/);
  });

  it("runs nothing where a change does not compile, and says where", async () => {
    await appendFile(join(clone, "index.ts"), "export const wrong: number = added;\n");
    const { output } = assertFails(await engine.stack.preview());
    assertSays(output, "index.ts(3,14): error TS2322", "the TypeScript sources do not compile");
    assert.doesNotMatch(output, /at .*\.m?js:\d+/);
  });
});
