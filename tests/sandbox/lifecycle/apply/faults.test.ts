import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { cells, type PlayedCell, playAll, withMatrix } from "../../../support/lifecycle/fault-matrix/matrix";
import { points } from "../../../support/lifecycle/fault-matrix/points";

const page = path.join(__dirname, "..", "..", "..", "..", "docs", "reliability.md");

describe("a fault anywhere in the life cycle", function () {
  this.timeout(900_000);

  let played: readonly PlayedCell[];
  before(async () => {
    played = await playAll();
  });

  for (const point of points) {
    const count = cells.filter((cell) => cell.point === point).length;
    it(`loses nothing, and the next run ends as one without it: ${count} faults at ${point.name}`, () => {
      const here = played.filter((cell) => cell.point === point);
      assert.equal(here.length, count);
      const problems = here.flatMap(({ effect, problem }) => (problem === undefined ? [] : [`${effect.kind}, ${effect.name}: ${problem}`]));
      assert.deepEqual(problems, []);
    });
  }

  it("is in docs/reliability.md with what came of it: run `npm run generate` where it is not", async () => {
    const text = await readFile(page, "utf8");
    assert.equal(text, withMatrix(text, played));
  });
});
