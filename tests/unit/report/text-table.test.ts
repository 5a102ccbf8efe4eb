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

  it("breaks cells longer than sixty at blanks, and hides nothing of them", () => {
    const hash = `sha-${"0123456789".repeat(4)}`;
    assert.deepEqual(
      renderTable(
        ["image", "age"],
        [
          [`${hash}, branch-release-1.2, stable`, "1 day"],
          ["x".repeat(130), "2 days"],
        ],
        9,
      ).split("\n"),
      [
        `  ${"image".padEnd(60)}  age`,
        `  ${`${hash},`.padEnd(60)}  1 day`,
        "  branch-release-1.2, stable",
        `  ${"x".repeat(60)}  2 days`,
        `  ${"x".repeat(60)}`,
        `  ${"x".repeat(10)}`,
      ],
    );
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
