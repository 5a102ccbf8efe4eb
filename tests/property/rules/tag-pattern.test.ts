import assert from "node:assert/strict";
import fc from "fast-check";
import { patternProblem, tagTest } from "../../../components/rules/tag-pattern";
import { runs } from "../../support/builders/random-case";
import { globMatches } from "../../support/oracle/glob-oracle";
import { tagFits } from "../../support/oracle/pattern-oracle";

describe("a glob over tags", () => {
  describe("when it is read", () => {
    for (const glob of ["*", "**", "pr-*", "v?.?", "[a-c]", "[^a-c_]", "[-a]", "[a-]", "[.]", "_", ".", "sha-[0-9a-f]*"]) {
      it(`accepts ${glob}`, () => assert.equal(patternProblem(glob), undefined));
    }

    for (const glob of [
      "",
      "[",
      "[]",
      "[^]",
      "a]",
      "[z-a]",
      "[a-Z]",
      "pr/**",
      "v+",
      "{a,b}",
      "@(a)",
      "a|b",
      "\\d",
      "a b",
      "é",
      "[[:alpha:]]",
    ]) {
      it(`refuses "${glob}", which could only seem to match`, () => assert.notEqual(patternProblem(glob), undefined));
    }

    it("is not compiled when it cannot be read: a keep rule would keep nothing in silence", () => {
      assert.throws(() => tagTest(["ok", "[z-a]"]), /z-a/);
    });
  });

  describe("when it is matched", () => {
    for (const [glob, tag, expected] of [
      ["*", ".", true],
      ["*", "_x", true],
      ["*", "a.b-c", true],
      ["?x", "_x", true],
      ["a.b-c", "a.b-c", true],
      ["a.b-c", "aXb-c", false],
      ["v1.*", "v1.", true],
      ["v1.*", "v10", false],
      ["pr-*", "pr-", true],
      ["pr-*", "xpr-1", false],
      ["*-rc*", "v1-rc.2", true],
      ["v?", "v", false],
      ["v?", "v12", false],
      ["[a-c]", "b", true],
      ["[^a-c]", "b", false],
      ["[^a-c]", "d", true],
      ["[.]", "a", false],
      ["[-a]", "-", true],
      ["*a*b", "aab", true],
      ["*a*b", "aba", false],
      ["V1", "v1", false],
    ] as const) {
      it(`${glob} ${expected ? "matches" : "does not match"} ${tag}`, () => assert.equal(tagTest([glob])(tag), expected));
    }

    it("matches by any of several", () => {
      const matches = tagTest(["prod", "v*"]);
      assert.deepEqual(["prod", "v1", "pr-1"].map(matches), [true, true, false]);
    });

    it("agrees with a matcher that tries every way", () => {
      const part = fc.constantFrom("*", "*", "?", "a", "b", "-", ".", "_", "[ab]", "[^a]", "[a-z]", "[.-]");
      const glob = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(""));
      const tag = fc.array(fc.constantFrom("a", "b", "c", "-", ".", "_"), { maxLength: 9 }).map((parts) => parts.join(""));
      const property = fc.property(glob, tag, (one, other) => assert.equal(tagTest([one])(other), globMatches(one, other)));
      fc.assert(property, runs);
    });

    it("takes no time for the worst of globs", () => {
      const matches = tagTest([`${"*a".repeat(60)}*b`]);
      const start = performance.now();
      assert.equal(matches("a".repeat(128)), false);
      assert.ok(performance.now() - start < 500);
    });
  });
});

describe("a regular expression over tags", () => {
  describe("when it is read", () => {
    for (const pattern of ["/^v\\d+$/", "!/rc/", "/a|b/", "/(?i)prod/", "/^[^/]$/", "/[\\w.]{1,9}/"]) {
      it(`accepts ${pattern}`, () => assert.equal(patternProblem(pattern), undefined));
    }
    for (const [pattern, why] of [
      ["/(a)\\1/", /linear time \(no lookaround, no backreferences\)/],
      ["/(?=a)/", /linear time/],
      ["/(?<!a)b/", /linear time/],
      ["/(/", /missing closing \)/],
      ["/a{1001}/", /invalid repeat count/],
      ["/(a{100}){100}/", /invalid repeat count/],
      ["//", /expected a glob/],
      ["/a", /expected a glob/],
      ["!", /expected a glob/],
      ["!!a", /expected a glob/],
      ["!0.3.0+build.*", /^expected "!0\.3\.0_build\.\*": a tag has "_" where a version has "\+"$/],
    ] as const) {
      it(`refuses ${pattern} and says why`, () => assert.match(patternProblem(pattern) ?? "", why));
    }
  });

  describe("when it is matched", () => {
    for (const [pattern, tag, expected] of [
      ["/rc/", "v1-rc.2", true],
      ["/^rc/", "v1-rc.2", false],
      ["/rc$/", "v1-rc.2", false],
      ["/^v\\d+\\.\\d+$/", "v1.4", true],
      ["/^v\\d+\\.\\d+$/", "v1.4.2", false],
      ["/(?i)PROD/", "prod", true],
    ] as const) {
      it(`${pattern}, anchored as written, ${expected ? "matches" : "does not match"} ${tag}`, () => {
        assert.equal(tagTest([pattern])(tag), expected);
      });
    }
    it("takes no time where backtracking would take for ever", () => {
      const matches = tagTest(["/^(a+)+$/", "/(x+x+)+y/"]);
      const start = performance.now();
      assert.equal(matches(`${"a".repeat(127)}!`), false);
      assert.equal(matches("x".repeat(128)), false);
      assert.ok(performance.now() - start < 500);
    });
  });
});

describe("patterns with `!`", () => {
  const matches = tagTest(["v*", "!*-rc*", "!/-debug$/"]);
  it("take away what the others fit, in whatever order", () => {
    assert.deepEqual(["v1", "v1-rc.1", "v1-debug", "v1-debug2", "prod"].map(matches), [true, false, false, true, false]);
    assert.deepEqual(["v1", "v1-rc.1"].map(tagTest(["!*-rc*", "v*"])), [true, false]);
  });
  it("agree with a matcher in another engine", () => {
    const pattern = fc.constantFrom("*", "a*", "*-b", "[ab]?", "/^a/", "/b$/", "/a|c/", "/^[ab]+$/", "/-/", "/\\./");
    const tag = fc.array(fc.constantFrom("a", "b", "c", "-", "."), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
    const property = fc.property(fc.array(pattern, { minLength: 1 }), fc.array(pattern), tag, (wanted, unwanted, one) => {
      const patterns = [...wanted, ...unwanted.map((each) => `!${each}`)];
      assert.equal(tagTest(patterns)(one), tagFits(patterns, one));
    });
    fc.assert(property, runs);
  });
});
