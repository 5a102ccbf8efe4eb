import assert from "node:assert/strict";
import { assertFails, assertSays } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { policyFor } from "../support/engine/world";

const rules = [{ name: "drop-pr", action: "delete", tags: ["pr-*"] }];

/** Entries of `policies`, each with what is wrong with it. */
const wrong: readonly { readonly policy: unknown; readonly says: readonly string[] }[] = [
  { policy: { owner: "acme", rules }, says: ["policies[0].package: "] },
  { policy: { owner: "acme", package: "app", rules: [] }, says: ["policies[1].rules: expected at least one rule"] },
  {
    policy: { owner: "acme", package: "app", rules: [{ name: "drop", action: "delete", untagged: true, olderThan: "two weeks" }] },
    says: ['policies[2].rules[0].olderThan: expected a duration such as "14d"'],
  },
  {
    policy: { owner: "acme", package: "app", rules: [{ name: "drop", action: "delete", mostRecent: 3 }] },
    says: ["policies[3].rules[0].mostRecent: `mostRecent` belongs to a keep rule"],
  },
  {
    policy: { owner: "acme", package: "app", rules: [...rules, ...rules] },
    says: ['policies[4].rules[1].name: expected a name of its own: "drop-pr" is taken'],
  },
  {
    policy: { owner: "acme", package: "app", rules, approve: "yes", minimumAge: "1h", protect: ["a tag"] },
    says: [
      "policies[5].approve: expected a plan id such as",
      'policies[5].minimumAge: expected at least "1d"',
      "policies[5].protect[0]: expected a digest or a tag",
    ],
  },
  { policy: { owner: "acme", package: "app", rules, keepLast: 3 }, says: ["policies[6]", "keepLast"] },
  { policy: policyFor("acme/twice"), says: [] },
  { policy: policyFor("Acme/twice"), says: ["policies[8]: expected one policy for each package; acme/twice has one already"] },
];

describe("a stack's config that is wrong", function () {
  this.timeout(300_000);

  describe("when policies are not valid", () => {
    const engine = useEngine({ stack: { policies: wrong.map(({ policy }) => policy) } });

    it("is one error that names every path and its fix, before any request", async () => {
      const { output } = assertFails(await engine.stack.preview());
      assert.equal(output.match(/^ +error: /gm)?.length, 1, output);
      assertSays(output, "error: the stack's config is not valid:");
      for (const { says } of wrong) assertSays(output, ...says);
      assert.doesNotMatch(output, / at .*\.(ts|js):\d+/);
      assert.deepEqual(engine.sandbox.requests(), []);
    });
  });

  describe("when a server is not encrypted", () => {
    const engine = useEngine({
      stack: { policies: [policyFor("acme/app")], config: { "ghcr-retention:registryUrl": "http://ghcr.example" } },
    });

    it("is refused before the token goes anywhere", async () => {
      const { output } = assertFails(await engine.stack.preview());
      assertSays(output, "ghcr-retention:registryUrl: expected an https:// address");
      assert.deepEqual(engine.sandbox.requests(), []);
    });
  });
});
