import assert from "node:assert/strict";
import fc from "fast-check";
import { familyOf } from "../../../components/proposal/tag-family";
import { patternProblem, tagTest } from "../../../components/rules/tag-pattern";

const families: Readonly<Record<string, readonly string[]>> = {
  release: ["v1", "v1.4.2", "1.4", "1.4.2-alpine3.20", "v2.0.0-rc.1", "2024.01.15", "release-7", "stable-2", "3"],
  moving: ["latest", "prod", "main", "nightly", "Latest", "staging"],
  "pull-request": ["pr-1", "PR-12-amd64", "pull-7", "mr_3", "preview-44", "pr12"],
  commit: ["sha-0123abc", "0a1b2c3", "git-deadbeef01", "4f22ef80902ad409ed55a99dc5133cc1250a0d03"],
  date: ["20240101", "2024-01-01", "2024-01-01-1", "20241231T0300"],
  build: ["main-42", "main-0123abc", "nightly-2024-01-01", "nightly-20240101", "api-0123abc", "dev.17"],
  branch: ["feature-login", "renovate-node-20.x", "fix-42"],
  unclear: [
    "ubuntu-22",
    "jdk-17",
    "bookworm",
    "1234567",
    "defaced",
    "20241301",
    "main-beef",
    "hotpot",
    "a",
    "x-1.2.3",
    `sha256-${"a".repeat(64)}`,
  ],
};

describe("the family of a tag", () => {
  for (const [purpose, tags] of Object.entries(families)) {
    for (const tag of tags) {
      it(`${tag} is ${purpose}`, () => assert.equal(familyOf(tag)?.purpose ?? "unclear", purpose));
    }
  }

  /** Tags as people and machines write them, and the odd one. */
  const word = fc.constantFrom("main", "pr", "sha", "feature", "ubuntu", "api", "release", "dev", "v", "nightly", "my.app", "git", "2024");
  const separator = fc.constantFrom("-", "_", ".", "");
  const end = fc.oneof(
    fc.nat({ max: 99_999_999 }).map(String),
    fc.stringMatching(/^[0-9a-f]{4,12}$/),
    fc.stringMatching(/^[a-z0-9]{1,8}$/),
    fc.constantFrom("2024-01-01", "20240101", "2024-13-41", "beef", "x", "1.2.3-rc.1"),
  );
  const tags = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(word, separator, end).map((parts) => parts.join("")) },
    { weight: 2, arbitrary: end },
    { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/) },
  );

  it("has patterns that are good, and fit the tag", () => {
    fc.assert(
      fc.property(tags, (tag) => {
        const family = familyOf(tag);
        if (family === undefined) return;
        for (const pattern of family.patterns) assert.equal(patternProblem(pattern.replace(/^!/, "")), undefined, pattern);
        assert.ok(tagTest(family.patterns)(tag), `${family.patterns} ${tag}`);
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes what begins like a version for a release, whatever follows", () => {
    for (const tag of ["v0a", "1.2abc", "v1", "1.4.2-alpine3.20"]) assert.equal(familyOf(tag)?.purpose, "release", tag);
  });

  it("never has patterns that fit a tag of no clear family, nor a release where its tags may go", () => {
    fc.assert(
      fc.property(tags, tags, (one, other) => {
        const family = familyOf(one);
        const what = familyOf(other)?.purpose;
        if (family === undefined || what === family.purpose) return;
        const isKept = what === undefined || what === "release" || what === "moving";
        const mayGo = family.purpose !== "release" && family.purpose !== "moving";
        if (what === undefined || (mayGo && isKept))
          assert.ok(!tagTest(family.patterns)(other), `${family.patterns} of ${one} fit ${other}`);
      }),
      { numRuns: 20_000 },
    );
  });
});
