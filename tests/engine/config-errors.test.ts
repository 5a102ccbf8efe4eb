import assert from "node:assert/strict";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";

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

  describe("when a top-level key is misspelt", () => {
    const engine = useEngine({
      packages: { "acme/app": small },
      stack: { policies: [policyFor("acme/app", { approval: "automatic" })] },
    });

    it("is an error that names what was meant, and the policies stay in the stack with their ledgers", async () => {
      assertSucceeds(await engine.stack.up());
      const { ledger } = (await engine.stack.policy("acme/app")).outputs;
      assert.ok(Object.keys(ledger as object).length > 0);

      const misspelt = { "ghcr-retention:polices": engine.stack.policies, "ghcr-retention:default": { grace: "7d" } };
      engine.stack.policies = [];
      await engine.stack.configure(misspelt);
      const { output } = assertFails(await engine.stack.up());
      assertSays(output, "ghcr-retention:polices: unknown key `polices`: did you mean `policies`?");
      assertSays(output, "ghcr-retention:default: unknown key `default`: did you mean `defaults`?");
      assert.deepEqual((await engine.stack.policy("acme/app")).outputs.ledger, ledger);

      const explained = assertFails(await engine.stack.command("explain", "app", "prod"));
      assertSays(explained.output, "ghcr-retention:polices: unknown key `polices`: did you mean `policies`?");
    });
  });

  describe("when it declares nothing", () => {
    const engine = useEngine({ stack: { policies: [], config: { "shop:policies": "none" } } });

    it("says so, once", async () => {
      const said = diagnosticsOf(assertSucceeds(await engine.stack.preview()), "ghcr-retention-test");
      assert.equal(
        said.match(/warning: the stack's config declares no policy: expected entries under `ghcr-retention:policies`/g)?.length,
        1,
      );
    });
  });

  describe("when its policies stand in the namespace of another program", () => {
    const engine = useEngine({ stack: { policies: [], config: { "shop:policies": [{ owner: "acme", package: "app", rules }] } } });
    const meant = "shop:policies: is read by no policy: did you mean `ghcr-retention:policies`?";

    it("fails the preview and the update, and names what was meant", async () => {
      for (const outcome of [await engine.stack.preview(), await engine.stack.up()]) assertSays(assertFails(outcome).output, meant);
    });

    for (const [command, ...args] of [["review"], ["plan"], ["explain", "app", "prod"], ["doctor"]] as const) {
      it(`fails \`${command}\`, too`, async () => {
        assertSays(assertFails(await engine.stack.command(command, ...args)).output, meant);
      });
    }
  });

  describe("when the token is plain text", () => {
    const secret = `ghp_${"a1B2".repeat(9)}`;
    const engine = useEngine({
      packages: { "acme/app": small },
      stack: ({ sandbox }) => ({ token: null, policies: [policyFor("acme/app")], config: { "ghcr-retention:token": sandbox.token } }),
    });

    it("warns once, by the program and by the commands, and prints no token", async () => {
      const preview = assertSucceeds(await engine.stack.preview());
      const said = diagnosticsOf(preview, "ghcr-retention-test");
      assert.equal(said.match(/warning: ghcr-retention:token is plain text in the stack's config/g)?.length, 1);
      engine.stack.token = engine.sandbox.token;
      const explained = assertSucceeds(await engine.stack.command("explain", "app", "prod"));
      assertSays(explained.output, "warning: ghcr-retention:token is plain text in the stack's config");
      for (const { output } of [preview, explained]) assert.ok(!output.includes(engine.sandbox.token));
    });

    it("is refused inside a policy, by name", async () => {
      await engine.replaceStack({ policies: [{ ...policyFor("acme/app"), token: secret }] });
      const { output } = assertFails(await engine.stack.preview());
      assertSays(output, "ghcr-retention:policies[0].token: expected no token here, where it would enter the stack's state");
      assert.ok(!output.includes(secret));
    });
  });
});
