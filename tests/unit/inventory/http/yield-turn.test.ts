import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { yieldTurn } from "../../../../components/inventory/http/yield-turn";

describe("work that can wait", () => {
  async function doneAfterEachTurn(pieces: number, turns: number): Promise<number[]> {
    let done = 0;
    const all = Array.from({ length: pieces }, () => yieldTurn().then(() => done++));
    const counts = [done];
    for (let count = 0; count < turns; count++) {
      await turn();
      counts.push(done);
    }
    await Promise.all(all);
    assert.equal(done, pieces);
    return counts;
  }

  it("is done a piece in each turn of the event loop", async () => assert.deepEqual(await doneAfterEachTurn(3, 3), [0, 1, 2, 3]));

  it("is done several pieces in a turn where many wait, so that no more and more do", async () => {
    assert.deepEqual(await doneAfterEachTurn(160, 3), [0, 10, 20, 29]);
  });
});
