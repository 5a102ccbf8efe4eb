import assert from "node:assert/strict";
import fc from "fast-check";
import { isTextPattern, textTest } from "../../../components/rules/text-pattern";
import { runs } from "../../support/builders/random-case";
import { textFits } from "../../support/oracle/pattern-oracle";

describe("a pattern over any text", () => {
  for (const [pattern, text, expected] of [
    ["linux/arm*", "linux/arm/v7", true],
    ["linux/arm*", "linux/amd64", false],
    ["linux/arm*", "x linux/arm64", false],
    ["application/vnd.cncf.helm.*", "application/vnd.cncf.helm.config.v1+json", true],
    ["application/vnd.cncf.helm.*", "application/vndXcncf.helm.config", false],
    ["*+json", "application/spdx+json", true],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["[a-c]", "b", false],
    ["[a-c]", "[a-c]", true],
    ["c\\*d", "c\\xd", true],
    ["(x|y)$", "(x|y)$", true],
    ["*", "", true],
    ["*", "first line\nsecond line", true],
    ["first*second*", "first line\nsecond line", true],
    ["/^v\\d+/", "v12", true],
    ["/line$/", "first line\nsecond line", true],
    ["/", "/", true],
  ] as const) {
    it(`${JSON.stringify(pattern)} ${expected ? "fits" : "does not fit"} ${JSON.stringify(text)}`, () => {
      assert.equal(textTest(pattern)(text), expected);
    });
  }

  it("is refused when its regular expression cannot run in linear time", () => {
    assert.deepEqual(["/(a)\\1/", "/(?=a)/", "/(/", "(", "/a/"].map(isTextPattern), [false, false, false, true, true]);
  });

  it("agrees with a matcher that tries every way", () => {
    const part = fc.constantFrom("*", "?", "a", "b", "/", ".", "+", "\\", "$", "\n", "é");
    const text = (maxLength: number) => fc.array(part, { maxLength }).map((parts) => parts.join(""));
    const plain = text(6).filter((pattern) => !/^\/.+\/$/s.test(pattern));
    const property = fc.property(plain, text(8), (pattern, other) => assert.equal(textTest(pattern)(other), textFits(pattern, other)));
    fc.assert(property, runs);
  });
});
