import assert from "node:assert/strict";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { RecordedState, recordedWorld } from "../support/engine/recorded-state";
import type { Outcome } from "../support/engine/stack";

const repository = "acme/shop";
const planId = "2026-11-23-a4209509f6d2";

/** What each says of its package, or of its organisation, when nothing is to be done. */
const quiet: Readonly<Record<string, readonly [resource: string, says: string]>> = {
  planned: [repository, "waiting for approval, nothing is deleted until then"],
  approved: [repository, "nothing to delete: keep all 8 versions"],
  restored: [repository, "nothing to delete: keep all 13 versions"],
  "ledger-leaving": [repository, "nothing to delete: keep all"],
  organisation: ["acme", "approval 2026-11-23-71281c4f4042 stands in 2 packages"],
};

/** What this build says otherwise on purpose: of an image that a killed run deleted, only its own part is left, and none of another image. */
const mended: Readonly<Record<string, readonly [recorded: string, now: string]>> = {
  interrupted: ["75f2b6c78d5158...", "dfeabde39c2ba1..."],
};

/** What these builds did not say: an output of the stack, how much each rule takes, and what the plan frees. */
const newOutput = "  + plans       : [unknown]\n";
const newLines = /\n {2}by rule:(?:\n {4}.*)*\n\nfrees .*\n/;
/** What they said, and this one leaves out. */
const oldWords = ", 0 withheld";

describe("a state that an earlier build left", function () {
  this.timeout(300_000);

  let recorded: RecordedState;
  afterEach(() => recorded?.close());
  async function open(name: string): Promise<void> {
    recorded = await RecordedState.open(name);
  }

  const world = () => recorded.world(repository);
  const expectNoChanges = async () => assertSucceeds(await recorded.stack.preview("--expect-no-changes"));
  const ledger = async () => Object.keys((await recorded.stack.policy(repository)).outputs.ledger as object).sort();

  /** Method and path of all that this build changed in the registry. */
  function written(): string[] {
    return recorded.sandbox
      .requests()
      .filter(({ method, status }) => method !== "GET" && method !== "HEAD" && status < 300)
      .map(({ method, path }) => `${method} ${path}`);
  }

  for (const [name, [resource, says]] of Object.entries(quiet)) {
    it(`changes nothing: ${name}`, async () => {
      await open(name);
      assertSays(diagnosticsOf(await expectNoChanges(), resource), says);
      assert.deepEqual(written(), []);
    });
  }

  it("fails by an approval that is void, as that build stored it, and changes nothing", async () => {
    await open("void-approval");
    const preview = assertFails(await recorded.stack.preview("--expect-no-changes"));
    assertSays(errorsOf(preview, repository), "approval 2026-11-23-0123456789ab is void: no plan of that id is on record here");
    assert.deepEqual(written(), []);
  });

  for (const name of ["part-way", "interrupted"]) {
    it(`is previewed as before, and \`up\` deletes exactly the rest: ${name}`, async () => {
      await open(name);
      const before = world().deleted();
      const preview = assertSucceeds(await recorded.stack.preview("--diff"));
      const now = withoutProgress(preview).replace(newOutput, "").replace(newLines, "\n");
      assert.equal(now, (await recorded.preview()).replace(oldWords, "").replace(...(mended[name] ?? ["", ""])));
      assert.deepEqual(written(), []);

      assertSucceeds(await recorded.stack.up());
      const doomed = await planned();
      assert.deepEqual(world().deleted(), doomed);
      assert.deepEqual(await ledger(), doomed);
      assert.equal(written().length, doomed.length - before.length);
      await assertComplete(world(), "main-1", "prod", "v1.2.0");
      await expectNoChanges();
    });
  }

  for (const name of ["approved", "part-way"]) {
    it(`gives back what was deleted, when the plan stands under \`restore\`: ${name}`, async () => {
      await open(name);
      await recorded.stack.change({ restore: [planId] });
      assertSucceeds(await recorded.stack.up());
      assert.deepEqual(world().deleted(), []);
      assert.deepEqual(await ledger(), []);
      await assertComplete(world(), "main-1", "pr-1", "pr-2", "prod", "v1.2.0");
      await expectNoChanges();
    });
  }

  it("changes nothing, and takes what became deletable first when its grace is over: grace", async () => {
    await open("grace");
    assertSays(diagnosticsOf(await expectNoChanges(), repository), "11 versions wait out their grace of 7 days");
    recorded.sandbox.setClock("2026-11-30T12:00:00Z");
    const preview = assertSucceeds(await recorded.stack.preview());
    assertSays(
      diagnosticsOf(preview, repository),
      /^plan 2026-11-30-[0-9a-f]{12}: delete 8 of 19 versions/,
      "3 versions wait out their grace",
    );
    assert.deepEqual(written(), []);
  });

  it("is refreshed, and destroyed, by the code that it holds, and loses no version", async () => {
    await open("approved");
    const before = await ledger();
    assertSucceeds(await recorded.stack.refresh("--expect-no-changes"));
    assert.deepEqual(await ledger(), before);
    const destroyed = assertSucceeds(await recorded.stack.destroy());
    assertSays(
      diagnosticsOf(destroyed, "ghcr-retention-test"),
      "warning: acme/shop: its policy leaves the stack; nothing is deleted in the registry",
      `${before.length} versions that it deleted can still be restored`,
      /^ {2}until 2026-12-\d\d: pr-1, version \d+ \(sha256:[0-9a-f]{12}\), deleted by plan 2026-11-23-a4209509f6d2$/m,
    );
    assert.deepEqual(await recorded.stack.resources(), []);
    assert.deepEqual(written(), []);
  });
});

/** What the plan deletes, all of it. */
async function planned(): Promise<string[]> {
  const { packages } = await recordedWorld("approved");
  return packages.flatMap((each) => each.deleted.map(({ digest }) => digest)).sort();
}

function withoutProgress({ output }: Outcome): string {
  const lines = output.split("\n").filter((line) => !line.startsWith("@ "));
  return `${lines.join("\n").trim()}\n`;
}
