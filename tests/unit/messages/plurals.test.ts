import assert from "node:assert/strict";
import { count, firstOf } from "../../../components/messages/plurals";

describe("counting for people", () => {
  it("says one and many", () => {
    assert.deepEqual(
      [0, 1, 2].map((number) => count(number, "version")),
      ["0 versions", "1 version", "2 versions"],
    );
  });

  it("lists the first, and how many more there are", () => {
    assert.equal(firstOf(["a", "b"], 3), "a, b");
    assert.equal(firstOf(["a", "b", "c"], 3), "a, b, c");
    assert.equal(firstOf(["a", "b", "c", "d", "e"], 3), "a, b, c and 2 more");
  });
});
