import assert from "node:assert/strict";
import { RetentionError } from "../../../components/model/errors";
import { parsePolicy } from "../../../components/rules/parse-policy";
import type { PolicyInput } from "../../../components/rules/policy";
import { day, digestOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged } from "../../support/builders/policy";

const valid = { owner: "logto-io", package: "logto", rules: [dropPullRequests] } satisfies PolicyInput;

/** The valid policy with one change, and the error that names it. */
function errorOf(change: Readonly<Record<string, unknown>>): string {
  try {
    parsePolicy({ ...valid, ...change });
  } catch (error) {
    assert.ok(error instanceof RetentionError);
    return error.message;
  }
  return "";
}

function ruleError(change: Readonly<Record<string, unknown>>): string {
  return errorOf({ rules: [dropUntagged, { ...dropPullRequests, ...change }] });
}

describe("a policy", () => {
  describe("when it is as short as can be", () => {
    it("gets every default", () => {
      const { rules, ...rest } = parsePolicy(valid);
      assert.deepEqual(rest, {
        owner: "logto-io",
        package: "logto",
        protect: [],
        unreadable: [],
        restore: [],
        limits: { deletions: 200, percent: 50 },
        minimumAge: day,
        approval: "required",
        onVoid: "fail",
      });
      assert.deepEqual(rules, [{ name: "drop-pr", action: "delete", tags: ["pr-*"], olderThan: 7 * day, scope: "images" }]);
    });

    it("takes what is undefined in a program as left out", () => {
      assert.deepEqual(parsePolicy({ ...valid, protect: undefined, approve: undefined }), parsePolicy(valid));
    });

    it("fills in the other limit", () => {
      assert.deepEqual(parsePolicy({ ...valid, limits: { percent: 5 } }).limits, { deletions: 200, percent: 5 });
    });
  });

  describe("when the package is named", () => {
    for (const name of ["logto", "team/app", "a.b_c-d", "team/sub/app"]) {
      it(`accepts ${name}`, () => assert.equal(errorOf({ package: name }), ""));
    }
    for (const name of ["", "Logto", "/app", "team//app", "app/", "../app", "a b", "ghcr.io/logto-io/logto:prod"]) {
      it(`refuses "${name}"`, () =>
        assert.match(errorOf({ package: name }), /^ {2}package: expected a package name such as "app" or "team\/app"$/m));
    }
    it("refuses an owner that is a path", () =>
      assert.match(errorOf({ owner: "orgs/logto-io" }), /^ {2}owner: expected the name of a GitHub user/m));
  });

  describe("when a rule is wrong, the error names its place and the fix", () => {
    for (const [change, error] of [
      [{ tags: [] }, /rules\[1\]\.tags: expected at least one tag glob, or no `tags` at all/],
      [{ tags: ["ok", "pr/**"] }, /rules\[1\]\.tags\[1\]: expected a glob of letters, digits/],
      [{ tags: ["a".repeat(129)] }, /rules\[1\]\.tags\[0\]: /],
      [{ tags: ["/(?=a)/"] }, /rules\[1\]\.tags\[0\]: expected a pattern that RE2 can run in linear time/],
      [{ tags: ["!pr-1"] }, /rules\[1\]\.tags: expected a pattern without "!", too, such as "\*"/],
      [{ notTags: ["!pr-1"] }, /rules\[1\]\.notTags\[0\]: expected a pattern without `!`/],
      [{ notTags: [] }, /rules\[1\]\.notTags: /],
      [{ semver: "latest" }, /rules\[1\]\.semver: expected a range of versions such as ">=1\.0\.0 <2"/],
      [{ newerThan: "P1M" }, /rules\[1\]\.newerThan: expected a duration .*no months, no years/],
      [{ age: "pulled" }, /rules\[1\]\.age: .*`created`.*`updated`.*`unneeded`/],
      [{ platforms: ["/(/"] }, /rules\[1\]\.platforms\[0\]: expected text with `\*` and `\?`, or a \/regular expression\//],
      [{ artifactType: [] }, /rules\[1\]\.artifactType: /],
      [{ annotations: { a: "" } }, /rules\[1\]\.annotations\.a: /],
      [{ annotations: {} }, /rules\[1\]\.annotations: expected at least one annotation, or no `annotations` at all/],
      [{ digests: ["sha256:12"] }, /rules\[1\]\.digests\[0\]: expected a digest such as "sha256:" and 64 hex digits/],
      [{ dangling: false }, /rules\[1\]\.dangling: expected `dangling: true`, or no `dangling` at all/],
      [{ broken: false }, /rules\[1\]\.broken: expected `broken: true`, or no `broken` at all/],
      [{ action: "keep", mostRecent: { count: 3, per: "minor" } }, /rules\[1\]\.mostRecent.*: `per` goes with `by: semver`/],
      [{ action: "keep", mostRecent: { count: 3, by: "size" } }, /rules\[1\]\.mostRecent.*/],
      [{ untagged: false }, /rules\[1\]\.untagged: expected `untagged: true`, or no `untagged` at all/],
      [{ olderThan: "7 days" }, /rules\[1\]\.olderThan: expected a duration such as "14d", "36h", "2w" or "P14D"/],
      [{ scope: "all" }, /rules\[1\]\.scope: .*`images`.*`versions`/],
      [{ mostRecent: 3 }, /rules\[1\]\.mostRecent: `mostRecent` belongs to a keep rule/],
      [{ action: "keep", mostRecent: 0 }, /rules\[1\]\.mostRecent: /],
      [{ action: "keep", mostRecent: 1.5 }, /rules\[1\]\.mostRecent: /],
      [{ action: "drop" }, /rules\[1\]\.action: /],
      [{ name: "Drop PRs" }, /rules\[1\]\.name: expected a name of lower-case letters, digits and dashes/],
      [{ name: "drop-untagged" }, /rules\[1\]\.name: expected a name of its own: "drop-untagged" is taken/],
      [{ olderThen: "7d" }, /rules\[1\]: .*olderThen/],
    ] as const) {
      it(JSON.stringify(change).slice(0, 60), () => assert.match(ruleError(change), error));
    }
  });

  describe("when anything else is wrong, the error names its place and the fix", () => {
    for (const [change, error] of [
      [{ rules: [] }, /rules: expected at least one rule/],
      [{ protect: [digestOf("a"), "pr/1"] }, /protect\[1\]: expected a digest or a tag/],
      [{ protect: ["sha256:123"] }, /protect\[0\]: expected a digest or a tag/],
      [{ limits: { deletions: 0 } }, /limits\.deletions: /],
      [{ limits: { percent: 101 } }, /limits\.percent: /],
      [{ limits: { deletion: 5 } }, /limits: .*deletion/],
      [{ minimumAge: "23h" }, /minimumAge: expected at least "1d": a younger version may belong to a push in flight/],
      [{ grace: "36h" }, /grace: expected whole days, such as "7d"/],
      [{ unreadable: ["prod"] }, /unreadable\[0\]: expected a digest/],
      [{ approval: "none" }, /approval: /],
      [{ approve: "yes" }, /approve: expected a plan id such as "2026-11-23-7f3a9c21b4d0", as the preview prints it/],
      [{ approve: "2026-13-01-7f3a9c21b4d0" }, /approve: .*no day of the calendar/],
      [{ approve: "2026-02-30-7f3a9c21b4d0" }, /approve: .*no day of the calendar/],
      [{ aprove: "2026-11-23-7f3a9c21b4d0" }, /aprove/],
    ] as const) {
      it(JSON.stringify(change).slice(0, 60), () => assert.match(errorOf(change), error));
    }

    for (const change of [
      { approve: "yes" },
      { package: "ä".repeat(300) },
      { rules: [{ ...dropPullRequests, tags: "" }] },
      { rules: [{ ...dropPullRequests, tags: [] }] },
      { rules: [{ ...dropPullRequests, tags: [""] }] },
    ]) {
      it(`says one thing about one value: ${JSON.stringify(change).slice(0, 60)}`, () => {
        assert.equal(errorOf(change).split("\n").length, 2, errorOf(change));
      });
    }

    it("names everything that is wrong at once", () => {
      const error = errorOf({ owner: "", minimumAge: "1h" });
      assert.match(error, /owner: [\s\S]*minimumAge: /);
    });
  });

  describe("when names are protected", () => {
    it("takes digests and tags", () => {
      const protect = [digestOf("a"), `sha512:${"0".repeat(128)}`, "prod", "_x", "v1.2-rc"];
      assert.deepEqual(parsePolicy({ ...valid, protect }).protect, protect);
    });
  });
});
