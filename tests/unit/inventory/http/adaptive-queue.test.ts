import assert from "node:assert/strict";
import { AdaptiveQueue } from "../../../../components/inventory/http/adaptive-queue";

/** A queue in a world whose time moves only when a task says so. */
class Workplace {
  passed = 0;
  idle = 0;
  readonly queue = new AdaptiveQueue({ start: 8, min: 2, max: 16, perPackage: 4, clock: () => ({ ...this }) });

  /** One task after the other: each takes so many milliseconds, of which the process waits for some. */
  async answers(count: number, took: number, waited = took): Promise<void> {
    for (let place = 0; place < count; place++) {
      await this.queue.run("acme/app", async () => {
        this.passed += took;
        this.idle += waited;
      });
    }
  }
}

describe("the number of requests at once", () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });

  describe("when the server answers quickly", () => {
    it("doubles after each full round", async () => {
      await place.answers(7, 20);
      assert.equal(place.queue.concurrency, 8);
      await place.answers(1, 20);
      assert.equal(place.queue.concurrency, 16);
    });

    it("rises by one after each full round once it had to sink", async () => {
      await place.answers(1, 20);
      await place.answers(7, 100);
      assert.equal(place.queue.concurrency, 6);
      await place.answers(6, 20);
      assert.equal(place.queue.concurrency, 7);
      await place.answers(7, 20);
      assert.equal(place.queue.concurrency, 8);
    });

    it("rises no higher than it may", async () => {
      await place.answers(1_000, 20);
      assert.equal(place.queue.concurrency, 16);
    });
  });

  describe("when the answers get slow", () => {
    it("sinks by a quarter after each round of them, and no lower than it may", async () => {
      await place.answers(8, 20);
      await place.answers(16, 100);
      assert.equal(place.queue.concurrency, 12);
      await place.answers(100, 100);
      assert.equal(place.queue.concurrency, 2);
    });

    it("does not sink for what this process computes meanwhile", async () => {
      await place.answers(8, 20);
      await place.answers(16, 1_000, 20);
      assert.equal(place.queue.concurrency, 16);
    });
  });

  describe("when the server pushes back", () => {
    it("is halved once for all that was under way, and again when that goes on", async () => {
      const { queue } = place;
      let release = () => {};
      const gate = new Promise<void>((resolve) => {
        release = resolve;
      });
      const underWay = Array.from({ length: 8 }, (_, at) => queue.run(`acme/app-${at}`, () => gate));
      await new Promise(setImmediate);
      for (let answer = 0; answer < 8; answer++) queue.pushedBack();
      assert.equal(queue.concurrency, 4);
      for (let answer = 0; answer < 8; answer++) queue.pushedBack();
      assert.equal(queue.concurrency, 2);
      release();
      await Promise.all(underWay);
    });
  });
});

describe("a large package and a small one", () => {
  it("take turns", async () => {
    const { queue } = new Workplace();
    const done: string[] = [];
    const task = (name: string) => queue.run(name, async () => void done.push(name));
    const large = Array.from({ length: 500 }, () => task("acme/large"));
    const small = Array.from({ length: 3 }, () => task("acme/small"));
    await Promise.all([...large, ...small]);
    assert.ok(done.lastIndexOf("acme/small") < 30, `the small one was done after ${done.lastIndexOf("acme/small")} tasks`);
  });
});
