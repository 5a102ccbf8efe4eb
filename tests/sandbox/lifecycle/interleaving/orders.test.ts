import assert from "node:assert/strict";
import fc from "fast-check";
import { explore } from "../../../support/lifecycle/interleaving/explore";
import { chosenBy, failureOf, type Order, tableOf } from "../../../support/lifecycle/interleaving/order";
import { Player } from "../../../support/lifecycle/interleaving/play";
import { randomOrder } from "../../../support/lifecycle/interleaving/random";
import type { Scenario } from "../../../support/lifecycle/interleaving/scenario";
import { Scheduler } from "../../../support/lifecycle/interleaving/scheduler";

const isLong = process.env.LONG !== undefined;

/** The choices at these places; the first of all others. */
function choicesAt(places: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: Math.max(...Object.keys(places).map(Number)) + 1 }, (_, place) => places[place] ?? 0);
}

const notTagged = { tagsReturnOnRestore: false, updatedAtOnTagGain: false, lastTaggedRefusal: "last-tagged" } as const;

/** A run that lost its engine undoes its deletions while the next run goes on. */
const lostBesideAnother: readonly Order[] = [
  // The next run deletes a part again before its image is back.
  { scenario: { world: "index", runs: "successor", actions: ["deleteKept", "lag"] }, choices: choicesAt({ 17: 7, 22: 5, 32: 7 }) },
  // It deletes again what somebody tagged, before the tag is back.
  {
    scenario: { world: "index", runs: "successor", actions: ["tag", "push"], switches: notTagged },
    choices: choicesAt({ 0: 6, 11: 2, 27: 2, 28: 5, 30: 3, 31: 1, 34: 3 }),
  },
  // It has deleted the parts of what somebody has signed.
  {
    scenario: { world: "shared", runs: "successor", actions: ["push", "sign"], anyOrder: true },
    choices: choicesAt({ 12: 2, 20: 4, 22: 6, 25: 1, 53: 4 }),
  },
  // It keeps what the first run deletes after it has ended, and GitHub's list lags for good.
  {
    scenario: { world: "index", runs: "successor", actions: ["push", "lagOn"] },
    choices: choicesAt({ 4: 2, 10: 1, 13: 6, 29: 2 }),
  },
  // So it does, and the version was gone for a moment when it looked.
  {
    scenario: { world: "index", runs: "successor", actions: ["deletePart", "restoreAll"], anyOrder: true, switches: notTagged },
    choices: choicesAt({ 1: 3, 2: 6, 6: 7 }),
  },
  // It deletes a part that the first run has not deleted, of an image that comes back.
  {
    scenario: { world: "index", runs: "successor", actions: ["lagOn", "restoreAll", "deletePart"] },
    choices: choicesAt({ 0: 4, 10: 7, 21: 3, 29: 4 }),
  },
];

/** One run, and what others do. */
const lostAlone: readonly Order[] = [
  // A tag is to come back while GitHub's list lags for good.
  {
    scenario: { world: "index", runs: "one apply", actions: ["tag", "push", "lagOn"], switches: notTagged },
    choices: choicesAt({ 0: 5, 5: 5, 25: 2 }),
  },
  // Another image is found incomplete as well.
  {
    scenario: { world: "index", runs: "one apply", actions: ["tag", "deleteKept"], switches: notTagged },
    choices: choicesAt({ 0: 1, 15: 4, 19: 7 }),
  },
  // An image is restored without its parts, which have parts.
  {
    scenario: { world: "nested", runs: "one apply", actions: ["restoreAll", "tag"] },
    choices: choicesAt({ 0: 1 }),
  },
];

describe("the order of an apply's requests and of what others do", function () {
  this.timeout(isLong ? 3_600_000 : 300_000);

  let scheduler: Scheduler;
  before(() => {
    scheduler = new Scheduler();
  });
  after(() => scheduler.close());

  it("loses nothing in random orders of many things", async () => {
    await fc.assert(
      fc.asyncProperty(randomOrder, async (order) => {
        const played = await new Player(scheduler).play(order.scenario, chosenBy(order));
        if (played.problem !== undefined) assert.fail(failureOf(played, order));
      }),
      isLong ? { numRuns: 5_000 } : { numRuns: 150, seed: 1 },
    );
  });

  it("loses nothing in orders that lost something once", async () => {
    for (const order of [...lostBesideAnother, ...lostAlone]) {
      const played = await new Player(scheduler).play(order.scenario, chosenBy(order));
      if (played.problem !== undefined) assert.fail(failureOf(played, order));
    }
  });

  it("loses nothing wherever a run is killed that brings back what somebody signed", async () => {
    const scenario: Scenario = { world: "referrer", runs: "one apply", actions: ["sign", "kill"], atomic: true };
    const { failure } = await explore(new Player(scheduler), scenario);
    if (failure !== undefined) assert.fail(failureOf(failure.played, { scenario, choices: failure.path }));
  });

  it("is the same when it is played again", async () => {
    const scenario: Scenario = { world: "twoStacks", runs: "two stacks", actions: ["push"], anyOrder: true };
    for (const order of fc.sample(randomOrder, { numRuns: 3, seed: 1 }).map(({ choices }) => ({ scenario, choices }))) {
      const once = await new Player(scheduler).play(scenario, chosenBy(order));
      assert.deepEqual(await new Player(scheduler).play(scenario, chosenBy(order)), once);
    }
  });

  if (process.env.ORDER !== undefined) {
    it("loses nothing in the order of ORDER", async () => {
      const order = JSON.parse(process.env.ORDER ?? "") as Order;
      const played = await new Player(scheduler).play(order.scenario, chosenBy(order));
      console.log(tableOf(played));
      assert.equal(played.problem, undefined);
    });
  }
});
