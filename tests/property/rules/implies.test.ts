import assert from "node:assert/strict";
import fc from "fast-check";
import { implies } from "../../../components/rules/implies";
import type { Rule } from "../../../components/rules/policy";
import { digestOf } from "../../support/builders/package";
import { policyOf, type RuleInput } from "../../support/builders/policy";
import { patience, randomCase, runs } from "../../support/builders/random-case";
import { randomDeleteRule, randomKeepRule } from "../../support/builders/random-rule";
import { matches, speaksFor } from "../../support/oracle/rule-oracle";

type Conditions = Omit<RuleInput, "name" | "action">;

function parsed(conditions: Conditions, action: "keep" | "delete" = "delete"): Rule {
  return policyOf([{ name: "rule", action, ...conditions } as RuleInput]).rules[0] as Rule;
}

describe("a rule that matches all that another one matches", () => {
  const [a, b] = [digestOf("a"), digestOf("b")];
  for (const [narrower, wider] of [
    [{}, {}],
    [{ tags: ["pr-*"], olderThan: "7d" }, {}],
    [{ tags: ["pr-*"], olderThan: "7d" }, { tags: ["pr-*"] }],
    [{ tags: ["pr-*", "main-*"] }, { tags: ["main-*", "pr-*"] }],
    [{ tags: ["pr-*"] }, { tags: ["*"] }],
    [{ tags: ["pr-*"] }, { tags: ["pr-*"], untagged: true }],
    [{ untagged: true }, { tags: ["pr-*"], untagged: true }],
    [{ tags: ["v*"], semver: "1.x" }, { semver: "1.x" }],
    [{ olderThan: "14d" }, { olderThan: "7d" }],
    [{ newerThan: "7d" }, { newerThan: "14d" }],
    [{ notTags: ["prod", "v*"] }, { notTags: ["prod"] }],
    [{ platforms: ["linux/arm64"] }, { platforms: ["linux/amd64", "linux/arm64"] }],
    [{ annotations: { stage: "test", team: "a" } }, { annotations: { stage: "test" } }],
    [{ digests: [a] }, { digests: [a, b] }],
    [{ broken: true }, { scope: "versions" }],
    [{ dangling: true, olderThan: "7d" }, { dangling: true }],
  ] as [Conditions, Conditions][]) {
    it(`${JSON.stringify(wider)} matches all of ${JSON.stringify(narrower)}`.replace(/sha256:(.)\w+/g, "$1…"), () => {
      assert.equal(implies(parsed(narrower), parsed(wider)), true);
    });
  }

  for (const [narrower, wider] of [
    [{}, { tags: ["*"] }],
    [{ tags: ["pr-*"], untagged: true }, { tags: ["pr-*"] }],
    [{ tags: ["pr-*"] }, { untagged: true }],
    [{ tags: ["pr-*"] }, { tags: ["*", "!pr-1"] }],
    [{ tags: ["pr-1"] }, { tags: ["pr-*"], semver: "*" }],
    [{ olderThan: "7d" }, { olderThan: "14d" }],
    [
      { olderThan: "14d", age: "created" },
      { olderThan: "7d", age: "updated" },
    ],
    [{ newerThan: "14d" }, { newerThan: "7d" }],
    [{}, { notTags: ["prod"] }],
    [{}, { platforms: ["*"] }],
    [{ platforms: ["linux/amd64", "linux/arm64"] }, { platforms: ["linux/arm64"] }],
    [{ annotations: { stage: "test" } }, { annotations: { stage: "prod" } }],
    [{ digests: [a, b] }, { digests: [a] }],
    [{ scope: "versions" }, {}],
    [{ dangling: true }, {}],
    [{ dangling: true }, { scope: "versions" }],
    [{}, { dangling: true }],
    [{}, { broken: true }],
  ] as [Conditions, Conditions][]) {
    it(`${JSON.stringify(wider)} need not match all of ${JSON.stringify(narrower)}`.replace(/sha256:(.)\w+/g, "$1…"), () => {
      assert.equal(implies(parsed(narrower), parsed(wider)), false);
    });
  }

  it("is no keep rule that keeps only the most recent", () => {
    assert.equal(implies(parsed({}), parsed({ mostRecent: 3 } as Conditions, "keep")), false);
  });
  it("may be a keep rule for a delete rule that sees what dangles, where it sees that, too", () => {
    assert.equal(implies(parsed({ dangling: true }), parsed({}, "keep")), false);
    assert.equal(implies(parsed({ dangling: true }), parsed({ scope: "versions" }, "keep")), true);
  });

  it("matches all that it is said to match, whatever the package", function () {
    this.timeout(patience);
    let said = 0;
    const rule = fc.oneof(randomDeleteRule, randomKeepRule);
    const property = fc.property(randomCase, rule, rule, fc.subarray(dropped), fc.boolean(), (one, base, other, drop, keep) => {
      // Mostly the same rule with fewer conditions: two at random are rarely related.
      const wide = drop.length === 0 ? other : { ...without(base, drop), action: keep ? "keep" : base.action };
      const { policy, world } = one.with({ rules: [base, wide as RuleInput] });
      const [narrower, wider] = policy.rules as [Rule, Rule];
      if ((wider.action === "delete" && narrower.action === "keep") || !implies(narrower, wider)) return;
      said++;
      for (const version of world.versions.filter((each) => matches(world, narrower, each))) {
        assert.ok(matches(world, wider, version), `${version.id} is matched by the narrower rule alone`);
        const spoken = world.userTags(version).filter((tag) => speaksFor(narrower, tag));
        assert.deepEqual(
          spoken,
          spoken.filter((tag) => speaksFor(wider, tag)),
        );
      }
    });
    fc.assert(property, runs);
    assert.ok(said > runs.numRuns / 4, `${said} of ${runs.numRuns} pairs were related`);
  });
});

const dropped = [
  "tags",
  "untagged",
  "semver",
  "olderThan",
  "newerThan",
  "notTags",
  "platforms",
  "annotations",
  "digests",
  "broken",
  "mostRecent",
];

function without(rule: RuleInput, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => !keys.includes(key)));
}
