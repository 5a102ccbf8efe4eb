import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../components/graph/graph";
import { idleRulesText, ruleWarningText } from "../../../components/messages/rule-warning";
import { computePlan } from "../../../components/plan/plan";
import { idleRules, ruleWarnings } from "../../../components/plan/rule-warnings";
import { unmatchedKeeps } from "../../../components/plan/unmatched-keeps";
import { type Entry, image, index, packageOf, today } from "../../support/builders/package";
import { dropEverything, dropPullRequests, dropUntagged, keepReleases, policyOf, type RuleInput } from "../../support/builders/policy";
import { patience, randomCase, runs } from "../../support/builders/random-case";
import { isKept, matches } from "../../support/oracle/rule-oracle";

const world = [image("prod", { tags: ["prod"] }), image("pr", { tags: ["pr-1"] }), image("lone")];

function warnings(rules: readonly RuleInput[], minimumAge = "1d"): string[] {
  return ruleWarnings(policyOf(rules, { minimumAge })).map(ruleWarningText);
}

function notes(rules: readonly RuleInput[], entries: readonly Entry[] = world): string[] {
  const policy = policyOf(rules);
  return idleRules(computePlan(buildGraph(packageOf(...entries)), policy, { asOf: today }), policy).map((idle) => idleRulesText([idle]));
}

function ofRule(conditions: object, action = "delete"): string[] {
  return warnings([{ name: "one", action, ...conditions } as RuleInput]);
}

const impossible = "no tag can match `tags`, which ask for a character that no tag holds, or for text before `^` or after `$`";

describe("the warnings about rules", () => {
  describe("when all is well", () => {
    it("are none", () => assert.deepEqual(warnings([dropPullRequests, dropUntagged, keepReleases]), []));
    it("are none for rules that share some images", () => assert.deepEqual(warnings([dropEverything, keepReleases]), []));
  });

  describe("when a rule can never match", () => {
    for (const [conditions, why] of [
      [{ olderThan: "14d", newerThan: "7d" }, "nothing is older than `olderThan` and newer than `newerThan`"],
      [{ olderThan: "7d", newerThan: "P1W" }, "nothing is older than `olderThan` and newer than `newerThan`"],
      [{ newerThan: "1d" }, "nothing younger than `minimumAge` is touched"],
      [{ tags: ["pr-*", "!*"] }, "what `tags` asks for, `!` or `notTags` takes away"],
      [{ tags: ["pr-*"], notTags: ["pr-*"] }, "what `tags` asks for, `!` or `notTags` takes away"],
      [{ tags: ["pr-*", "main-*", "!main-*"], notTags: ["pr-*"] }, "what `tags` asks for, `!` or `notTags` takes away"],
      [{ semver: "*", notTags: ["*"] }, "`notTags` takes every tag away"],
      [{ semver: ">2 <1" }, "no version is in the range of `semver`"],
      ...["/^stable$,^v[0-9]+$/", "/^pr .*/", "/a$b/", "-rc*", ".hidden"].map((tag) => [{ tags: [tag] }, impossible] as const),
    ] as const) {
      it(`name it: ${JSON.stringify(conditions)}`, () => {
        assert.deepEqual(ofRule(conditions), [`rule one can never delete anything: ${why}`]);
      });
    }
    it("name a keep rule, too", () => {
      assert.deepEqual(ofRule({ untagged: true, mostRecent: { count: 3, by: "semver" } }, "keep"), [
        "rule one can never keep anything: an untagged image has no version to be the most recent by",
      ]);
    });
    it("go by the policy's minimum age", () => {
      const young: RuleInput = { name: "one", action: "delete", newerThan: "3d" };
      assert.deepEqual([warnings([young]).length, warnings([young], "3d").length], [0, 1]);
    });
  });

  describe("when a rule only looks impossible", () => {
    for (const conditions of [
      { tags: ["pr-*", "!*"], untagged: true },
      { notTags: ["*"] },
      { dangling: true, broken: true },
      { dangling: true, platforms: ["linux/*"] },
      { semver: ">1.0.0 <1.0.1-rc.2" },
      { olderThan: "7d", newerThan: "8d" },
      { tags: ["pr-*", "main-*"], notTags: ["pr-*"] },
      { tags: ["pr-*"], notTags: ["main-*"] },
      { semver: "*", notTags: ["pr-*"] },
      ...["/^v1$.*/", "/^v1$()/", "/a,?b/", "/a*^b/", "/ (?i)?a/", "/(a b|c)/", "/a b|c/", "/^v1$|^v2$/"].map((tag) => ({ tags: [tag] })),
      { tags: ["/a b/", "v*"] },
      { tags: ["/a b/"], untagged: true },
    ]) {
      it(`are none: ${JSON.stringify(conditions)}`, () => assert.deepEqual(ofRule(conditions), []));
    }
    it("are none for a keep rule about what is young", () => assert.deepEqual(ofRule({ newerThan: "1d" }, "keep"), []));
  });

  describe("when rules contradict each other", () => {
    it("name both", () => {
      const keepAll: RuleInput = { name: "keep-pr", action: "keep", tags: ["pr-*"] };
      assert.deepEqual(warnings([dropPullRequests, keepAll]), [
        "rule drop-pr contradicts rule keep-pr, which keeps all that it would delete",
      ]);
    });
    it("are none where the keep rule keeps only the most recent", () => {
      assert.deepEqual(warnings([dropPullRequests, { name: "keep-pr", action: "keep", tags: ["pr-*"], mostRecent: 3 }]), []);
    });
  });

  describe("when a rule repeats another one", () => {
    const older: RuleInput = { ...dropPullRequests, name: "drop-older-pr", olderThan: "30d" };
    it("name the narrower one, whatever the order", () => {
      for (const rules of [
        [dropPullRequests, older],
        [older, dropPullRequests],
      ]) {
        assert.deepEqual(warnings(rules), ["rule drop-older-pr has no say: drop-pr matches all that it matches"]);
      }
    });
    it("name the later one of two that are alike", () => {
      const again = { ...keepReleases, name: "again" };
      assert.deepEqual(warnings([keepReleases, again, dropUntagged]), ["rule again has no say: keep-releases matches all that it matches"]);
    });
  });
});

describe("the notes about rules", () => {
  describe("when several keep rules keep all that a delete rule matches", () => {
    const keep = (name: string, tag: string): RuleInput => ({ name, action: "keep", tags: [tag] });
    const drop: RuleInput = { name: "drop", action: "delete", tags: ["pr-*"] };
    it("name them in their order, and count what the rule matches", () => {
      const entries = [image("b", { tags: ["pr-b"], days: 9 }), image("a", { tags: ["pr-a"], days: 8 }), image("x", { tags: ["x"] })];
      assert.deepEqual(notes([drop, keep("keep-b", "pr-b"), keep("keep-a", "pr-a")], entries), [
        "nothing to do today for rule drop (keep-a, keep-b keep all 2 images that it matches)",
      ]);
    });
    it("go by what was there when the day began", () => {
      const notedAt = (days: number) =>
        notes([drop, keep("keep-a", "pr-a")], [image("a", { tags: ["pr-a"], days: 9 }), image("b", { tags: ["pr-b"], days })]);
      assert.equal(notedAt(-0.1).length, 1);
      assert.equal(notedAt(0).length, 0);
    });
    it("count what was pushed at the very start of the day", () => {
      assert.deepEqual(notes([drop, keep("keep-a", "pr-a")], [image("a", { tags: ["pr-a"], days: 0 })]), [
        "nothing to do today for rule drop (keep-a keeps the only image that it matches)",
      ]);
    });
  });

  describe("when keep rules keep all that a delete rule matches in this package", () => {
    const keepOne: RuleInput = { name: "keep-one", action: "keep", tags: ["pr-*"], mostRecent: 1 };
    it("name it and them", () => {
      assert.deepEqual(notes([dropPullRequests, keepOne]), [
        "nothing to do today for rule drop-pr (keep-one keeps the only image that it matches)",
      ]);
    });
    it("are no warning: it may have something to do tomorrow", () => assert.deepEqual(warnings([dropPullRequests, keepOne]), []));
    it("are none about a rule that warnings speak of", () => {
      assert.deepEqual(notes([dropPullRequests, { name: "keep-pr", action: "keep", tags: ["pr-*"] }]), []);
    });
    it("are none once it deletes something", () => {
      assert.deepEqual(notes([dropPullRequests, keepOne], [...world, image("older", { tags: ["pr-0"], days: 200 })]), []);
    });
    it("are none where one that it matches stays for another reason: no rule speaks for a tag of it", () => {
      const entries = [image("newest", { tags: ["pr-2"], days: 8 }), image("older", { tags: ["pr-1", "prod"], days: 200 })];
      assert.deepEqual(notes([dropPullRequests, keepOne], entries), []);
    });
    it("are none where a referrer that goes by its own tags would keep it, were it not its image's", () => {
      const newest: RuleInput = { name: "newest", action: "keep", mostRecent: { count: 1, by: "semver" } };
      const dropVersions: RuleInput = { name: "drop-versions", action: "delete", semver: "*" };
      const entries = [
        image("app", { tags: ["latest"], days: 9 }),
        index("list", ["part"], { tags: ["1.0.0"], days: 9, subject: "app" }),
        image("part", { tags: ["pr-1", "prod"], days: 9 }),
      ];
      assert.deepEqual(notes([dropPullRequests, dropVersions, newest], entries), []);
    });
    it("are none where it matches nothing: it may in another package", () => {
      assert.deepEqual(notes([dropPullRequests, keepOne], [image("prod", { tags: ["prod"] })]), []);
    });
  });
});

describe("what is said about rules", () => {
  describe("when the package and the rules are random", function () {
    this.timeout(patience);
    it("are true", () => {
      let said = 0;
      const property = fc.property(randomCase, (one) => {
        const { world, policy } = one;
        const plan = computePlan(one.graph, policy, { asOf: today });
        const findings = [
          ...ruleWarnings(policy).map((warning) => ({ ...warning, text: ruleWarningText(warning) })),
          ...idleRules(plan, policy).map((idle) => ({ ...idle, kind: "idle" as const, text: idleRulesText([idle]) })),
          ...unmatchedKeeps(plan, policy).idle.map((idle) => ({ ...idle, kind: "unmatched" as const, text: idleRulesText([idle]) })),
        ];
        for (const { rule: name, kind, text } of findings) {
          const rule = policy.rules.find((each) => each.name === name);
          assert.ok(rule, text);
          said++;
          const matched = world.versions.filter((version) => matches(world, rule, version));
          const alone = one.with({ rules: one.rules.filter((each) => each.name === name) });
          const others = one.with({ rules: one.rules.filter((each) => each.name !== name) });
          if (kind === "redundant") assert.deepEqual(others.deleted, one.deleted, text);
          else if (kind === "unmatched") assert.ok(!world.versions.some((version) => isKept(alone.world, version)), text);
          else if (kind !== "never-matches")
            assert.ok(
              matched.every((version) => isKept(world, version)),
              text,
            );
          else if (rule.action === "delete") assert.deepEqual(alone.deleted, [], text);
          else assert.ok(!world.versions.some((version) => isKept(alone.world, version)), text);
        }
      });
      fc.assert(property, runs);
      assert.ok(said > runs.numRuns / 20, `${said} findings in ${runs.numRuns} cases`);
    });
  });
});
