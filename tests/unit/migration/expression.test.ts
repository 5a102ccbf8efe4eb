import assert from "node:assert/strict";
import { evaluate, expand, type Lookup, unknown } from "../../../components/migration/workflow/expression";

const known: Readonly<Record<string, string | number | boolean | null>> = {
  "env.A": "a",
  "inputs.n": 4,
  "inputs.off": false,
  "inputs.none": null,
};
const lookup: Lookup = (path) => {
  const value = known[path.join(".")];
  return value === undefined ? unknown : value;
};

describe("an expression of a workflow", () => {
  for (const [source, value] of [
    ["env.A", "a"],
    ["inputs['n']", 4],
    ["'it''s'", "it's"],
    ["0x1F", 31],
    ["-1.5e2", -150],
    ["TRUE", true],
    ["inputs.off || inputs.none || 'last'", "last"],
    ["inputs.n && 'yes' || 'no'", "yes"],
    ["inputs.off && env.B || 'no'", "no"],
    ["!inputs.off", true],
    ["!!inputs.n", true],
    ["env.A == 'A'", true],
    ["inputs.n != '4'", false],
    ["(inputs.off || 'x') == 'x'", true],
    ["format('{0}-{1}{{}}', env.A, inputs.n)", "a-4{}"],
    ["join(fromJSON('[\"a\",\"b\"]'), '/')", "a/b"],
  ] as const) {
    it(`is evaluated: ${source}`, () => assert.deepEqual(evaluate(source, lookup), value));
  }

  for (const source of [
    "env.B",
    "env.B || 'a'",
    "inputs.n && env.B",
    "hashFiles('**')",
    "fromJSON('[')",
    "inputs[env.B]",
    // What GitHub refuses is unknown, even where its beginning is not.
    "env.A ||",
    "env.A || (",
    "env.A || 'x",
    "env.A || env.",
    "env.A env.A",
    "format('{0}',",
    "format('a' 'b')",
    "",
    "env.A || $x",
    `${"(".repeat(20_000)}1`,
    `${"(".repeat(51)}1${")".repeat(51)}`,
    `1${" || 1".repeat(9_000)}`,
  ]) {
    it(`is unknown: ${source.slice(0, 40)}`, () => assert.equal(evaluate(source, lookup), unknown));
  }

  it("is replaced within a text, unless one of several is unknown", () => {
    const write = (source: string) => "$".concat(`{{ ${source} }}`);
    assert.equal(expand(`x-${write("env.A")}-${write("inputs.none")}-${write("inputs.n")}`, lookup), "x-a--4");
    assert.equal(expand(`${write("env.A")}-${write("env.B")}`, lookup), undefined);
    assert.equal(expand(`${"$"}{{ env.A`, lookup), undefined);
  });
});
