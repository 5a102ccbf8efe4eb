import assert from "node:assert/strict";
import { parse } from "yaml";
import { addEntries } from "../../../components/config-file/add-entries";
import type { CommentedEntry, CommentedRuleSet } from "../../../components/config-file/commented-entry";
import { dropPullRequests, keepReleases } from "../../support/builders/policy";

const path = "Pulumi.dev.yaml";
const set: CommentedRuleSet = { name: "proposed", comment: ["For all."], rules: [{ rule: keepReleases, comment: ["Releases stay."] }] };
const entry: CommentedEntry = {
  owner: "acme",
  packages: ["*"],
  comment: [],
  protect: [],
  rules: [],
  use: ["proposed"],
  unfinished: [],
  limits: { percent: 70 },
  grace: "7d",
  overrides: { "team/web": { limits: { percent: 50 } } },
};

function added(text: string): Record<string, unknown> {
  return (parse(addEntries(text, [entry], path, [set])) as { config: Record<string, unknown> }).config;
}

describe("adding a rule set to a stack's config file", () => {
  const written = {
    "ghcr-retention:ruleSets": { proposed: [keepReleases] },
    "ghcr-retention:organizations": [
      { owner: "acme", packages: ["*"], use: ["proposed"], limits: { percent: 70 }, grace: "7d", overrides: entry.overrides },
    ],
  };

  it("comes with the entry that uses it, and with its comments", () => {
    assert.deepEqual(added(""), written);
    assert.match(
      addEntries("", [entry], path, [set]),
      /ruleSets:\n {4}# For all\.\n {4}proposed:\n {6}# Releases stay\.\n {6}- \{ ?name: keep-releases/,
    );
  });

  for (const [what, text] of [
    [
      "a block",
      "config:\n  ghcr-retention:ruleSets:\n    mine: # of Ada\n      - { name: drop, action: delete, untagged: true }\n  # the end\n  a:b: 1\n",
    ],
    [
      "lists without indentation",
      "config:\n  ghcr-retention:ruleSets:\n    mine:\n    - { name: drop, action: delete, untagged: true }\n  a:b: 1\n",
    ],
  ] as const) {
    it(`leaves the rule sets that stand there, where they are ${what}`, () => {
      assert.deepEqual(added(text), {
        "a:b": 1,
        ...written,
        "ghcr-retention:ruleSets": { mine: [{ name: "drop", action: "delete", untagged: true }], proposed: [keepReleases] },
      });
      const result = addEntries(text, [entry], path, [set]);
      for (const line of text.split("\n")) assert.ok(result.split("\n").includes(line), result);
    });
  }

  it("makes room where `{}` stands", () => assert.deepEqual(added("config:\n  ghcr-retention:ruleSets: {}\n"), written));

  for (const [what, text, error] of [
    [
      "on one line",
      "config:\n  ghcr-retention:ruleSets: { mine: [] }\n",
      /expected one rule set after another under `ghcr-retention:ruleSets:`/,
    ],
    ["with that name", `config:\n  ghcr-retention:ruleSets:\n    proposed: ${JSON.stringify([dropPullRequests])}\n`, /Nothing was written/],
  ] as const) {
    it(`refuses rule sets ${what}`, () => assert.throws(() => added(text), error));
  }
});
