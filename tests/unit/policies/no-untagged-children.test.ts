import assert from "node:assert/strict";
import { noUntaggedChildren } from "../../../policies/no-untagged-children";
import { digestOf } from "../../support/builders/package";
import { analyze, unknownList, unknownObject, unknownText, type Verdict } from "../../support/policies/analyze";
import { neededMatch, retentionPolicy, short, validInputs } from "../../support/policies/inputs";

type Inputs = ReturnType<typeof validInputs>;

async function judge(change: (inputs: Inputs) => object = (inputs) => inputs): Promise<readonly Verdict[]> {
  const { verdicts } = await analyze([noUntaggedChildren], retentionPolicy, change(validInputs()));
  return verdicts;
}

/** The text of the one refusal. */
async function refusal(change: (inputs: Inputs) => object): Promise<string> {
  const verdicts = await judge(change);
  assert.deepEqual(
    verdicts.map(({ policy, level }) => [policy, level]),
    [["no-untagged-children", "mandatory"]],
  );
  return verdicts[0]?.message ?? "";
}

async function passes(change: (inputs: Inputs) => object): Promise<void> {
  assert.deepEqual(await judge(change), []);
}

function withRule(rule: object): (inputs: Inputs) => object {
  return (inputs) => ({ ...inputs, rules: [...inputs.rules, { name: "sweep", action: "delete", ...rule }] });
}

function withMatch(change: object = {}): (inputs: Inputs) => object {
  return (inputs) => ({ ...inputs, evidence: { ...inputs.evidence, matched: [{ ...neededMatch(), ...change }] } });
}

function withKeepers(keepers: unknown): (inputs: Inputs) => object {
  return (inputs) => ({ ...inputs, evidence: { keepers } });
}

describe("no-untagged-children", () => {
  it("lets a policy and its plan pass", () => passes((inputs) => inputs));

  it("does not judge other resources", async () => {
    const bucket = { rules: [{ name: "sweep", action: "delete", scope: "versions" }], evidence: "none" };
    const { verdicts, notApplicable } = await analyze([noUntaggedChildren], "aws:s3/bucket:Bucket", bucket);
    assert.deepEqual(verdicts, []);
    assert.deepEqual(notApplicable, ["no-untagged-children"]);
  });

  describe("when a rule has `scope: versions`", () => {
    for (const [what, rule] of Object.entries({
      "deletes what is untagged": { untagged: true },
      "names no tags": {},
      "names an empty list of tags": { tags: [] },
      "names tags and takes what is untagged besides": { tags: ["pr-*"], untagged: true },
      "is limited by age": { untagged: true, olderThan: "3d" },
    })) {
      it(`refuses it where it ${what}`, async () => {
        const text = await refusal(withRule({ ...rule, scope: "versions" }));
        assert.match(text, /rule "sweep" has `scope: versions`/);
        assert.match(text, /December 2023/);
        assert.match(text, /Write `scope: images`/);
      });
    }

    it("lets it pass where it takes tagged versions only", () => passes(withRule({ tags: ["pr-*"], scope: "versions" })));
    it("lets it pass where it keeps", () => passes(withRule({ action: "keep", untagged: true, scope: "versions" })));
    it("lets it pass as `scope: images`", () => passes(withRule({ untagged: true, scope: "images" })));

    it("refuses each of them by name", async () => {
      const rules = ["one", "two"].map((name) => ({ name, action: "delete", untagged: true, scope: "versions" }));
      const verdicts = await judge((inputs) => ({ ...inputs, rules }));
      assert.deepEqual(
        verdicts.map(({ message }) => /rule "(\w+)"/.exec(message)?.[1]),
        ["one", "two"],
      );
    });

    it("says in the same refusal what it matched", async () => {
      const text = await refusal((inputs) => withMatch({ rule: "sweep" })(withRule({ scope: "versions" })(inputs) as Inputs));
      assert.match(text, /rule "sweep" has `scope: versions`/);
      assert.ok(text.includes(`${digestOf("prod arm64")} (linux/arm64), needed by prod, v1.2.0`), text);
    });

    it("refuses a scope and an action that it does not know", async () => {
      assert.match(await refusal(withRule({ untagged: true, scope: "everything" })), /rule "sweep"/);
      assert.match(await refusal(withRule({ action: "expire", scope: "versions" })), /rule "sweep"/);
    });
  });

  describe("when a rule matched what an image needs", () => {
    it("names the rule, the digest, the platform and the tags", async () => {
      const text = await refusal(withMatch());
      assert.match(text, /rule "drop-untagged" matches untagged versions that images need/);
      assert.ok(text.includes(`${digestOf("prod arm64")} (linux/arm64), needed by prod, v1.2.0`), text);
    });

    it("manages without a platform", async () => {
      assert.ok((await refusal(withMatch({ as: "" }))).includes(`${digestOf("prod arm64")}, needed by prod`));
    });

    it("prints no control characters of a registry's text", async () => {
      const text = await refusal(withMatch({ as: "linux/\u001b[31mred\u009b", neededBy: ["prod\n[mandatory] fake"] }));
      assert.ok(text.includes("(linux/?[31mred?), needed by prod?[mandatory] fake"), text);
    });

    it("shortens what is too much to read", async () => {
      const matched = Array.from({ length: 14 }, (_, place) => ({ ...neededMatch(), digest: digestOf(`part ${place}`) }));
      const text = await refusal((inputs) => ({ ...inputs, evidence: { matched } }));
      assert.equal(text.match(/needed by/g)?.length, 10);
      assert.match(text, /and 4 more/);
    });
  });

  describe("when what needs a planned version", () => {
    it("is not planned, refuses, naming both", async () => {
      const text = await refusal(withKeepers({ [short("prod")]: short("old amd64") }));
      assert.ok(text.includes(`${digestOf("old amd64")}, needed by ${short("prod")}, which stays`), text);
    });

    it("vanished from the plan alone, refuses for every version under it", async () => {
      const text = await refusal((inputs) => {
        const { [digestOf("old")]: _, ...deletions } = inputs.pending.deletions;
        return { ...inputs, pending: { ...inputs.pending, deletions } };
      });
      assert.ok(text.includes(`${digestOf("old amd64")}, needed by ${short("old")}`), text);
      assert.ok(text.includes(`${digestOf("old arm64")}, needed by ${short("old")}`), text);
    });

    it("only waits for approval while the version goes now, refuses", async () => {
      const text = await refusal(withKeepers({ [short("old")]: `${short("older amd64")} ${short("old amd64")}` }));
      assert.ok(text.includes(`${digestOf("older amd64")}, needed by ${short("old")}, which only waits for approval`), text);
      assert.ok(!text.includes(digestOf("old amd64")), text);
    });

    it("goes now while the version waits for approval, passes", () => passes(withKeepers({ [short("older")]: short("old amd64") })));

    it("is named for a version that is not planned, refuses all the same", async () => {
      assert.match(await refusal(withKeepers({ [short("prod")]: short("prod amd64") })), /which stays/);
    });

    it("differs in its algorithm only, refuses", async () => {
      const sha512 = short("old").replace("sha256", "sha512");
      assert.match(await refusal(withKeepers({ [sha512]: short("old amd64") })), /which stays/);
    });
  });

  describe("when there is nothing to judge by", () => {
    it("lets a plan of plain images pass, which needs no evidence", () => passes(({ evidence: _, ...inputs }) => inputs));
    it("lets a resource without any plan pass", () => passes(({ evidence: _e, pending: _p, deletions: _d, ...inputs }) => inputs));
    it("lets evidence of a later version pass", () =>
      passes((inputs) => ({ ...inputs, evidence: { ...inputs.evidence, more: { a: 1 } } })));
  });

  describe("when something has another form than it should", () => {
    const twist = (evidence: unknown) => (inputs: Inputs) => ({ ...inputs, evidence });
    const cases: readonly (readonly [what: string, path: string, change: (inputs: Inputs) => object])[] = [
      ["evidence that is text", "evidence", twist("none")],
      ["evidence that is null", "evidence", twist(null)],
      ["evidence that is a list", "evidence", twist([])],
      ["matches that are no list", "evidence.matched", twist({ matched: { rule: "x" } })],
      ["a match that is text", "evidence.matched.0", twist({ matched: ["drop-untagged"] })],
      ["a match of no rule", "evidence.matched.0.rule", withMatch({ rule: undefined })],
      ["a match with a shortened digest", "evidence.matched.0.digest", withMatch({ digest: short("prod arm64") })],
      ["a match with a number as platform", "evidence.matched.0.as", withMatch({ as: 1 })],
      ["a match that nothing needs", "evidence.matched.0.neededBy", withMatch({ neededBy: [] })],
      ["keepers that are a list", "evidence.keepers", withKeepers([short("old")])],
      ["a keeper with a whole digest", `evidence.keepers.${digestOf("old")}`, withKeepers({ [digestOf("old")]: short("old amd64") })],
      ["a keeper of a list", `evidence.keepers.${short("old")}`, withKeepers({ [short("old")]: [short("old amd64")] })],
      ["a keeper of nothing", `evidence.keepers.${short("old")}.0`, withKeepers({ [short("old")]: "" })],
      ["deletions that are a list", "deletions", (inputs) => ({ ...inputs, deletions: [digestOf("older")] })],
      ["a plan that is text", "pending", (inputs) => ({ ...inputs, pending: inputs.pending.id })],
      ["a plan of nothing", "pending.deletions", (inputs) => ({ ...inputs, pending: { id: inputs.pending.id } })],
      ["a planned tag", "pending.deletions.prod", (inputs) => ({ ...inputs, pending: { ...inputs.pending, deletions: { prod: "" } } })],
      ["no rules", "rules", ({ rules: _, ...inputs }) => inputs],
      ["rules that are text", "rules", (inputs) => ({ ...inputs, rules: "delete everything" })],
      ["a rule that is text", "rules.2", (inputs) => ({ ...inputs, rules: [...inputs.rules, "delete everything"] })],
    ];
    for (const [what, path, change] of cases) {
      it(`refuses ${what}`, async () => {
        const text = await refusal(change);
        assert.match(text, /does not understand/);
        assert.ok(text.split("\n").includes(`  ${path}`), text);
      });
    }

    it("still judges the rest", async () => {
      const verdicts = await judge((inputs) => ({ ...withRule({ scope: "versions" })(inputs), evidence: "none" }));
      assert.equal(verdicts.length, 2);
      assert.match(verdicts[0]?.message ?? "", /rule "sweep"/);
      assert.match(verdicts[1]?.message ?? "", /does not understand/);
    });
  });

  describe("when values are not known yet", () => {
    for (const [what, change] of Object.entries<(inputs: Inputs) => object>({
      rules: (inputs) => ({ ...inputs, rules: unknownList }),
      "a rule": (inputs) => ({ ...inputs, rules: [...inputs.rules, unknownObject] }),
      "a rule's action": withRule({ action: unknownText, untagged: true, scope: "versions" }),
      "a rule's scope": withRule({ untagged: true, scope: unknownText }),
      "a rule's tags": withRule({ tags: unknownList, scope: "versions" }),
      "a tag": withRule({ tags: [unknownText], scope: "versions" }),
      evidence: (inputs) => ({ ...inputs, evidence: unknownObject }),
      deletions: (inputs) => ({ ...inputs, deletions: unknownObject }),
      "a pending reason": (inputs) => ({ ...inputs, pending: { ...inputs.pending, deletions: { [digestOf("x")]: unknownText } } }),
    })) {
      it(`says so and refuses nothing for want of ${what}`, async () => {
        const verdicts = await judge(change);
        assert.deepEqual(
          verdicts.map(({ level }) => level),
          ["advisory"],
        );
        assert.match(verdicts[0]?.message ?? "", /can't be known during preview/);
      });
    }

    it("still refuses what is known", async () => {
      const verdicts = await judge((inputs) => ({ ...withRule({ scope: "versions" })(inputs), evidence: unknownObject }));
      assert.deepEqual(
        verdicts.map(({ level }) => level),
        ["mandatory", "advisory"],
      );
    });

    it("does not mind what it does not read", () => passes((inputs) => ({ ...inputs, protect: unknownList, owner: unknownText })));
  });

  it("prints nothing of the inputs but names, digests, platforms and tags", async () => {
    const hush = "hush-hush";
    const verdicts = await judge((inputs) => ({
      ...withMatch()(inputs),
      rules: [{ name: "sweep", action: "delete", scope: "versions", olderThan: hush, secret: hush }, hush],
      protect: [hush],
      githubApiUrl: hush,
      token: hush,
      pending: hush,
    }));
    assert.equal(verdicts.length, 3);
    assert.ok(!JSON.stringify(verdicts).includes(hush));
  });
});
