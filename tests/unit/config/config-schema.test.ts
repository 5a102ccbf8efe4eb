import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { z } from "zod";
import { configSchema } from "../../../components/config/config-schema";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { withReference } from "../../../scripts/generation/rule-reference.mjs";
import { digestOf } from "../../support/builders/package";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";

const root = join(__dirname, "..", "..", "..");
const schema = configSchema();
const guide = readFileSync(join(root, "docs", "rules.md"), "utf8");

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);

/** Where the schema finds fault with a config, `[]` when it does not. */
function faults(config: object): string[] {
  validate({ config });
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath.replace("/config/ghcr-retention:", "")))];
}

const policy = { owner: "logto-io", package: "app", rules: [dropPullRequests] };

function withRule(change: object): object {
  return { "ghcr-retention:policies": [{ ...policy, rules: [{ ...dropPullRequests, ...change }] }] };
}

describe("the JSON Schema of the config", () => {
  describe("when the config is good", () => {
    for (const [what, config] of [
      ["is empty", {}],
      ["is of other programs only", { "aws:region": "eu-central-1" }],
      ["has an encrypted token", { "ghcr-retention:token": { secure: "v1:abc" } }],
      ["names other servers", { "ghcr-retention:githubApiUrl": "https://ghe.example/api/v3", "ghcr-retention:deletionsPerMinute": 60 }],
      ["has a policy", { "ghcr-retention:policies": [policy] }],
      [
        "has rule sets and defaults",
        { "ghcr-retention:ruleSets": { company: [keepReleases] }, "ghcr-retention:defaults": { use: ["company"] } },
      ],
      ["has a policy of rule sets only", { "ghcr-retention:policies": [{ owner: "logto-io", package: "app", use: ["company"] }] }],
      [
        "has every condition",
        withRule({
          tags: ["pr-*", "!/rc$/"],
          notTags: ["prod"],
          untagged: true,
          semver: ">=1 <2",
          olderThan: "P14D",
          newerThan: "60d",
          age: "updated",
          platforms: ["linux/*"],
          artifactType: ["*"],
          annotations: { a: "*" },
          digests: [digestOf("a")],
          dangling: true,
          broken: true,
          scope: "versions",
        }),
      ],
      ["keeps by a number", withRule({ action: "keep", mostRecent: 3 })],
      ["keeps by version", withRule({ action: "keep", mostRecent: { count: 3, by: "semver", per: "minor" } })],
    ] as const) {
      it(`accepts one that ${what}`, () => assert.deepEqual(faults(config), []));
    }
  });

  describe("when the config is wrong", () => {
    for (const change of [
      { tags: [] },
      { tags: ["pr/**"] },
      { tags: "pr-*" },
      { untagged: false },
      { olderThan: "7 days" },
      { olderThan: "P1M" },
      { olderThan: 7 },
      { age: "pulled" },
      { scope: "all" },
      { digests: ["sha256:123"] },
      { annotations: { a: 1 } },
      { annotations: {} },
      { action: "keep", mostRecent: 0 },
      { action: "keep", mostRecent: { by: "semver" } },
      { action: "keep", mostRecent: { count: 1, by: "size" } },
      { mostRecent: 3 },
      { action: "drop" },
      { name: "Drop PRs" },
      { olderThen: "7d" },
    ]) {
      it(`refuses a rule with ${JSON.stringify(change)}`, () => {
        assert.ok(faults(withRule(change)).some((path) => path.startsWith("policies/0/rules/0")));
      });
    }
    for (const [change, path] of [
      [{ owner: "orgs/logto-io" }, "policies/0/owner"],
      [{ package: "App" }, "policies/0/package"],
      [{ limits: { percent: 101 } }, "policies/0/limits/percent"],
      [{ approve: "yes" }, "policies/0/approve"],
      [{ aprove: "2026-11-23-7f3a9c21b4d0" }, "policies/0"],
    ] as const) {
      it(`refuses a policy with ${JSON.stringify(change)}`, () => {
        assert.ok(faults({ "ghcr-retention:policies": [{ ...policy, ...change }] }).includes(path));
      });
    }
    it("refuses a key of the namespace that means nothing", () => {
      assert.deepEqual(faults({ "ghcr-retention:policy": [policy] }), ["policy"]);
    });
  });

  describe("when it is published", () => {
    it("is up to date: otherwise `npm run generate`", () => {
      const published = readFileSync(join(root, "schema", "ghcr-retention.schema.json"), "utf8");
      assert.equal(published, `${JSON.stringify(schema, null, 2)}\n`);
    });
    it("describes every key of rules and policies", () => {
      for (const name of ["KeepRule", "DeleteRule"])
        assert.deepEqual(undescribed(schema, "$defs", name), name === "KeepRule" ? [] : ["mostRecent"]);
      assert.deepEqual(undescribed(schema, "properties", "config", "properties", "ghcr-retention:policies", "items"), []);
    });
  });
});

const Properties = z.object({ properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })) });

function undescribed(from: unknown, ...path: readonly string[]): string[] {
  const found = path.reduce((at: unknown, key) => z.record(z.string(), z.unknown()).parse(at)[key], from);
  return Object.entries(Properties.parse(found).properties).flatMap(([key, { description }]) => (description ? [] : [key]));
}

describe("the guide to the rules", () => {
  it("holds the reference as it is: otherwise `npm run generate`", () => assert.equal(guide, withReference(guide, schema)));

  const examples = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = ""]) => yaml);
  it("holds examples", () => assert.ok(examples.length >= 3));
  for (const [place, yaml] of examples.entries()) {
    it(`holds a good example: ${place + 1}`, () => {
      const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(yaml));
      assert.deepEqual(faults(config), []);
      const [policies, ruleSets, defaults] = ["policies", "ruleSets", "defaults"].map((key) => config[`ghcr-retention:${key}`]);
      assert.ok(readStackPolicies({ policies, ruleSets, defaults }).length > 0);
    });
  }
});
