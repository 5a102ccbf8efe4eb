import assert from "node:assert/strict";
import { InitStage } from "../../support/command-line/init-stage";
import { useStage } from "../../support/use-stage";

describe("`ghcr-retention init --json`", function () {
  this.timeout(120_000);

  const stage = useStage(() => InitStage.open());
  beforeEach(() => stage().reset());

  it("gives each policy with the reason of each rule and the tags behind it; writes nothing", async () => {
    const before = stage().text;
    const { code, stdout, stderr } = await stage().init("--json", "--packages", "logto,team/web,legacy");
    assert.equal(code, 0, stderr);
    const { policies, kept, failed, owner } = JSON.parse(stdout);
    assert.deepEqual([owner, failed], ["logto-io", []]);
    assert.deepEqual(kept, [{ package: "logto-io/legacy", policyAt: "ghcr-retention:policies[0]" }]);
    assert.deepEqual(
      policies.map((one: { policy: { package: string } }) => one.policy.package),
      ["logto", "team/web"],
    );
    const [{ policy, reasons, rulesBecause, today, families }] = policies;
    assert.match(reasons[0], /^logto-io\/logto on 2026-11-23: 45 versions, 9 images; /);
    assert.deepEqual(
      Object.keys(rulesBecause),
      policy.rules.map(({ name }: { name: string }) => name),
    );
    assert.match(rulesBecause["drop-pull-requests"], /^An image goes when each of its tags may go; today: /);
    assert.equal(today.versions, 45);
    const prs = families.find(({ purpose }: { purpose: string }) => purpose === "pull-request");
    assert.deepEqual([prs.tags, prs.youngestSeconds, prs.streams.length], [["pr-3", "pr-2", "pr-1"], 3 * 86_400, 1]);
    assert.equal(stage().text, before);
  });

  it("names the packages that get no policy, and fails", async () => {
    const { code, stdout } = await stage().init("--json", "--packages", "logto,gone");
    const { policies, failed } = JSON.parse(stdout);
    assert.deepEqual([code, policies.length, failed.length, failed[0].package], [1, 1, 1, "logto-io/gone"]);
    assert.match(failed[0].reason, /GitHub answered 404/);
  });

  it("gives one policy and its rule set for all packages", async () => {
    const { code, stdout } = await stage().init("--json", "--organization", "--packages", "logto,team/web");
    const { policies, ruleSets } = JSON.parse(stdout);
    assert.deepEqual([code, policies.length, ruleSets.length], [0, 1, 1]);
    assert.deepEqual(policies[0].policy.use, [ruleSets[0].name]);
    assert.deepEqual(Object.keys(ruleSets[0].rulesBecause).length, ruleSets[0].rules.length);
  });

  it("writes nothing, so that it takes no file", async () => {
    const { code, stderr } = await stage().init("--json", "--output", "-");
    assert.equal(code, 1);
    assert.match(stderr, /--json writes nothing: expected it without --new and --output/);
  });
});
