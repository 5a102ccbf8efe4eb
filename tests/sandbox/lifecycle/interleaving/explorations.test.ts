import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { explorations, jobsOf, quickJobs, titleOf } from "../../../support/lifecycle/interleaving/explorations";
import { type Explored, explore } from "../../../support/lifecycle/interleaving/explore";
import { exploreAll } from "../../../support/lifecycle/interleaving/explore-all";
import { chosenBy, failureOf, type Order } from "../../../support/lifecycle/interleaving/order";
import { withOrders } from "../../../support/lifecycle/interleaving/orders-table";
import { Player } from "../../../support/lifecycle/interleaving/play";
import { Scheduler } from "../../../support/lifecycle/interleaving/scheduler";
import { windowOf } from "../../../support/lifecycle/interleaving/window";

const isLong = process.env.LONG !== undefined;
const page = path.join(__dirname, "..", "..", "..", "..", "docs", "reliability.md");

/** As docs/reliability.md says it. */
const window = 12;

describe("every order of the requests of a run and of what others do", function () {
  this.timeout(isLong ? 7_200_000 : 300_000);

  if (isLong) {
    const explored: (readonly Explored[])[] = [];
    for (const exploration of explorations) {
      it(`loses nothing: ${titleOf(exploration)}`, async () => {
        explored.push(await exploreAll(jobsOf(exploration)));
        assertSafe(explored.at(-1) ?? []);
      });
    }

    it("is in docs/reliability.md with the number of orders: with GENERATE=1, this test writes it", async () => {
      const text = await readFile(page, "utf8");
      if (process.env.GENERATE) await writeFile(page, withOrders(text, explored));
      assert.equal(await readFile(page, "utf8"), withOrders(text, explored));
    });

    it("leaves no client a window that is shorter than docs/reliability.md says", async () => {
      const scenario = { world: "index", runs: "one apply", actions: ["push"] } as const;
      assert.equal(await withPlayer((player) => windowOf(player, scenario)), window);
    });
  } else {
    it("loses nothing, as far as it is played in seconds", async () => assertSafe(await exploreAll(quickJobs)));
  }

  it("is told as a table where it loses something, with what plays it again", async () => {
    // Where GitHub does not list the tags of deleted versions, nothing tells of a new one.
    const switches = { deletedListsTags: false };
    const scenario = { world: "index", runs: "one apply", actions: ["tag"], atomic: true, switches } as const;
    await withPlayer(async (player) => {
      const { failure } = await explore(player, scenario);
      assert.ok(failure);
      const text = failureOf(failure.played, { scenario, choices: failure.path });
      assert.match(text, /^v2 is on nothing and was put on sha256:[0-9a-f]{8}\n\nactor +request +answer\napply +GET /);
      assert.match(text, /\npusher +tags an untagged version that is going +there, 201\napply +DELETE \/versions\/\d+ +204\n/);
      const order = JSON.parse(/ORDER='(.*)'/.exec(text)?.[1] ?? "") as Order;
      const again = await player.play(order.scenario, chosenBy(order));
      assert.deepEqual(again.events, failure.played.events);
    });
  });
});

async function withPlayer<Result>(use: (player: Player) => Promise<Result>): Promise<Result> {
  const scheduler = new Scheduler();
  try {
    return await use(new Player(scheduler));
  } finally {
    scheduler.close();
  }
}

function assertSafe(explored: readonly Explored[]): void {
  for (const { scenario, failure } of explored) if (failure) assert.fail(failureOf(failure.played, { scenario, choices: failure.path }));
}
