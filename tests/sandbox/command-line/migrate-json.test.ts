import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { MigrateStage } from "../../support/command-line/migrate-stage";
import { workflow } from "../../support/migration/workflow";
import { useStage } from "../../support/use-stage";

const official = "actions/delete-package-versions@v5";
const untagged = { owner: "logto-io", "package-name": "logto", "package-type": "container", "delete-only-untagged-versions": "true" };

describe("`ghcr-retention migrate --json`", function () {
  this.timeout(60_000);

  const stage = useStage(() => MigrateStage.open());
  beforeEach(() => stage().reset());

  it("says what the old workflow breaks in the packages, and what the new rules would delete; writes nothing", async () => {
    const before = readFileSync(stage().stackFile, "utf8");
    const { code, stdout } = await stage().migrate(workflow(official, untagged), "--json");
    assert.equal(code, 0);
    const [{ observed }] = JSON.parse(stdout).policies;
    const [{ oldWorkflow, newRules, ...rest }, ...more] = observed;
    assert.deepEqual([rest, more], [{ package: "logto-io/logto", versions: 40 }, []]);
    assert.equal(oldWorkflow.deletes, 33);
    assert.deepEqual(oldWorkflow.breaks[0]?.image, "pr-3");
    assert.deepEqual(Object.keys(newRules), ["deletes", "images", "withheld"]);
    assert.equal(readFileSync(stage().stackFile, "utf8"), before);
  });

  it("says which package could not be observed, and fails", async () => {
    const { code, stdout } = await stage().migrate(workflow(official, { ...untagged, "package-name": "gone" }), "--json");
    assert.equal(code, 1);
    const [{ observed }] = JSON.parse(stdout).policies;
    assert.equal(observed[0].package, "logto-io/gone");
    assert.match(observed[0].failure, /GitHub answered 404/);
  });

  it("observes nothing without a token", async () => {
    const { code, stdout } = await stage().run(workflow(official, untagged), { GITHUB_TOKEN: undefined }, "--json");
    assert.deepEqual([code, JSON.parse(stdout).policies[0].observed], [0, null]);
  });
});
