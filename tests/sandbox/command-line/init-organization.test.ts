import assert from "node:assert/strict";
import { readStackOrganizations } from "../../../components/config/stack-organizations";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { configIn, InitStage, writtenByHand } from "../../support/command-line/init-stage";
import { writesTo } from "../../support/emulator/writes";
import { PackageWorld } from "../../support/engine/world";
import { useStage } from "../../support/use-stage";

describe("`ghcr-retention init` when the packages get one policy together", function () {
  this.timeout(120_000);

  const stage = useStage(() => InitStage.open());
  beforeEach(() => stage().reset());

  function organizationsIn(text: string) {
    const config = configIn(text);
    const [policies, organizations, ruleSets] = ["policies", "organizations", "ruleSets"].map((key) => config[`ghcr-retention:${key}`]);
    readStackPolicies({ policies });
    return readStackOrganizations({ organizations, ruleSets });
  }

  it("writes one entry and the rule set that it uses, and leaves out what has a policy", async () => {
    const { code, stdout, stderr } = await stage().init("--organization");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /: 1 policy added\. /);
    const after = stage().text;
    const before = writtenByHand(stage().sandbox);
    assert.equal(before.split("\n").filter((line) => !after.includes(line)).length, 0);
    const [only, ...others] = organizationsIn(after);
    assert.deepEqual(others, []);
    assert.deepEqual(only?.whole.organization.packages, ["*", "!legacy"]);
    assert.deepEqual(only?.whole.organization.use, ["proposed"]);
    assert.deepEqual(
      only?.whole.shared.rules.map(({ name }) => name),
      ["keep-releases", "keep-moving-tags", "keep-newest-pr", "drop-pull-requests", "keep-newest-main", "drop-builds", "drop-untagged"],
    );
    const flat = after.replace(/\n +# {1,3}/g, " ");
    assert.match(
      flat,
      /Today's plans under these rules would delete 5 of \d+ versions in 2 packages \(logto: 5\)\. Nothing goes before 7 days have passed/,
    );
    assert.match(flat, /1 tag of no clear kind \(logto:ubuntu-22\): no rule deletes these, so they stay\./);
    assert.match(flat, /3 tags \(pr-3, pr-2, pr-1\), 3 days to 110 days old: pull requests end/);
  });

  it("sets the limit that the largest plan needs, and keeps the others below the usual one", async () => {
    await new PackageWorld(stage().sandbox, "logto-io/old").deploy({
      a: { days: 100, tags: [] },
      b: { days: 99, tags: [] },
      c: { days: 3, tags: ["latest"] },
    });
    const { code, stderr } = await stage().init("--organization");
    assert.equal(code, 0, stderr);
    const after = stage().text;
    const [only] = organizationsIn(after);
    assert.deepEqual(only?.whole.shared.limits, { deletions: 200, percent: 67 });
    assert.deepEqual(only?.whole.overrides, { logto: { limits: { percent: 50 } }, "team/web": { limits: { percent: 50 } } });
    assert.match(
      after.replace(/\n +# {1,3}/g, " "),
      /`limits\.percent` is 67 for today's plan of old, which 50 would refuse: lower it once they have gone\./,
    );
  });

  it("leaves out a package that stays in doubt, so that the others can go on", async () => {
    await stage().pushUnreadable("murky");
    const { code, stderr } = await stage().init("--organization", "-p", "logto,murky,team/*");
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^logto-io\/murky: no policy is proposed: /m);
    assert.deepEqual(organizationsIn(stage().text)[0]?.whole.organization.packages, ["logto", "murky", "team/*", "!murky"]);
  });

  it("adds nothing when it runs again", async () => {
    await stage().init("--organization", "-p", "logto,team/web");
    const once = stage().text;
    const { code, stdout } = await stage().init("--organization", "-p", "logto,team/web");
    assert.deepEqual([code, stdout], [0, `${stage().file}: nothing to add\n`]);
    assert.equal(stage().text, once);
  });

  it("asks nothing of GitHub but to read", () => {
    const writes = writesTo(stage().sandbox);
    assert.deepEqual(writes, []);
  });
});
