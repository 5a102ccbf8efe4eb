import assert from "node:assert/strict";
import { probes } from "../../../live/probes/all";
import type { LiveProbe } from "../../../live/probes/assume";
import { lists } from "../../../live/probes/lists";
import { saw } from "../../../live/rows/probe";
import { defaultSwitches, type SwitchChanges, Switches } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { leftIn, named, runLive } from "../../support/live/acceptance";

type Name = keyof Switches;
const names = Switches.keyof().options;

/** What no run can see, so that nothing differs when it is flipped. */
const hidden: readonly Name[] = ["decommissionedRecords", "headCountsAsDownload", "updatedAtOnPackageChange"];

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
      ["headCountsAsDownload", "updatedAtOnPackageChange", "installationRateHeaders", "decommissionedRecords"],
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

  it("sees that the stamps of all versions were renewed meanwhile", async () => {
    sandbox().setSwitches({ updatedAtOnPackageChange: true });
    const changing: LiveProbe = {
      name: "somebody changes the package",
      assumption: true,
      observe: async (scratch) => {
        await scratch.push("one", "one");
        await scratch.settle();
        sandbox().setPackage({ package: `${scratch.package}`, visibility: "internal" });
        return saw(true);
      },
    };
    const rows = await runLive(sandbox(), { probes: [changing, ...lists] });
    assert.deepEqual(named(rows, "different"), [
      "a package that a push makes is",
      "`updated_at` of all versions was renewed at once during the run",
    ]);
  });

  it("sees what else works where GitHub refuses the list of deleted versions", async () => {
    const refusal = { kind: "status", status: 403, body: { message: "Not for this token" } } as const;
    sandbox().addFault({ match: { surface: "api", method: "GET", path: "state=deleted" }, times: null, effect: refusal });
    const rows = await runLive(sandbox());
    assert.deepEqual(named(rows, "different"), [
      "the token of the run lists deleted versions",
      "a token that may only read lists deleted versions",
    ]);
    assert.deepEqual(named(rows, "failed"), [
      "the list of deleted versions names their tags",
      "the list of deleted versions has `deleted_at`",
      "a deleted version stays listed as deleted when its digest is pushed again",
    ]);
    assert.ok(rows.every(({ verdict, words = "" }) => verdict !== "failed" || words.includes("GitHub answered 403: Not for this token")));
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
