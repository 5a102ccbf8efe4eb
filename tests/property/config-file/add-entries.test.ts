import assert from "node:assert/strict";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { addEntries } from "../../../components/config-file/add-entries";
import type { CommentedEntry } from "../../../components/config-file/commented-entry";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";

const path = "Pulumi.dev.yaml";
const app: CommentedEntry = {
  owner: "acme",
  packages: "app",
  comment: ["Why this policy."],
  protect: [],
  rules: [
    { rule: keepReleases, comment: ["Releases stay."] },
    { rule: dropPullRequests, comment: [] },
  ],
  unfinished: [],
  limits: { deletions: 200, percent: 50 },
  grace: "7d",
};
const many: CommentedEntry = { ...app, packages: ["team/*", "!team/old"], unfinished: ["To be filled in:", "  line 3: what"] };
const policy = { owner: "acme", package: "app", limits: app.limits, grace: "7d", rules: [keepReleases, dropPullRequests] };
const other = { owner: "acme", package: "other", rules: [dropPullRequests] };

/** What stands there, and how many lines of it come before what is added. */
const places: readonly (readonly [what: string, text: string, before: number])[] = [
  ["nothing", "", 0],
  ["a comment only", "# mine\n", 1],
  ["no config", "encryptionsalt: v1:abc=\n", 1],
  ["no line break at its end", "config:\n  a:b: 1", 2],
  ["an empty config", "config:\nencryptionsalt: v1:abc=\n", 1],
  ["other config", "config:\n    a:b: 1 # one\n    # two\n\nother: 3\n", 2],
  ["a text in config", "config:\n  a:b: |\n    some\n    lines\n\nother: 3\n", 4],
  ["an empty list", "config:\n  ghcr-retention:policies:\n  a:b: 1\n", 2],
  ["a policy", `config:\n  ghcr-retention:policies:\n  - ${JSON.stringify(other)} # of Ada\n  # the end\n  a:b: 1\n`, 3],
  ["a policy of many lines", `# top\n${stringify({ config: { "ghcr-retention:policies": [other], "z:z": "x" } })}`, 11],
];

describe("adding entries to a stack's config file", () => {
  for (const [what, text, before] of places) {
    it(`leaves every line of a file with ${what}`, () => {
      const result = addEntries(text, [app], path);
      const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
      const added = result.replace(/\n$/, "").split("\n");
      const count = added.length - lines.length;
      assert.deepEqual([...added.slice(0, before), ...added.slice(before + count)], lines, result);
      const policies = (parse(result) as { config: Record<string, unknown[]> }).config["ghcr-retention:policies"];
      assert.deepEqual(policies?.at(-1), policy);
    });
  }

  it("makes room where `[]` stands", () => {
    const result = addEntries("config:\n  ghcr-retention:policies: [] # none yet\n", [app], path);
    assert.match(result, /^config:\n {2}ghcr-retention:policies: # none yet\n {4}# Why this policy\.\n {4}- owner: acme\n/);
  });

  it("keeps the line ends of Windows", () => {
    const result = addEntries("config:\r\n  a:b: 1\r\n", [app], path);
    assert.equal(result.split("\r\n").length, result.split("\n").length);
  });

  it("writes comments above what they are about, and what is unfinished above all rules", () => {
    const result = addEntries("", [app, many], path);
    assert.match(result, / {8}# Releases stay\.\n {8}- \{name: keep-releases,/);
    assert.match(
      result,
      /ghcr-retention:organizations:\n {4}# Why this policy\.\n {4}- owner: acme\n {6}packages: \["team\/\*", "!team\/old"\]\n/,
    );
    assert.match(result, / {6}# To be filled in:\n {6}# {3}line 3: what\n {6}rules:\n/);
  });

  it("lets no comment become more than a comment", () => {
    const hostile = "a\nconfig: {}\r\n- owner: evil\u2028\u0007";
    const result = addEntries(
      "config:\n  a:b: 1\n",
      [{ ...app, comment: [hostile], rules: [{ rule: keepReleases, comment: [hostile] }] }],
      path,
    );
    assert.deepEqual((parse(result) as { config: object }).config, {
      "a:b": 1,
      "ghcr-retention:policies": [{ ...policy, rules: [keepReleases] }],
    });
  });

  for (const [what, text, error] of [
    ["JSON", '{"config": {}}', /Pulumi\.dev\.yaml cannot be added to without changing its lines: expected a block of keys/],
    ["config on one line", "config: {a: 1}\n", /expected a block of keys under `config:`/],
    ["policies on one line", `config:\n  ghcr-retention:policies: [${JSON.stringify(other)}]\n`, /expected a list with one entry a line/],
    ["no YAML", "config: [\n", /it is not valid YAML/],
    ["the short key", "config:\n  policies: []\n", /expected `policies` under its full key, `ghcr-retention:policies`/],
    ["a list", "- config\n", /expected a block of keys such as `config:`/],
    [
      "the same package",
      `config:\n  ghcr-retention:policies:\n    - ${JSON.stringify({ ...other, package: "app" })}\n`,
      /acme\/app has one already/,
    ],
  ] as const) {
    it(`refuses a file with ${what}, and says what to do`, () => assert.throws(() => addEntries(text, [app], path), error));
  }

  for (const [what, rule, says] of [
    ["text that YAML cannot hold", { tags: ["/[^\ud800]/"] }, /^acme\/app: its policy cannot be written as YAML that the engine reads/],
    [
      "a pattern that is too long",
      { tags: ["x".repeat(200)] },
      /^Pulumi\.dev\.yaml: nothing was written: with what is to be added, .*rules\[1\]\.tags/s,
    ],
  ] as const) {
    it(`refuses ${what}, and does not blame the file`, () => {
      const entry: CommentedEntry = {
        ...app,
        rules: [...app.rules.slice(0, 1), { rule: { ...dropPullRequests, tags: [...rule.tags] }, comment: [] }],
      };
      assert.throws(
        () => addEntries("config:\n  a:b: 1\n", [entry], path),
        (error: Error) => says.test(error.message),
      );
    });
  }

  it("changes nothing else of any config", () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 }));
    const config = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}:[a-z]{1,5}$/), value, { maxKeys: 4 });
    fc.assert(
      fc.property(config, fc.boolean(), fc.boolean(), (entries, hasPolicy, isLast) => {
        const own = hasPolicy ? { "ghcr-retention:policies": [other] } : {};
        const before = isLast ? { ...entries, ...own } : { ...own, ...entries };
        const text = stringify({ encryptionsalt: "v1:abc=", config: before, tail: { a: 1 } });
        if (Object.keys(before).length === 0) return;
        const result = addEntries(text, [app], path);
        assert.deepEqual(parse(result), {
          encryptionsalt: "v1:abc=",
          config: { ...before, "ghcr-retention:policies": [...(hasPolicy ? [other] : []), policy] },
          tail: { a: 1 },
        });
      }),
      { numRuns: 300 },
    );
  });
});
