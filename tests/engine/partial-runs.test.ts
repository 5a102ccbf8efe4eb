import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { small } from "../support/engine/world";

const program = join(__dirname, "..", "support", "engine", "programs", "arguments");
const rules = [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }];
const names = ["chosen", "other", "broken", "newcomer"] as const;
const leftOut = "not part of this run";

describe("a run that is about some of the resources", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: Object.fromEntries(names.map((name) => [`acme/${name}`, small])),
    stack: { program },
  });
  const policy = (name: string, args: object = {}) => ({ owner: "acme", package: name, rules, ...args });
  const urnOf = (name: string) => `urn:pulumi:test::ghcr-retention-arguments::pulumi-nodejs:dynamic/ghcr:RetentionPolicy::${name}`;

  describe("by --target or --exclude", () => {
    before(async () => {
      const there = Object.fromEntries(["chosen", "other", "broken"].map((name) => [name, { args: policy(name) }]));
      await engine.stack.configure({ "arguments:policies": there });
      assertSucceeds(await engine.stack.up());
      // With other rules the plan is another one, and the policy that is left out must not show it.
      const other = { args: policy("other", { approval: "automatic" }) };
      await engine.stack.configure({ "arguments:policies": { ...there, other, newcomer: { args: policy("newcomer") } } });
      engine.sandbox.addFault({
        match: { surface: "registry", pattern: "/broken/manifests/" },
        times: null,
        effect: { kind: "status", status: 500 },
      });
    });

    function assertOnlyChosen(outcome: Outcome): void {
      assertSays(diagnosticsOf(outcome, "chosen"), /plan 2026-11-23-[0-9a-f]{12}/);
      for (const name of ["other", "broken", "newcomer"]) assert.equal(diagnosticsOf(outcome, name), leftOut, outcome.output);
    }

    it("shows the plan of the target alone, and says of the others that they are not part of it", async () => {
      assertOnlyChosen(assertSucceeds(await engine.stack.preview("--target", urnOf("chosen"))));
      assertOnlyChosen(
        assertSucceeds(await engine.stack.preview(...["other", "broken", "newcomer"].flatMap((name) => ["--exclude", urnOf(name)]))),
      );
    });

    it("deletes nothing of the others", async () => {
      assertOnlyChosen(assertSucceeds(await engine.stack.up("--target", urnOf("chosen"))));
      for (const name of names) assert.deepEqual(engine.worldOf(`acme/${name}`).deleted(), []);
    });

    it("offers no approval of an organisation of which a package is left out", async () => {
      const packages = ["chosen", "other"];
      const config = { "arguments:organization": { args: { owner: "acme", packages, rules } } };
      await engine.replaceStack({ program, config });
      assertSucceeds(await engine.stack.up());
      const member = (name: string) =>
        `urn:pulumi:test::ghcr-retention-arguments::ghcr:index:OrganizationRetention$pulumi-nodejs:dynamic/ghcr:RetentionPolicy::acme/${name}`;
      const whole = assertSucceeds(await engine.stack.preview());
      assertSays(diagnosticsOf(whole, "acme"), "To approve all that waits");
      const part = assertSucceeds(await engine.stack.preview("--target", member("chosen")));
      assert.equal(diagnosticsOf(part, "acme/other"), leftOut);
      assertSays(diagnosticsOf(part, "acme"), /other +not part of this run/);
      assert.ok(!diagnosticsOf(part, "acme").includes("To approve all that waits"), part.output);
    });
  });

  describe("when what a policy needs is not there", () => {
    const later = { args: policy("other", { protect: ["prod", "pr-1"], approval: "automatic" }), deployed: ["protect[1]"] };

    it("is named in the preview where it comes with the update", async () => {
      await engine.replaceStack({ program, config: { "arguments:policies": { later } } });
      assertSays(
        diagnosticsOf(assertSucceeds(await engine.stack.preview()), "later"),
        "nothing is planned yet: `protect[1]` is known only once what it comes from is deployed",
      );
    });

    it("is named in the update where it failed, which goes on with the rest", async () => {
      await engine.stack.configure({ "arguments:fails": true, "arguments:policies": { later, chosen: { args: policy("chosen") } } });
      const up = assertFails(await engine.stack.up("--continue-on-error"));
      assertSays(diagnosticsOf(up, "later"), "later: nothing is planned or deleted: `protect[1]` did not become known");
      assertSays(diagnosticsOf(up, "chosen"), /plan \S+ waits for approval/);
      assert.deepEqual(engine.worldOf("acme/other").deleted(), []);
    });
  });
});
