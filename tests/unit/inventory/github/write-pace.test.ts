import assert from "node:assert/strict";
import { WritePace } from "../../../../components/inventory/github/write-pace";

const most = 180;

describe("the pace of deletions", () => {
  function risen(): WritePace {
    const pace = new WritePace(most);
    for (let write = 0; write < 60; write++) pace.wentWell();
    return pace;
  }

  describe("when an apply begins", () => {
    it("is one a second, as GitHub advises", () => {
      const pace = new WritePace(most);
      assert.equal(pace.perMinute, 60);
      assert.equal(pace.gap, 1_000);
    });
  });

  describe("when nothing pushes back", () => {
    it("rises to what GitHub allows within sixty deletions, and never above it", () => {
      const pace = risen();
      assert.equal(pace.perMinute, most);
      pace.wentWell();
      assert.equal(pace.perMinute, most);
      assert.ok(pace.gap * most >= 60_000, "900 points a minute are 180 deletions");
      assert.ok(pace.gap * most * 0.95 <= 60_000, "and no fewer than 95 % of that");
    });
  });

  describe("when GitHub pushes back", () => {
    it("halves each time, and never stands still", () => {
      const pace = risen();
      pace.pushedBack();
      assert.equal(pace.perMinute, 90);
      pace.pushedBack();
      assert.equal(pace.perMinute, 45);
      for (let again = 0; again < 20; again++) pace.pushedBack();
      assert.equal(pace.perMinute, 6);
      pace.wentWell();
      assert.equal(pace.perMinute, 8);
    });
  });

  describe("when the run is stopped", () => {
    it("ends the waits of all writes with the reason of the signal, and lets none of them start", async () => {
      const pace = new WritePace(1);
      const controller = new AbortController();
      await pace.nextWrite(controller.signal);
      const waiting = Promise.allSettled([pace.nextWrite(controller.signal), pace.nextWrite(controller.signal)]);
      const reason = new Error("stopped");
      controller.abort(reason);
      assert.deepEqual(await waiting, [
        { status: "rejected", reason },
        { status: "rejected", reason },
      ]);
      await assert.rejects(new WritePace(1).nextWrite(controller.signal), reason);
    });
  });

  describe("when lists are read between two deletions", () => {
    it("waits for their points as well, once", () => {
      const pace = risen();
      const usual = pace.gap;
      for (let read = 0; read < 10; read++) pace.wasRead();
      assert.equal(pace.gap, Math.ceil((5 + 10) * (60_000 / 900)));
      pace.wentWell();
      assert.equal(pace.gap, usual);
    });
  });
});
