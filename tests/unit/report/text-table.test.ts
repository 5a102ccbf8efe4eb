import assert from "node:assert/strict";
import { renderTable } from "../../../components/report/text-table";

describe("a table in plain text", () => {
  it("has columns as wide as their widest cell, the head included, and no blanks at the end", () => {
    assert.equal(
      renderTable(
        ["image", "age"],
        [
          ["prod", "1 day"],
          ["a longer one", ""],
        ],
        9,
      ),
      "  image         age\n  prod          1 day\n  a longer one",
    );
  });

  it("cuts cells longer than sixty", () => {
    const lineOf = (cell: string) => renderTable(["head"], [[cell]], 9).split("\n")[1];
    assert.equal(lineOf("x".repeat(60)), `  ${"x".repeat(60)}`);
    assert.equal(lineOf("x".repeat(61)), `  ${"x".repeat(59)}…`);
  });

  it("shows so many rows, and counts the rest", () => {
    const linesOf = (rows: number) =>
      renderTable(
        ["n"],
        Array.from({ length: rows }, (_, row) => [String(row)]),
        2,
      ).split("\n");
    assert.deepEqual(linesOf(2), ["  n", "  0", "  1"]);
    assert.deepEqual(linesOf(5), ["  n", "  0", "  1", "  … and 3 more: `pulumi preview --diff` shows every digest"]);
  });
});
