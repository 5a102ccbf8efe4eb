import assert from "node:assert/strict";
import { assertFails, assertSays, assertSaysOnce, assertSucceeds, diagnosticsOf, errorsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small, usualRules } from "../support/engine/world";

const unknown = "2026-11-20-000000000000";

describe("an approval that approves nothing", function () {
  this.timeout(300_000);

  const [app, api, web] = ["acme/app", "acme/api", "acme/web"] as const;
  const packages = [app, api, web];
  const engine = useEngine({
    packages: Object.fromEntries(packages.map((name) => [name, small])),
    stack: { policies: packages.map((name) => policyFor(name)) },
  });
  const plans = new Map<string, string>();
  let preview: Outcome;
  let up: Outcome;

  before(async () => {
    const first = assertSucceeds(await engine.stack.up());
    assertSays(first.output, "waits for approval");
    const shown = assertSucceeds(await engine.stack.preview());
    for (const name of packages) plans.set(name, planIdIn(shown, name));
    engine.stack.policies = [
      policyFor(app, { approve: plans.get(api) ?? "", restore: ["pr-99"] }),
      policyFor(api, { approve: plans.get(api) ?? "" }),
      policyFor(web, { approve: unknown }),
    ];
    await engine.stack.writeConfig();
    preview = assertFails(await engine.stack.preview());
    up = assertFails(await engine.stack.up());
  });

  it("fails a preview and an update, which name the package that has the plan", () => {
    const why = `approval ${plans.get(api)} is void: this id is of package acme/api: approve it there; nothing is deleted under it`;
    for (const run of [preview, up]) {
      assertSays(errorsOf(run, app), `acme/app: ${why}`);
      assertSaysOnce(run, why);
    }
  });

  it("fails with an entry of `restore` that names nothing", () => {
    const why = "restore: nothing that GitHub can still restore is named pr-99";
    for (const run of [preview, up]) assertSaysOnce(run, why);
  });

  it("fails with an id that is on no record, and names the plan that waits", () => {
    for (const run of [preview, up])
      assertSays(errorsOf(run, web), `approval ${unknown} is void: no plan of that id is on record here`, `today is ${plans.get(web)}`);
    assertSays(diagnosticsOf(preview, web), /^plan \S+: delete 3 of 6 versions/m, `].approve' ${plans.get(web)}`);
  });

  it("stops no deletion under another approval, and no record", async () => {
    assert.equal(errorsOf(up, api), "");
    assert.deepEqual(engine.worldOf(api).deleted(), engine.worldOf(api).digests("pr1"));
    await assertComplete(engine.worldOf(api), "prod");
    for (const name of [app, web]) {
      assert.deepEqual(engine.worldOf(name).deleted(), []);
      assert.equal((await engine.stack.policy(name)).outputs.planId, plans.get(name));
    }
  });

  it("is as it was with `onVoid: warn`, and whatever was carried out stays green", async () => {
    engine.stack.policies = [
      policyFor(app, { approve: plans.get(api) ?? "", restore: ["pr-99"], onVoid: "warn" }),
      policyFor(api, { approve: plans.get(api) ?? "" }),
      policyFor(web),
    ];
    await engine.stack.writeConfig();
    for (const run of [assertSucceeds(await engine.stack.preview()), assertSucceeds(await engine.stack.up())])
      assertSays(diagnosticsOf(run, app), `approval ${plans.get(api)} is void`);
    assertSucceeds(await engine.stack.refresh());
    assertSucceeds(await engine.stack.up());
  });

  it("says which rules changed since, where a run under others has put another plan in its place", async () => {
    engine.sandbox.setClock("2026-11-25T12:00:00Z");
    await engine.worldOf(web).deploy({ release: { days: 2, tags: ["v1"], attestations: false } });
    const id = plans.get(web) ?? "";
    const [keep, ...drop] = usualRules;
    const rules = [{ ...keep, tags: ["v*"] }, ...drop, { name: "drop-prod", action: "delete" as const, tags: ["prod"], olderThan: "7d" }];
    engine.stack.policies = [policyFor(web, { rules, limits: { percent: 100 } })];
    await engine.stack.writeConfig();
    assertSucceeds(await engine.stack.up());
    engine.stack.policies = [policyFor(web, { rules, approve: id, limits: { percent: 100 } })];
    await engine.stack.writeConfig();
    const run = assertFails(await engine.stack.preview());
    assertSays(errorsOf(run, web), `approval ${id} is void: the rules changed since: keep-releases was changed, drop-prod was added`);
  });
});
