import assert from "node:assert/strict";
import { assertSucceeds, planIdIn } from "../../support/engine/output";
import { useEngine } from "../../support/engine/use-engine";
import { policyFor, shop } from "../../support/engine/world";

const repository = "acme/shop";

describe("`ghcr-retention explain` beside the life of a stack", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { [repository]: shop }, stack: { policies: [policyFor(repository)] } });
  const explained = async (reference: string) => assertSucceeds(await engine.stack.command("explain", repository, reference)).stdout;
  let planId: string;

  it("says that an image waits for the approval of the plan that a preview shows", async () => {
    planId = planIdIn(assertSucceeds(await engine.stack.preview()), repository);
    assertSucceeds(await engine.stack.up());
    assert.match(
      await explained("pr-2"),
      new RegExp(`^pr-2 goes once approved: pr-2, 19 days old \\(drop-pr-builds\\); plan ${planId} waits for approval\\n`),
    );
  });

  it("says that it goes once the config approves that plan", async () => {
    await engine.stack.approve(planId);
    assert.match(await explained("pr-2"), new RegExp(`\\(drop-pr-builds\\); plan ${planId} is approved, and \`pulumi up\` deletes it\\n`));
  });

  it("says when it was deleted, by which plan and rule, until when it can be restored and how, in a line that works", async () => {
    assertSucceeds(await engine.stack.up());
    const said = await explained("pr-2");
    const { index } = engine.world.image("pr2");
    assert.match(
      said,
      new RegExp(`^pr-2 was deleted at 2026-11-23T12:00:\\d\\dZ, by plan ${planId}: pr-2, 19 days old \\(drop-pr-builds\\)\\n`),
    );
    assert.match(said, /^ {2}restorable until 2026-12-23$/m);
    assert.equal(await explained(index), said);
    const [, line = ""] = /npx ghcr-retention (restore .*?) --stack \S+, or/.exec(said) ?? [];
    const [command = "", ...args] = line.split(" ");
    assert.deepEqual([command, args[1]], ["restore", index]);
    assert.match(
      assertSucceeds(await engine.stack.command(command, ...args, "--dry-run")).stdout,
      /would restore 5 versions of acme\/shop/,
    );
  });

  it("says that it comes back where the config restores it", async () => {
    await engine.stack.change({ restore: ["pr-2"] });
    assert.match(
      await explained("pr-2"),
      /^ {2}restorable the next `pulumi up` brings it back: `restore` names it, or something lacks it$/m,
    );
    assertSucceeds(await engine.stack.up());
    assert.match(await explained("pr-2"), /^pr-2 stays: kept, since `restore` names it\n/);
  });

  it("warns of an approval that does nothing beside the plan that waits instead", async () => {
    await engine.stack.change({ restore: [], approve: "2026-11-22-0123456789ab" });
    assert.match(
      await explained("pr-2"),
      /^pr-2 goes once approved: .*\n(?:.*\n)* {2}approval {3}approval 2026-11-22-0123456789ab is void: /,
    );
  });

  it("says from when an image in its grace may go", async () => {
    await engine.stack.change({ grace: "7d", approve: undefined });
    assert.match(
      await explained("pr-2"),
      /^pr-2 stays for now: pr-2, 19 days old \(drop-pr-builds\); in grace, deletable from 2026-11-30\n/,
    );
  });
});
