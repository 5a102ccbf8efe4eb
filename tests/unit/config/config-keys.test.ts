import assert from "node:assert/strict";
import { declaresNothing, requireNoSecrets, requireSoundConfig } from "../../../components/config/config-keys";
import { parseEndpoints } from "../../../components/config/endpoints";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { ConfigError } from "../../../components/model/errors";
import { dropPullRequests } from "../../support/builders/policy";

const token = `ghp_${"a1B2".repeat(9)}`;
const policy = { owner: "acme", package: "app", rules: [dropPullRequests] };

function errorOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  return assert.fail("it was accepted");
}

const nearby: readonly (readonly [config: Readonly<Record<string, unknown>>, says: string])[] = [
  [{ "ghcr-retention:polices": [policy] }, "ghcr-retention:polices: unknown key `polices`: did you mean `policies`?"],
  [{ "ghcr-retention:default": {} }, "ghcr-retention:default: unknown key `default`: did you mean `defaults`?"],
  [{ "ghcr-retention:rule-sets": {} }, "ghcr-retention:rule-sets: unknown key `rule-sets`: did you mean `ruleSets`?"],
  [{ "ghcr-retention:organisations": [] }, "did you mean `organizations`?"],
  [{ "ghcr-retention:colour": "red" }, "ghcr-retention:colour: unknown key `colour`: expected one of `policies`, `organizations`,"],
  [{ "ghcr-retentoin:policies": [policy] }, "unknown namespace `ghcr-retentoin`: did you mean `ghcr-retention:policies`?"],
  [{ "shop:ghcr-retention": { policies: [policy] } }, "expected keys such as `ghcr-retention:policies`, each directly under `config:`"],
];

describe("the keys of a stack's config", () => {
  for (const [config, says] of nearby) {
    it(`refuses ${Object.keys(config)[0]}, and names what was meant`, () => {
      const message = errorOf(() => requireSoundConfig(config));
      assert.ok(message.includes(says), message);
    });
  }

  it("names every unknown key in one error", () => {
    const config = { "ghcr-retention:polices": [], "ghcr-retention:default": {}, "ghcr-retention:policies": [policy] };
    assert.equal(errorOf(() => requireSoundConfig(config)).split("\n").length, 3);
  });

  it("leaves the keys of other programs alone", () => {
    assert.doesNotThrow(() => requireSoundConfig({ "aws:region": "eu-central-1", "shop:policies": [], "shop:colour": "red" }));
  });

  for (const [where, written, place] of [
    ["a policy", { ...policy, token }, "ghcr-retention:policies[0].token"],
    ["a policy, as a secret", { ...policy, token: { secure: "v1:abc" } }, "ghcr-retention:policies[0].token"],
    ["what a policy protects", { ...policy, protect: [token] }, "ghcr-retention:policies[0].protect[0]"],
  ] as const) {
    it(`refuses a token in ${where} by name, and never prints it`, () => {
      const message = errorOf(() => requireSoundConfig({ "ghcr-retention:policies": [written] }));
      assert.ok(message.includes(`${place}: expected no token here, where it would enter the stack's state`), message);
      assert.ok(!message.includes(token));
    });
  }

  it("takes a token where it belongs, and packages and annotations of that name", () => {
    const rules = [{ ...dropPullRequests, annotations: { token: "*" } }];
    assert.doesNotThrow(() =>
      requireSoundConfig({
        "ghcr-retention:token": token,
        "ghcr-retention:policies": [{ ...policy, rules }],
        "ghcr-retention:organizations": [{ owner: "acme", overrides: { token: { protect: ["prod"] } } }],
      }),
    );
  });

  it("knows a config that declares nothing", () => {
    assert.ok(declaresNothing({ "aws:region": "eu-central-1", "ghcr-retention:policies": [], "ghcr-retention:defaults": {} }));
    assert.ok(!declaresNothing({ "ghcr-retention:policies": [policy] }));
    assert.ok(!declaresNothing({ "ghcr-retention:organizations": [{ owner: "acme" }] }));
  });
});

const rule = (change: object) => ({ policies: [{ ...policy, rules: [{ ...dropPullRequests, ...change }] }] });

describe("the texts about values that are wrong", () => {
  for (const [written, says] of [
    [rule({ tag: ["pr-*"] }), "policies[0].rules[0]: unknown key `tag`: did you mean `tags`?"],
    [rule({ action: "drop" }), 'policies[0].rules[0].action: expected `keep` or `delete`, not the text "drop"'],
    [rule({ tags: "pr-*" }), 'policies[0].rules[0].tags: expected a list, not the text "pr-*"'],
    [rule({ tags: [1.1] }), "policies[0].rules[0].tags[0]: expected text, not the number `1.1`: write it in quotes"],
    [rule({ tags: null }), "policies[0].rules[0].tags: expected a list, not an empty value"],
    [
      rule({ action: "keep", mostRecent: { cont: 3 } }),
      "mostRecent: count: missing: expected a number; unknown key `cont`: did you mean `count`?",
    ],
    [rule({ action: "keep", mostRecent: "3" }), 'mostRecent: expected a number, not the text "3", or expected a map of keys and values'],
    [rule({ age: "pulled" }), 'age: expected `created`, `updated` or `unneeded`, not the text "pulled"'],
    [{ policies: [{ ...policy, limits: { percent: 0 } }] }, "policies[0].limits.percent: expected more than 0"],
    [{ policies: [{ ...policy, limits: { deletion: 3 } }] }, "policies[0].limits: unknown key `deletion`: did you mean `deletions`?"],
    [{ policies: [{ owner: "acme", rules: policy.rules }] }, "policies[0].package: missing: expected text"],
    [{ ruleSets: { Company: [] } }, "ruleSets.Company: expected a name of lower-case letters, digits and dashes"],
    [{ defaults: { tags: ["a"] } }, "defaults: unknown key `tags`: expected one of `use`, `protect`,"],
  ] as const) {
    it(`say: ${says}`, () => {
      const message = errorOf(() => readStackPolicies(written as object));
      assert.ok(message.includes(`ghcr-retention:`) && message.includes(says), message);
    });
  }

  it("suggest the keys of an organisation and of its overrides", () => {
    const organization = { owner: "acme", rules: policy.rules, package: "app", overrides: { app: { protct: [] } } };
    const message = errorOf(() => readStackOrganizations({ organizations: [organization] }));
    assert.match(message, /organizations\[0\]: unknown key `package`: did you mean `packages`\?/);
    assert.match(message, /organizations\[0\]\.overrides\.app: unknown key `protct`: did you mean `protect`\?/);
  });

  it("never repeat a long value, which may be a secret", () => {
    const message = errorOf(() => readStackPolicies({ policies: [{ ...policy, approval: token }] }));
    assert.match(message, /approval: expected `required` or `automatic`, not a text of 40 characters/);
  });
});

describe("the address of a server that is none", () => {
  for (const address of ["0", "", "ghcr.io", "http://ghcr.example"]) {
    it(`is refused by one line: ${JSON.stringify(address)}`, () => {
      const says = "the stack's config is not valid:\n  ghcr-retention:registryUrl: expected an https:// address";
      assert.equal(
        errorOf(() => parseEndpoints({ registryUrl: address })),
        says,
      );
    });
  }
});

describe("a secret in the stack's config", () => {
  const keys = ["ghcr-retention:token", "ghcr-retention:policies", "ghcr-retention:cacheDir", "shop:password"];

  it("is refused in every setting but the token, by one line each", () => {
    assert.throws(() => requireNoSecrets(keys, () => true), {
      message: [
        "the stack's config is not valid:",
        ...["policies", "cacheDir"].map(
          (key) =>
            `  ghcr-retention:${key}: expected no secret in it, since previews show it and state records it: write it in plain text, without \`secure:\``,
        ),
      ].join("\n"),
    });
  });

  it("is welcome as the token, and no matter in other namespaces", () => {
    assert.doesNotThrow(() => requireNoSecrets(keys, (key) => key === "ghcr-retention:token" || key === "shop:password"));
  });
});
