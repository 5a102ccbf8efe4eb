import assert from "node:assert/strict";
import { type ConfiguredPolicy, readStackPolicies } from "../../../components/config/stack-policies";
import { ConfigError } from "../../../components/model/errors";
import { parsePolicy } from "../../../components/rules/parse-policy";
import { dropPullRequests, dropUntagged, keepReleases, type RuleInput } from "../../support/builders/policy";

const app = { owner: "logto-io", package: "app" };
const ruleSets = { company: [keepReleases], clean: [dropUntagged, dropPullRequests] };
const dropMain: RuleInput = { name: "drop-main", action: "delete", tags: ["main-*"] };

type Written = Parameters<typeof readStackPolicies>[0];

function only(written: Written): ConfiguredPolicy {
  const [first, ...others] = readStackPolicies(written);
  assert.ok(first && others.length === 0);
  return first;
}

function rulesOf(written: Written): string[] {
  return only(written).policy.rules.map(({ name }) => name);
}

function errorOf(written: Written): string {
  try {
    readStackPolicies(written);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return "";
}

describe("the policies of a stack", () => {
  describe("when there are none", () => {
    it("are none", () => assert.deepEqual(readStackPolicies({}), []));
    it("are none where the config has none", () => {
      assert.deepEqual(readStackPolicies({ policies: undefined, ruleSets: undefined, defaults: undefined }), []);
    });
  });

  describe("when a policy stands by itself", () => {
    const { policy, configPath, weaker } = only({ policies: [{ ...app, rules: [dropUntagged] }] });
    it("is as written, and says where", () => {
      assert.deepEqual(parsePolicy(policy), parsePolicy({ ...app, rules: [dropUntagged] }));
      assert.equal(configPath, "ghcr-retention:policies[0]");
    });
    it("is weaker than nothing", () => assert.deepEqual(weaker, []));
  });

  describe("when rule sets are used", () => {
    it("come before a policy's own rules", () => {
      assert.deepEqual(rulesOf({ ruleSets, policies: [{ ...app, use: ["clean"], rules: [dropMain] }] }), [
        "drop-untagged",
        "drop-pr",
        "drop-main",
      ]);
    });
    it("may be all the rules that a policy has", () => {
      assert.deepEqual(rulesOf({ ruleSets, policies: [{ ...app, use: ["clean"] }] }), ["drop-untagged", "drop-pr"]);
    });
    it("may be the default, to which a policy adds and of which it takes nothing away", () => {
      const defaults = { use: ["company"] };
      assert.deepEqual(rulesOf({ ruleSets, defaults, policies: [{ ...app, use: ["clean"] }] }), [
        "keep-releases",
        "drop-untagged",
        "drop-pr",
      ]);
      assert.deepEqual(rulesOf({ ruleSets, defaults, policies: [{ ...app, use: [], rules: [dropMain] }] }), ["keep-releases", "drop-main"]);
    });
    it("count once, however often they are named", () => {
      const defaults = { use: ["company"] };
      assert.deepEqual(rulesOf({ ruleSets, defaults, policies: [{ ...app, use: ["company"] }] }), ["keep-releases"]);
    });
    for (const name of ["missing", "constructor"]) {
      it(`are refused where none is named "${name}"`, () => {
        assert.match(
          errorOf({ ruleSets, policies: [{ ...app, use: [name] }] }),
          new RegExp(`policies\\[0\\]\\.use: no rule set is named "${name}"; there are: company, clean`),
        );
      });
    }
    it("do not let a policy replace one of their rules", () => {
      const weakened: RuleInput = { ...keepReleases, tags: ["nothing"] };
      assert.match(
        errorOf({ ruleSets, policies: [{ ...app, use: ["company"], rules: [weakened] }] }),
        /policies\[0\]\.rules: "keep-releases" is a rule of the set "company"; a package may add rules, not replace them/,
      );
    });
    it("are refused together where two name a rule alike", () => {
      const more = { ...ruleSets, again: [dropUntagged] };
      assert.match(
        errorOf({ ruleSets: more, policies: [{ ...app, use: ["clean", "again"] }] }),
        /policies\[0\]\.rules\[2\]\.name: expected a name of its own: "drop-untagged" is taken/,
      );
    });
    it("are checked though nobody uses them", () => {
      const wrong = { company: [{ ...keepReleases, tags: ["[z-a]"] }] };
      assert.match(errorOf({ ruleSets: wrong }), /ghcr-retention:ruleSets\.company\[0\]\.tags\[0\]: /);
    });
  });

  describe("when a policy has no rules at all", () => {
    it("is refused", () => assert.match(errorOf({ policies: [app] }), /policies\[0\]\.rules: expected at least one rule/));
  });

  describe("when there are defaults", () => {
    const defaults = {
      protect: ["prod"],
      limits: { deletions: 20, percent: 10 },
      minimumAge: "7d",
      grace: "14d",
      inUse: { github: "required" as const },
      approval: "required" as const,
    };
    const withDefaults = (more: object) => only({ defaults, policies: [{ ...app, rules: [dropUntagged], ...more }] });

    it("hold where a policy says nothing", () => {
      const { policy, weaker } = withDefaults({});
      assert.deepEqual(policy, { ...app, ...defaults, rules: [dropUntagged] });
      assert.deepEqual(weaker, []);
    });
    it("are added to in what they protect", () => {
      assert.deepEqual(withDefaults({ protect: ["v1"] }).policy.protect, ["prod", "v1"]);
    });
    it("hold for the limit that a policy does not name", () => {
      const { policy, weaker } = withDefaults({ limits: { percent: 5 } });
      assert.deepEqual(policy.limits, { deletions: 20, percent: 5 });
      assert.deepEqual(weaker, []);
    });

    for (const [stricter, weaker, named] of [
      [{ limits: { deletions: 10 } }, { limits: { deletions: 21 } }, "limits"],
      [{ limits: { percent: 10 } }, { limits: { percent: 11 } }, "limits"],
      [{ minimumAge: "8d" }, { minimumAge: "6d" }, "minimumAge"],
      [{ grace: "15d" }, { grace: "13d" }, "grace"],
      [{ inUse: { github: "required" } }, { inUse: { github: "optional" } }, "inUse"],
      [{ approval: "required" }, { approval: "automatic" }, "approval"],
    ] as const) {
      it(`lets ${JSON.stringify(stricter)} pass, and names ${JSON.stringify(weaker)} as weaker`, () => {
        assert.deepEqual(withDefaults(stricter).weaker, []);
        assert.deepEqual(withDefaults(weaker).weaker, [named]);
      });
    }
    it("are themselves checked", () => {
      assert.match(errorOf({ defaults: { minimumAge: "1h" } }), /ghcr-retention:defaults\.minimumAge: expected at least "1d"/);
      assert.match(errorOf({ defaults: { approve: "2026-11-23-7f3a9c21b4d0" } }), /ghcr-retention:defaults: .*approve/);
    });
  });

  describe("when two policies are for one package", () => {
    it("are refused, however the owner is written", () => {
      const policies = [
        { ...app, rules: [dropUntagged] },
        { owner: "Logto-IO", package: "app", rules: [dropPullRequests] },
      ];
      assert.match(errorOf({ policies }), /policies\[1\]: expected one policy for each package; logto-io\/app has one already/);
    });
  });

  describe("when several things are wrong", () => {
    it("name them all, with where they stand", () => {
      const policies = [
        { ...app, use: ["missing"] },
        { owner: "logto-io", package: "other" },
      ];
      const error = errorOf({ policies });
      assert.match(error, /^the stack's config is not valid:\n/);
      assert.match(error, /policies\[0\]\.use: no rule set/);
      assert.match(error, /policies\[1\]\.rules: expected at least one rule/);
    });
    it("say what kind of thing was expected", () => {
      assert.match(errorOf({ policies: "app" }), /ghcr-retention:policies: expected a list/);
      assert.match(errorOf({ policies: [{ ...app, ruels: [] }] }), /ghcr-retention:policies\[0\]: .*ruels/);
    });
  });
});
