import assert from "node:assert/strict";
import { probes } from "../../../live/probes/all";
import { defaultSwitches, type SwitchChanges, Switches } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { leftIn, named, runLive } from "../../support/live/acceptance";

type Name = keyof Switches;
const names = Switches.keyof().options;

/** What no run can see, so that nothing differs when it is flipped. */
const hidden: readonly Name[] = ["headCountsAsDownload", "updatedAtOnPackageChange"];

/** The settings that a switch does not have by default. */
function otherSettings(name: Name): (string | boolean)[] {
  const field = Switches.shape[name].unwrap();
  const settings = "options" in field ? field.options : [true, false];
  return settings.filter((setting) => setting !== defaultSwitches()[name]);
}

describe("a live run against the sandbox", () => {
  const sandbox = useSandbox({ now: "2026-11-23T12:00:00Z" });

  it("has one row for each switch", () => {
    const rows = probes.flatMap((probe) => probe.switch ?? []);
    assert.deepEqual(rows.toSorted(), names.toSorted());
  });

  it("sees what is assumed, and leaves no package", async () => {
    const rows = await runLive(sandbox());
    assert.deepEqual([named(rows, "different"), named(rows, "failed")], [[], []]);
    assert.deepEqual(
      rows.filter(({ verdict }) => verdict === "not observable").flatMap((row) => row.switch ?? []),
      ["headCountsAsDownload", "updatedAtOnPackageChange", "installationRateHeaders"],
    );
    assert.deepEqual(leftIn(sandbox()), []);
  });

  it("sees what a workflow's token is answered", async () => {
    const rows = await runLive(sandbox(), { token: sandbox().createToken({ kind: "installation" }) });
    assert.deepEqual([named(rows, "different"), named(rows, "failed")], [[], []]);
    const seen = new Map(rows.map(({ name, seen }) => [name, seen]));
    assert.equal(seen.get("listing packages with GITHUB_TOKEN is answered with"), "400");
  });

  it("says what a token that may only read would show", async () => {
    const rows = await runLive(sandbox(), { withReader: false });
    const row = rows.find((one) => one.switch === "deletedListsToReaders");
    assert.equal(row?.verdict, "not observable");
    assert.match(row?.words ?? "", /^set GITHUB_READ_TOKEN to a classic token/);
  });

  for (const name of names) {
    for (const setting of otherSettings(name)) {
      const seen = hidden.includes(name) ? "no difference" : "one difference, which names switch and setting";
      it(`sees ${seen} with ${name}: ${setting}`, async () => {
        sandbox().setSwitches({ [name]: setting } as SwitchChanges);
        const token = name === "installationRateHeaders" ? sandbox().createToken({ kind: "installation" }) : sandbox().token;
        const rows = await runLive(sandbox(), { token });
        const differences = rows.filter(({ verdict }) => verdict === "different" || verdict === "failed");
        assert.deepEqual(
          differences.map((row) => [row.switch, row.verdict, row.setting]),
          hidden.includes(name) ? [] : [[name, "different", setting]],
          JSON.stringify(differences),
        );
        assert.deepEqual(leftIn(sandbox()), []);
      });
    }
  }
});
