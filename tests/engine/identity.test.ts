import assert from "node:assert/strict";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, usualRules } from "../support/engine/world";

const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;
const organizations = "ghcr-retention:organizations";

type Ledger = Readonly<Record<string, string>>;

describe("a policy whose resource gets another identity", function () {
  this.timeout(300_000);

  const moved = "acme/moved";
  const renumbered = "acme/renumbered";
  const tainted = "acme/tainted";
  const forgotten = "acme/forgotten";
  const putBack = "acme/put-back";
  const repositories = [moved, renumbered, tainted, forgotten, putBack];
  const engine = useEngine({ packages: Object.fromEntries(repositories.map((repository) => [repository, deployments])) });
  const recorded: Record<string, Ledger> = {};
  let up: Outcome;

  const ledgerOf = async (repository: string) => (await engine.stack.policy(repository)).outputs.ledger as Ledger;
  const selecting = (repository: string, approval: "automatic" | "required") => {
    return { owner: "acme", packages: [repository.slice("acme/".length)], rules: [...usualRules], approval };
  };
  const alone = (...all: readonly string[]) => all.map((repository) => policyFor(repository));

  before(async () => {
    engine.stack.policies = [tainted, forgotten, putBack].map((repository) => policyFor(repository, { approval: "automatic" }));
    await engine.stack.configure({ [organizations]: [selecting(moved, "automatic"), selecting(renumbered, "automatic")] });
    assertSucceeds(await engine.stack.up());
    for (const repository of repositories) recorded[repository] = await ledgerOf(repository);
    for (const one of engine.worlds.values()) assert.deepEqual(one.deleted(), one.digests("pr1"));

    engine.stack.policies = alone(tainted, forgotten, moved);
    const { urn } = await engine.stack.policy(tainted);
    assertSucceeds(await engine.stack.state("taint", urn));
    assertSucceeds(await engine.stack.state("delete", (await engine.stack.policy(forgotten)).urn));
    await engine.stack.configure({ [organizations]: [selecting(renumbered, "required")] });
    up = assertSucceeds(await engine.stack.up());
  });

  it("keeps its ledger as it was where it moves from an organisation's policy to one of its own", async () => {
    assert.deepEqual(await ledgerOf(moved), recorded[moved]);
  });

  it("keeps its ledger as it was where the organisation before its own is taken out", async () => {
    assert.deepEqual(await ledgerOf(renumbered), recorded[renumbered]);
  });

  for (const [what, repository] of [
    ["`pulumi state taint`", tainted],
    ["`pulumi state delete`", forgotten],
  ] as const) {
    it(`finds on GitHub's list what it deleted before ${what}, and says so`, async () => {
      const ledger = await ledgerOf(repository);
      assert.deepEqual(Object.keys(ledger).sort(), engine.worldOf(repository).digests("pr1"));
      for (const [digest, line] of Object.entries(ledger)) {
        assert.match(
          line,
          /^\d+ 2026-11-23-found 2026-11-23T12:00:00Z\/2026-12-23( pr-1)?: found deleted, not recorded: by whom is not known$/,
        );
        assert.equal(line.split(" ")[0], recorded[repository]?.[digest]?.split(" ")[0]);
      }
      assertSays(diagnosticsOf(up, repository), "3 versions that GitHub can still restore are on no record here");
    });
  }

  it("has nothing to do afterwards, and takes none of it for somebody else's", async () => {
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    const refresh = assertSucceeds(await engine.stack.refresh());
    assert.doesNotMatch(refresh.output, /somebody else/);
  });

  it("finds it where it is put back while others are taken out", async () => {
    engine.stack.policies = alone(putBack, moved, tainted);
    await engine.stack.writeConfig();
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(Object.keys(await ledgerOf(putBack)).sort(), engine.worldOf(putBack).digests("pr1"));
    assert.deepEqual(await ledgerOf(moved), recorded[moved]);
  });

  it("brings an image back whole by its tag, although no record says what its parts are", async () => {
    await engine.stack.change({ restore: ["pr-1"] }, engine.stack.policies.findIndex(isFor(tainted)));
    const preview = assertSucceeds(await engine.stack.preview());
    assertSays(diagnosticsOf(preview, tainted), "to be restored, 1 version");
    assertSucceeds(await engine.stack.up());
    await assertComplete(engine.worldOf(tainted), "pr-1", "prod");
    assert.deepEqual(await ledgerOf(tainted), {});
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });

  it("is brought back by the command after its policy has left the stack", async () => {
    const ended = await engine.stack.command("restore", "--package", forgotten, "--tag", "pr-1");
    assert.equal(ended.exitCode, 0, ended.output);
    assertSays(ended.output, `restoring 1 version of ${forgotten}`, "and 2 parts of them that were deleted too", "restored and pulled");
    assertSays(ended.output, 'To make the stack agree, and to keep these images:\n  restore: ["pr-1"]   (in the policy of this package)\n');
    await assertComplete(engine.worldOf(forgotten), "pr-1", "prod");
    const none = await engine.stack.command("restore", "--package", forgotten, "--tag", "pr-2");
    assert.equal(none.exitCode, 1, none.output);
    assertSays(none.output, `${forgotten}: nothing that GitHub can still restore has the tag pr-2`);
  });

  it("brings back by time what was deleted from then on", async () => {
    await engine.stack.change({ restore: ["2026-11-23T00:00:00Z"] }, engine.stack.policies.findIndex(isFor(putBack)));
    assertSucceeds(await engine.stack.up());
    await assertComplete(engine.worldOf(putBack), "pr-1", "prod");
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });
});

function isFor(repository: string): (policy: unknown) => boolean {
  return (policy) => (policy as { package: string }).package === repository.slice("acme/".length);
}
