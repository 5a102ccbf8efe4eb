import assert from "node:assert/strict";
import { type Ended, runCompiled } from "../support/command-line/run";
import { assertSays, assertSucceeds, diagnosticsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { useEngine } from "../support/engine/use-engine";
import { medium, now, policyFor } from "../support/engine/world";

const quiet = "acme/quiet";
const busy = "acme/busy";
const popular = "acme/popular";

describe("what came back since its approval was carried out", function () {
  this.timeout(300_000);

  const repositories = [quiet, busy, popular];
  const engine = useEngine({
    sandbox: { now },
    packages: { [quiet]: medium, [busy]: medium, [popular]: medium },
    stack: { policies: repositories.map((repository) => policyFor(repository)) },
  });
  const plans = new Map<string, string>();

  before(async () => {
    engine.sandbox.setPackage({ package: popular, visibility: "public", versions: [{ version: "pr-2", downloads: 5001 }] });
    const preview = assertSucceeds(await engine.stack.preview());
    for (const [place, repository] of repositories.entries()) {
      plans.set(repository, planIdIn(preview, repository));
      await engine.stack.approve(planIdIn(preview, repository), place);
    }
    assertSucceeds(await engine.stack.up());
    engine.sandbox.setClock("2026-11-23T13:00:00Z");
    for (const repository of [quiet, busy]) assertSucceedsQuietly(await run("restore", "--tag", "pr-1", "--package", repository));
    // Something else is to be done, so that the program does not know the outputs of the last run.
    for (const repository of [busy, popular])
      await engine.worldOf(repository).deploy({ pr3: { days: 100, tags: ["pr-3"], attestations: false } });
  });

  const run = (command: string, ...args: string[]) =>
    runCompiled([command, ...args, "--stack", "test"], engine.stack.env, engine.stack.folder);
  const title = "restored since their deletion, 3 versions: `pulumi up` leaves them alone";

  it("is not announced as a deletion by a preview, and named", async () => {
    const said = diagnosticsOf(assertSucceeds(await engine.stack.preview()), quiet);
    assertSays(said, /^nothing to delete: keep all 9 versions/, title, /^ {2}pr-1, sha256:/m);
    assert.doesNotMatch(said, /approved: /);
  });

  it("is not announced by a preview in which something else waits", async () => {
    const said = diagnosticsOf(assertSucceeds(await engine.stack.preview()), busy);
    assertSays(said, /^plan \S+: delete 3 of 12 versions/, title);
    assert.doesNotMatch(said, /approved: /);
  });

  it("is not announced where GitHub refused, and something else waits", async () => {
    const said = diagnosticsOf(assertSucceeds(await engine.stack.preview()), popular);
    assertSays(said, /^plan \S+: delete 3 of 12 versions/, "refused by GitHub, left out since:");
    assert.doesNotMatch(said, /approved: |may replace/);
  });

  it("is explained, listed and reviewed in the same way", async () => {
    for (const repository of [quiet, busy]) {
      const explained = assertSucceedsQuietly(await run("explain", repository, "pr-1"));
      assertSays(explained, `pr-1 stays: plan ${plans.get(repository)} deleted it, and it was restored since`);
    }
    const listed = JSON.parse(assertSucceedsQuietly(await run("plan", "--json")));
    const verdicts = listed.packages.map(({ versions }: { versions: { tags: string[]; verdict: string }[] }) =>
      versions.filter(({ tags }) => tags.includes("pr-1")).map(({ verdict }) => verdict),
    );
    assert.deepEqual(verdicts, [["restored"], ["restored"], ["restorable"]]);
    const review = assertSucceedsQuietly(await run("review", "--markdown"));
    assertSays(review, title);
    assert.doesNotMatch(review, /is approved/);
  });

  it("is left alone by an update, which says so", async () => {
    const up = assertSucceeds(await engine.stack.up());
    for (const repository of [quiet, busy]) {
      const world = engine.worldOf(repository);
      assertSays(
        diagnosticsOf(up, repository),
        /3 versions deleted earlier and restored since: left alone; 3 versions deleted earlier can be/,
      );
      assert.deepEqual(world.deleted(), world.digests("pr2"));
      await assertComplete(world, ...world.tags());
    }
  });

  it("waits in a plan again once the approval is withdrawn", async () => {
    await engine.stack.change({ approve: undefined }, 0);
    const said = diagnosticsOf(assertSucceeds(await engine.stack.preview()), quiet);
    assertSays(said, /^plan \S+: delete 3 of 9 versions/, "waiting for approval");
    assertSucceeds(await engine.stack.up());
    assert.deepEqual(engine.worldOf(quiet).deleted(), engine.worldOf(quiet).digests("pr2"));
  });
});

function assertSucceedsQuietly({ code, stdout, stderr }: Ended): string {
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}
