import assert from "node:assert/strict";
import { DeletionProgress } from "../../../../components/lifecycle/apply/deletion-progress";

describe("the progress of a deletion", () => {
  let seconds: number;
  let told: string[];
  let pace: DeletionProgress;
  beforeEach(() => {
    seconds = 0;
    told = [];
    pace = new DeletionProgress(
      "acme/app",
      200,
      (text) => void told.push(text),
      () => seconds * 1_000,
    );
  });

  function later(passed: number, count: number): void {
    seconds += passed;
    pace.advance(count);
  }

  describe("when it takes long", () => {
    it("tells what is done and left, how fast, and how long it will take", () => {
      later(20, 40);
      assert.deepEqual(told, ["acme/app: 40 of 200 deleted, 160 left, 120 a minute, about 80 s to go"]);
    });

    it("tells it once in ten seconds at the most", () => {
      for (let second = 0; second < 60; second++) later(1, 2);
      assert.equal(told.length, 6);
    });
  });

  describe("when it is quick, or at its end", () => {
    it("says nothing: the report does", () => {
      later(9, 100);
      later(60, 100);
      assert.deepEqual(told, []);
    });
  });
});
