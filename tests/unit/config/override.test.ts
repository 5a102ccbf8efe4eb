import assert from "node:assert/strict";
import { policyOfPackage } from "../../../components/config/override";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { ConfigError } from "../../../components/model/errors";

const rules = [{ name: "drop-pr", action: "delete", tags: ["pr-*"] }];
const keep = { name: "keep-nightly", action: "keep", tags: ["nightly-*"] };
const usual = { owner: "acme", rules, grace: "7d", minimumAge: "2d", limits: { deletions: 50, percent: 20 } };

function read(organization: object, more: { ruleSets?: unknown; defaults?: unknown } = {}) {
  return readStackOrganizations({ organizations: [organization], ...more });
}

function policyFor(name: string, organization: object) {
  const [configured] = read(organization);
  assert.ok(configured);
  return policyOfPackage(configured.whole.shared, configured.whole.overrides, name);
}

function problemsOf(organization: object): string {
  try {
    read(organization);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return assert.fail("it was taken");
}

describe("overrides of an organisation's policy", () => {
  describe("when they are stricter", () => {
    it("adds their keeps and protection, and takes the strictest of several bounds", () => {
      const overrides = {
        "team/*": { rules: [keep], protect: ["prod"], grace: "14d", limits: { percent: 10 } },
        "team/web": { protect: ["beta"], grace: "10d", minimumAge: "3d", approve: "2026-11-23-7f3a9c21b4d0" },
      };
      const policy = policyFor("team/web", { ...usual, overrides });
      assert.deepEqual(
        policy.rules.map(({ name }) => name),
        ["drop-pr", "keep-nightly"],
      );
      assert.deepEqual(policy.protect, ["prod", "beta"]);
      assert.deepEqual([policy.grace, policy.minimumAge, policy.limits], ["14d", "3d", { deletions: 50, percent: 10 }]);
      assert.equal(policy.approve, "2026-11-23-7f3a9c21b4d0");
    });

    it("leaves other packages alone", () => {
      const policy = policyFor("app", { ...usual, overrides: { "team/*": { grace: "14d" } } });
      assert.deepEqual([policy.grace, policy.minimumAge, policy.limits], ["7d", "2d", { deletions: 50, percent: 20 }]);
    });

    it("makes an automatic package wait for a person", () => {
      const overrides = { app: { approval: "required" } };
      assert.equal(policyFor("app", { ...usual, approval: "automatic", overrides }).approval, "required");
    });
  });

  describe("when they ask where images run", () => {
    const inUseOf = (shared: object, ...own: object[]) => {
      const overrides = Object.fromEntries(own.map((inUse, place) => [["app", "*"][place], { inUse }]));
      return policyFor("app", { ...usual, ...shared, overrides }).inUse;
    };
    it("takes the organisation's setting, or the strictest", () => {
      assert.deepEqual(inUseOf({ inUse: { github: "optional" } }), { github: "optional" });
      assert.deepEqual(inUseOf({ inUse: { github: "optional" } }, { github: "required" }), { github: "required" });
      assert.deepEqual(inUseOf({}, { github: "optional" }, { github: "required" }), { github: "required" });
      assert.equal(inUseOf({}), undefined);
    });
  });

  const weaker: Readonly<Record<string, readonly [object, string]>> = {
    "a delete rule": [{ rules: [{ name: "more", action: "delete", untagged: true }] }, '.rules[0].action: expected "keep"'],
    "a rule of the organisation's name": [
      { rules: [{ ...keep, name: "drop-pr" }] },
      '.rules[0].name: "drop-pr" is a rule of the organisation',
    ],
    "a higher limit": [{ limits: { deletions: 51 } }, ".limits.deletions: weaker than the organisation's: expected at most 50"],
    "a higher share": [{ limits: { percent: 21 } }, ".limits.percent: weaker than the organisation's: expected at most 20"],
    "a lower minimum age": [{ minimumAge: "36h" }, ".minimumAge: weaker than the organisation's: expected at least 2d"],
    "a shorter grace": [{ grace: "6d" }, ".grace: weaker than the organisation's: expected at least 7d"],
    "no approval": [{ approval: "automatic" }, '.approval: weaker than the organisation\'s: expected "required"'],
  };
  it("are refused where they would not have to be answered, and the organisation's have to", () => {
    const overrides = { "team/*": { inUse: { github: "optional" } } };
    assert.match(
      problemsOf({ ...usual, inUse: { github: "required" }, overrides }),
      /\.overrides\["team\/\*"\]\.inUse\.github: weaker than the organisation's: expected "required"/,
    );
  });

  for (const [what, [override, says]] of Object.entries(weaker)) {
    it(`refuses ${what}, and names the path`, () => {
      const message = problemsOf({ ...usual, overrides: { "team/*": override } });
      assert.ok(message.includes(`ghcr-retention:organizations[0].overrides["team/*"]${says}`), message);
    });
  }

  it("takes `onVoid` of an override, and `fail` where several differ", () => {
    const shared = { owner: "acme", rules: [] };
    const onVoid = (overrides: Record<string, { onVoid?: "fail" | "warn" }>, own?: "fail" | "warn") =>
      policyOfPackage({ ...shared, ...(own === undefined ? {} : { onVoid: own }) }, overrides, "app").onVoid;
    assert.equal(onVoid({}), undefined);
    assert.equal(onVoid({}, "warn"), "warn");
    assert.equal(onVoid({ app: { onVoid: "warn" } }), "warn");
    assert.equal(onVoid({ app: { onVoid: "warn" }, "a*": { onVoid: "fail" } }, "warn"), "fail");
  });

  for (const setting of [{ approve: "2026-11-23-7f3a9c21b4d0" }, { restore: ["prod"] }, { unreadable: [`sha256:${"0".repeat(64)}`] }]) {
    it(`refuses ${Object.keys(setting)[0]} for a pattern`, () => {
      assert.match(problemsOf({ ...usual, overrides: { "team/*": setting } }), /belongs to one package/);
    });
  }

  describe("when the stack has rule sets and defaults", () => {
    it("puts them in front, and tells where the organisation is weaker", () => {
      const [configured] = read(
        { owner: "acme", use: ["builds"], grace: "1d" },
        { ruleSets: { builds: rules }, defaults: { protect: ["prod"], grace: "7d" } },
      );
      assert.deepEqual(
        configured?.whole.shared.rules.map(({ name }) => name),
        ["drop-pr"],
      );
      assert.deepEqual(configured?.whole.protect, ["prod"]);
      assert.deepEqual(configured?.weaker, ["grace"]);
    });
  });
});
