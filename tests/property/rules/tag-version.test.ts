import assert from "node:assert/strict";
import fc from "fast-check";
import { compareVersions, groupOf, isEmptyRange, isVersionRange, tagVersion, versionTest } from "../../../components/rules/tag-version";
import { runs } from "../../support/builders/random-case";
import { groupName, isInRange, isNewerVersion, oracleVersion } from "../../support/oracle/version-oracle";

function inShort(tag: string): string | undefined {
  const found = tagVersion(tag);
  return found && [found.version.version, found.variant].join(" ").trim();
}

describe("the version in a tag", () => {
  for (const [tag, version] of [
    ["1.4.2", "1.4.2"],
    ["v1.4.2", "1.4.2"],
    ["1.4.2-rc.1", "1.4.2-rc.1"],
    ["1.4.2-RC1", "1.4.2-RC.1"],
    ["1.4.2-20240101", "1.4.2-20240101"],
    ["1.4.2-alpha.beta", "1.4.2-alpha.beta"],
    ["1.4.2-canary.5f3c2a1", "1.4.2-canary.5f3c2a1"],
    ["1.4.2-rc-1", "1.4.2-rc-1"],
    ["1.4.2-alpine", "1.4.2 alpine"],
    ["v1.4.2-alpine3.20", "1.4.2 alpine3.20"],
    ["1.4.2-debian-12", "1.4.2 debian-12"],
    ["1.4.2-rc.1-slim", "1.4.2-rc.1 slim"],
    ["1.4.2-beta-debian-12", "1.4.2-beta debian-12"],
    ["2023.12.06", "2023.12.6"],
    ["0.3.0_build.5", "0.3.0"],
    ["1.4.2_1", "1.4.2"],
    ["v1.4.2-rc.1_20240101-0123abc", "1.4.2-rc.1"],
    ["1.4.2-alpine_3", "1.4.2 alpine"],
    ["17.0.2_8-jdk-alpine", "17.0.2 jdk-alpine"],
    ["1.4.2_amd64", "1.4.2 amd64"],
    ["1.4.2-slim_8-g0123abc-arm64", "1.4.2 slim-arm64"],
    ["1.4.2_abcdef1", "1.4.2"],
  ] as const) {
    it(`of ${tag} is ${version}`, () => assert.equal(inShort(tag), version));
  }

  for (const tag of [
    "1.4",
    "v1",
    "latest",
    "1.4.2.1",
    "x1.4.2",
    "V1.4.2",
    "1.4.2_",
    "1.4.2_a_b",
    "1.4.2_a..b",
    "1.4_1",
    "1.4.2-_1",
    "1.4.2-",
    "1.4.2.",
    "1.4.1234567890",
    "pr-1.4.2",
    "",
  ]) {
    it(`is not found in "${tag}"`, () => assert.equal(tagVersion(tag), undefined));
  }

  it("agrees with another reader", () => {
    const part = fc.constantFrom("v", "1", "0", "10", ".", ".", "-", "-", "rc", "alpha", "m", "x", "alpine", "_", "_", "abcdef1");
    const made = fc.array(part, { maxLength: 7 }).map((parts) => `1.0.0${parts.join("")}`);
    const property = fc.property(
      fc.oneof(
        made,
        fc.array(part).map((parts) => parts.join("")),
      ),
      (tag) => {
        const [ours, theirs] = [tagVersion(tag), oracleVersion(tag)];
        assert.equal(ours === undefined, theirs === undefined);
        if (ours === undefined || theirs === undefined) return;
        assert.deepEqual([ours.variant, ours.version.prerelease.join(".")], [theirs.variant, asRead(theirs.prerelease)]);
      },
    );
    fc.assert(property, runs);
  });
});

/** Numbers lose their leading zeros. */
function asRead(prerelease: readonly string[]): string {
  return prerelease.map((one) => (/^\d+$/.test(one) ? String(Number(one)) : one)).join(".");
}

describe("a range of versions", () => {
  for (const [range, tag, expected] of [
    [">=1.0.0 <2", "v1.4.2", true],
    [">=1.0.0 <2", "2.0.0", false],
    [">=1.0.0 <2", "1.4.2-alpine", true],
    [">=1.0.0 <2", "1.4.2_build.5", true],
    [">=1.0.0 <2", "2.0.0_build.5", false],
    [">=1.0.0 <2", "1.4.2-rc.1_build.5", false],
    [">=1.4.2_build.5 <2", "1.4.2_build.6", true],
    [">=1.4.2+build.5 <2", "1.4.2", true],
    [">=1.0.0 <2", "1.4.2-rc.1", false],
    [">=1.0.0 <2", "2.0.0-rc.1", false],
    [">=1.4.2-rc.1 <2", "1.4.2-rc.2", true],
    [">=1.4.2-rc9 <2", "1.4.2-rc10", true],
    [">=1.4.2-rc9 <2", "1.4.2-rc.10", true],
    [">=1.4.2-rc.1 <2", "1.4.2-rc.2-slim", true],
    [">=1.4.2-rc.1 <2", "1.5.0-rc.1", false],
    ["*", "1.4", false],
    ["*", "latest", false],
    ["^1.4", "1.9.9", true],
    ["~1.4 || 2.x", "2.1.0", true],
  ] as const) {
    it(`${range} ${expected ? "holds" : "does not hold"} ${tag}`, () => assert.equal(versionTest(range)(tag), expected));
  }

  it("is told from what is none", () => {
    assert.deepEqual([">=1.0.0 <2", "", "1.x", "latest", ">=one"].map(isVersionRange), [true, true, true, false, false]);
  });
  it("may be empty", () => {
    const empty = [">2 <1", ">1.0.0 <1.0.1", "<0.0.0", ">2 <1 || >4 <3"];
    const notEmpty = ["*", ">1.0.0 <1.0.1-rc.5", ">1.0.0-rc.1 <1.0.0-rc.2", "<0.0.1", ">2 <1 || 3.x"];
    assert.deepEqual([...empty, ...notEmpty].map(isEmptyRange), [...empty.map(() => true), ...notEmpty.map(() => false)]);
  });

  const tag = fc
    .tuple(
      fc.constantFrom("", "v"),
      fc.nat(2),
      fc.nat(2),
      fc.nat(2),
      fc.constantFrom("", "", "-rc.1", "-rc2", "-rc10", "-1", "-alpine", "-beta-slim"),
    )
    .map(([v, major, minor, patch, rest]) => `${v}${major}.${minor}.${patch}${rest}`);
  const bound = fc
    .tuple(
      fc.constantFrom(">", ">=", "<", "<=", "^", "~", ""),
      fc.nat(2),
      fc.nat(2),
      fc.nat(2),
      fc.constantFrom("", "", "-rc.1", "-rc9", "-rc"),
    )
    .map(([operator, major, minor, patch, rest]) => `${operator}${major}.${minor}.${patch}${rest}`);
  const range = fc.array(bound, { minLength: 1, maxLength: 2 }).map((bounds) => bounds.join(" "));

  it("holds what another reader finds in it, and nothing when it is empty", () => {
    const property = fc.property(range, tag, (one, version) => {
      assert.equal(versionTest(one)(version), isInRange(version, one));
      assert.ok(!isEmptyRange(one) || !versionTest(one)(version));
    });
    fc.assert(property, runs);
  });
});

describe("versions in an order", () => {
  function order(...tags: readonly string[]): string[] {
    return [...tags].sort((a, b) => compareVersions(read(a), read(b)));
  }
  it("come newest first", () => {
    assert.deepEqual(order("1.0.0", "1.0.10", "1.0.9", "v2.0.0", "1.10.0"), ["v2.0.0", "1.10.0", "1.0.10", "1.0.9", "1.0.0"]);
  });
  it("have prereleases before the release, by number where they have one", () => {
    assert.deepEqual(order("1.0.0-rc.10", "1.0.0-rc8", "1.0.0-rc11", "1.0.0", "1.0.0-rc.9", "1.0.0-beta", "1.0.0-7"), [
      "1.0.0",
      "1.0.0-rc11",
      "1.0.0-rc.10",
      "1.0.0-rc.9",
      "1.0.0-rc8",
      "1.0.0-beta",
      "1.0.0-7",
    ]);
  });
  it("agree with another comparison, and with other groups", () => {
    const suffix = fc.constantFrom(
      "",
      "-rc",
      "-rc.1",
      "-rc.2",
      "-rc10",
      "-rc9",
      "-rc.1.1",
      "-alpha.beta",
      "-1",
      "-2.3",
      "-beta-slim",
      "-slim",
      "_1",
      "_build.2",
      "_8-slim",
      "-rc.1_slim",
    );
    const tag = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), suffix).map(([a, b, c, rest]) => `${a}.${b}.${c}${rest}`);
    const per = fc.constantFrom(undefined, "major" as const, "minor" as const, "patch" as const);
    const property = fc.property(tag, tag, per, (one, other, depth) => {
      const [ours, theirs] = [read(one), read(other)];
      const [same, too] = [oracleVersion(one), oracleVersion(other)];
      assert.ok(same && too);
      assert.equal(compareVersions(ours, theirs) < 0, isNewerVersion(same, too));
      assert.equal(groupOf(ours, depth) === groupOf(theirs, depth), groupName(same, depth) === groupName(too, depth));
    });
    fc.assert(property, runs);
  });
});

function read(tag: string) {
  const found = tagVersion(tag);
  if (found === undefined) throw new Error(`${tag} is no version`);
  return found;
}
