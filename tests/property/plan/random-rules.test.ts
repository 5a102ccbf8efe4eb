import assert from "node:assert/strict";
import fc from "fast-check";
import { type Case, randomCase, randomReleaseCase } from "../../support/builders/random-case";
import type { RuleInput } from "../../support/builders/random-rule";

const sampleSize = 4_000;
const seed = 20231206;

/** A condition matters where the rules without it delete another set. */
describe("the random rules", function () {
  this.timeout(120_000);

  let cases: readonly Case[] = [];
  let releases: readonly Case[] = [];

  before(() => {
    cases = fc.sample(randomCase, { seed, numRuns: sampleSize });
    releases = fc.sample(randomReleaseCase, { seed, numRuns: sampleSize });
  });

  function assertMatters(sample: readonly Case[], least: number, change: (rule: RuleInput) => RuleInput): void {
    const changed = sample.filter((one) => {
      const rules = one.rules.map(change);
      if (rules.every((rule, place) => rule === one.rules[place])) return false;
      return one.with({ rules }).deleted.join() !== one.deleted.join();
    });
    const share = (100 * changed.length) / sample.length;
    assert.ok(share >= least, `it matters in ${share.toFixed(1)}% of the cases, expected ${least}% at the least`);
  }

  function without(...keys: readonly (keyof RuleInput)[]): (rule: RuleInput) => RuleInput {
    return (rule) => {
      if (keys.every((key) => rule[key] === undefined)) return rule;
      return Object.fromEntries(Object.entries(rule).filter(([key]) => !(keys as readonly string[]).includes(key))) as RuleInput;
    };
  }

  function withTags(change: (pattern: string) => string[]): (rule: RuleInput) => RuleInput {
    return (rule) => {
      const tags = rule.tags?.flatMap(change) ?? [];
      return rule.tags === undefined || tags.join() === rule.tags.join() ? rule : { ...rule, tags: ["nothing", ...tags] };
    };
  }

  function withMostRecent(change: (setting: MostRecent) => MostRecent): (rule: RuleInput) => RuleInput {
    return (rule) =>
      rule.action === "keep" && typeof rule.mostRecent === "object" ? { ...rule, mostRecent: change(rule.mostRecent) } : rule;
  }
  type MostRecent = Extract<NonNullable<Extract<RuleInput, { action: "keep" }>["mostRecent"]>, object>;

  for (const [key, least] of [
    ["tags", 8],
    ["notTags", 0.5],
    ["untagged", 10],
    ["semver", 6],
    ["olderThan", 3],
    ["newerThan", 2],
    ["age", 0.3],
    ["platforms", 1.5],
    ["artifactType", 1.5],
    ["annotations", 1.5],
    ["digests", 1.5],
    ["subjectsIn", 0.2],
    ["broken", 2],
    ["scope", 0.4],
    ["mostRecent", 7],
  ] as const) {
    it(`let \`${key}\` decide`, () => assertMatters(cases, least, without(key)));
  }

  it("let `dangling` decide", () => assertMatters(cases, 5, without("dangling", "subjectsIn")));

  it("let `!` decide", () => {
    assertMatters(
      cases,
      0.6,
      withTags((pattern) => (pattern.startsWith("!") ? [] : [pattern])),
    );
  });
  it("let a regular expression decide", () => {
    assertMatters(
      cases,
      0.6,
      withTags((pattern) => (/^!?\//.test(pattern) ? [] : [pattern])),
    );
  });

  describe("when a package holds releases", () => {
    it("let `age` decide", () => assertMatters(releases, 3, without("age")));
    it("let the range of `semver` decide", () => assertMatters(releases, 3, without("semver")));
    it("let `by: updated` decide", () => {
      const byCreated = withMostRecent((setting) => (setting.by === "updated" ? { count: setting.count } : setting));
      assertMatters(releases, 2, byCreated);
    });
    it("let `by: semver` decide", () => {
      const byCreated = withMostRecent((setting) => (setting.by === "semver" ? { count: setting.count } : setting));
      assertMatters(releases, 10, byCreated);
    });
    it("let `per` decide", () => {
      const ofAll = withMostRecent(({ per: _per, ...setting }) => setting);
      assertMatters(releases, 3, ofAll);
    });
  });
});
