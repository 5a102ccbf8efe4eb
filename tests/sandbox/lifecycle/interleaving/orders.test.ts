import assert from "node:assert/strict";
import fc from "fast-check";
import { type ActionName, actions } from "../../../support/lifecycle/interleaving/actions";
import { explore } from "../../../support/lifecycle/interleaving/explore";
import { Player } from "../../../support/lifecycle/interleaving/play";
import { chosenBy, randomOrder } from "../../../support/lifecycle/interleaving/random";
import { type Scenario, tableOf } from "../../../support/lifecycle/interleaving/scenario";
import { Scheduler } from "../../../support/lifecycle/interleaving/scheduler";
import { worlds } from "../../../support/lifecycle/interleaving/worlds";

const isLong = process.env.LONG !== undefined;
const names = Object.keys(actions) as ActionName[];
/** Those that have found most. */
const some: readonly ActionName[] = ["push", "move", "tag", "sign", "restoreAll", "refuse", "fail", "kill"];

describe("the order of an apply's requests and of what others do", function () {
  this.timeout(isLong ? 3_600_000 : 300_000);

  let scheduler: Scheduler;
  before(() => {
    scheduler = new Scheduler();
  });
  after(() => scheduler.close());

  async function assertSafe(scenario: Scenario): Promise<void> {
    const { failure } = await explore(new Player(scheduler), scenario);
    if (failure) assert.fail(`${replayOf(scenario, failure.path)}\n${tableOf(failure.played)}`);
  }

  for (const world of isLong ? (["index", "shared", "referrer", "nested"] as const) : (["index"] as const)) {
    it(`loses nothing when one thing happens at any point: ${worlds[world].name}`, async () => {
      for (const name of isLong ? names : some) await assertSafe({ world, runs: "one apply", actions: [name], atomic: !isLong });
    });
  }

  it("loses nothing when one thing happens at any point of a restoration", async () => {
    for (const name of isLong ? names : some) await assertSafe({ world: "index", runs: "restoration", actions: [name], atomic: true });
  });

  it("loses nothing in random orders of many things", async () => {
    await fc.assert(
      fc.asyncProperty(randomOrder, async (order) => {
        const played = await new Player(scheduler).play(order.scenario, chosenBy(order));
        if (played.problem !== undefined) assert.fail(tableOf(played));
      }),
      isLong ? { numRuns: 5_000 } : { numRuns: 150, seed: 1 },
    );
  });

  it("is the same when it is played again", async () => {
    const scenario: Scenario = { world: "twoStacks", runs: "two stacks", actions: ["push"], anyOrder: true };
    for (const order of fc.sample(randomOrder, { numRuns: 3, seed: 1 }).map(({ choices }) => ({ scenario, choices }))) {
      const once = await new Player(scheduler).play(scenario, chosenBy(order));
      assert.deepEqual(await new Player(scheduler).play(scenario, chosenBy(order)), once);
    }
  });

  /** What plays the order again. */
  function replayOf(scenario: Scenario, path: readonly number[]): string {
    return `ORDER='${JSON.stringify({ scenario, choices: path })}'`;
  }

  if (process.env.ORDER !== undefined) {
    it("loses nothing in the order of ORDER", async () => {
      const order = JSON.parse(process.env.ORDER ?? "");
      const played = await new Player(scheduler).play(order.scenario, chosenBy(order));
      console.log(tableOf(played));
      assert.equal(played.problem, undefined);
    });
  }
});
