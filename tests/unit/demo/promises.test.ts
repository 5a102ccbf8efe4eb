import assert from "node:assert/strict";
import { expectDeleted, expectPlans } from "../../../demo/acts/apply-the-policy";
import { expectNoChanges } from "../../../demo/acts/preview-again";
import { expectWhole } from "../../../demo/acts/pull-what-stays";
import { expectRefusal } from "../../../demo/acts/refuse-the-workflow";
import { deletedImage, expectGone, expectRestored } from "../../../demo/acts/restore-an-image";
import { expectOutage } from "../../../demo/acts/run-the-workflow";
import { BrokenPromise } from "../../../demo/output/broken-promise";
import type { Ran } from "../../../demo/stage/commands";
import type { Pushed } from "../../../demo/world/push-year";
import { expectUntouched, type Versions } from "../../../demo/world/versions";
import type { PackageName } from "../../../demo/world/year";

const ran = (changes: Partial<Ran> = {}): Ran => ({ command: "pulumi preview", code: 0, output: "", ...changes });

function breaks(expected: RegExp, check: () => void): void {
  assert.throws(check, (error) => error instanceof BrokenPromise && expected.test(error.message));
}

describe("what the demo holds its steps to", () => {
  describe("the refusal of the workflow", () => {
    const digests: Record<PackageName, string> = { logto: `sha256:${"a".repeat(64)}`, "logto-cloud": `sha256:${"b".repeat(64)}` };
    const pushes = Object.entries(digests).map(
      ([name, digest]): Pushed => ({
        at: new Date(0),
        package: name as PackageName,
        tags: ["prod"],
        children: [{ platform: "linux/amd64", digest }],
      }),
    );
    const refusal = (name: PackageName, digest = digests[name]) =>
      `    - [mandatory]  no-untagged-children  (type: logto-io/${name})\n      ${digest} (linux/amd64), needed by prod\n`;
    const refused = ran({ code: 1, output: `Policies:\n${refusal("logto")}${refusal("logto-cloud")}\nResources:\n` });

    it("is kept when both packages are refused for manifests of prod", () => expectRefusal(refused, pushes));
    it("is broken when the command succeeds", () => breaks(/to fail/, () => expectRefusal({ ...refused, code: 0 }, pushes)));
    it("is broken when it fails for another reason", () =>
      breaks(/to refuse logto-io\/logto\b/, () => expectRefusal(ran({ code: 1, output: "error: no stack" }), pushes)));
    it("is broken when one package passes", () =>
      breaks(/to refuse logto-io\/logto-cloud/, () =>
        expectRefusal({ ...refused, output: refused.output.replace("logto-io/logto-cloud", "logto-io/other") }, pushes),
      ));
    it("is broken when the named manifest is not one of prod", () =>
      breaks(/a manifest of logto-io\/logto:prod/, () =>
        expectRefusal({ ...refused, output: refused.output.replaceAll("a".repeat(64), "c".repeat(64)) }, pushes),
      ));
  });

  describe("the outage", () => {
    const found = ran({ command: "crane digest x:prod" });
    const unknown = ran({ command: "crane pull x:prod", code: 1, output: "Error: GET …: MANIFEST_UNKNOWN: manifest unknown" });

    it("is kept when the tag answers and no platform does", () => expectOutage(found, [unknown, unknown]));
    it("is broken when prod can still be pulled", () =>
      breaks(/'crane pull x:prod' to fail/, () => expectOutage(found, [unknown, { ...unknown, code: 0 }])));
    it("is broken when the pull fails for another reason", () =>
      breaks(/MANIFEST_UNKNOWN/, () => expectOutage(found, [{ ...unknown, output: "UNAUTHORIZED" }])));
    it("is broken when the tag itself is gone", () => breaks(/to find the index/, () => expectOutage({ ...found, code: 1 }, [unknown])));
  });

  describe("the plans", () => {
    const report = (name: PackageName, place: number) => `  type (logto-io/${name}):
    plan 2023-12-17-0123456789ab: delete 2 of 9 versions (1 image), keep 7

    waiting for approval, nothing is deleted until then. To approve exactly this:
      pulumi config set --path 'ghcr-retention:policies[${place}].approve' 2023-12-17-0123456789ab
`;
    const preview = ran({ output: `Diagnostics:\n${report("logto", 0)}\n${report("logto-cloud", 1)}\nResources:\n    + 3 to create\n` });

    it("are read with the lines that approve them", () => {
      const plan = expectPlans(preview).get("logto-cloud");
      assert.deepEqual(plan?.approval, ["config", "set", "--path", "ghcr-retention:policies[1].approve", "2023-12-17-0123456789ab"]);
      assert.deepEqual([plan?.id, plan?.deletes, plan?.of], ["2023-12-17-0123456789ab", 2, 9]);
    });
    it("are broken when the preview fails", () => breaks(/to succeed/, () => expectPlans({ ...preview, code: 1 })));
    it("are broken when one package has none", () =>
      breaks(/a plan for logto-io\/logto-cloud/, () => expectPlans(ran({ output: preview.output.replace("policies[1]", "policies 1") }))));

    const versions = (logto: number, cloud: number): Versions => {
      const digests = (count: number) => new Set(Array.from({ length: count }, (_, place) => `sha256:${place}`));
      return new Map([
        ["logto", digests(logto)],
        ["logto-cloud", digests(cloud)],
      ]);
    };

    it("leave everything while they wait", () => {
      expectUntouched(versions(9, 9), versions(9, 9));
      breaks(/logto-io\/logto-cloud to keep all its 9 versions\nfound 1/, () => expectUntouched(versions(9, 9), versions(9, 8)));
    });
    it("are carried out to the version", () => {
      const plans = expectPlans(preview);
      expectDeleted(ran(), plans, versions(9, 9), versions(7, 7));
      breaks(/2 versions of logto-io\/logto to be deleted/, () => expectDeleted(ran(), plans, versions(9, 9), versions(8, 7)));
      breaks(/2 versions of logto-io\/logto-cloud to be deleted/, () => expectDeleted(ran(), plans, versions(9, 9), versions(7, 6)));
      breaks(/to succeed/, () => expectDeleted(ran({ code: 1 }), plans, versions(9, 9), versions(7, 7)));
    });
  });

  describe("what stays", () => {
    const both = ["linux/amd64", "linux/arm64"];
    const pulled = new Map([
      ["prod", both],
      ["pr-1", both],
    ]);

    it("is kept when every tag came with all platforms", () => expectWhole("logto", { tags: ["prod", "pr-1"], pulled }, ["prod"]));
    it("is broken when a platform is missing", () =>
      breaks(/logto-io\/logto:pr-1 with linux\/amd64 and linux\/arm64\nfound only \[linux\/amd64\]/, () =>
        expectWhole("logto", { tags: ["prod", "pr-1"], pulled: new Map([...pulled, ["pr-1", ["linux/amd64"]]]) }, ["prod"]),
      ));
    it("is broken when a tag that matters is no longer listed", () =>
      breaks(/logto-io\/logto:v1\.0\.0/, () => expectWhole("logto", { tags: ["prod", "pr-1"], pulled }, ["prod", "v1.0.0"])));
  });

  describe("the way back", () => {
    const push = (tag: string, digest: string): Pushed => ({
      at: new Date(0),
      package: "logto",
      tags: [tag],
      children: [
        { platform: "linux/amd64", digest: `${digest}:amd64` },
        { platform: "linux/arm64", digest: `${digest}:arm64` },
      ],
    });
    const old = push("pr-1", "a");
    const pushes = [old, push("main-1", "b"), push("pr-2", "c")];
    const holding = (...digests: string[]): Versions => new Map([["logto", new Set(digests)]]);
    const unknown = ran({ command: "crane digest x:pr-1", code: 1, output: "Error: MANIFEST_UNKNOWN: manifest unknown" });

    it("begins with the newest build of a pull request of which nothing is left", () => {
      assert.deepEqual(deletedImage(pushes, holding("c:amd64")), { tag: "pr-1", image: old });
      assert.equal(deletedImage(pushes, holding()).tag, "pr-2");
    });
    it("is broken where none was deleted", () =>
      breaks(/a build of a pull request among the deleted images/, () => deletedImage(pushes, holding("a:arm64", "c:amd64"))));
    it("is broken where the image was never gone", () => {
      expectGone(unknown);
      breaks(/'crane digest x:pr-1' to fail/, () => expectGone({ ...unknown, code: 0 }));
      breaks(/MANIFEST_UNKNOWN/, () => expectGone({ ...unknown, output: "UNAUTHORIZED" }));
    });
    it("is broken when the update fails, or a platform does not come back", () => {
      expectRestored(ran(), old, holding("a:amd64", "a:arm64"));
      breaks(/to restore the image/, () => expectRestored(ran({ code: 255 }), old, holding("a:amd64", "a:arm64")));
      breaks(/every platform of the restored image in logto-io\/logto\nfound 1 of them/, () =>
        expectRestored(ran(), old, holding("a:amd64")),
      );
    });
  });

  it("is broken by a preview that finds changes", () => {
    expectNoChanges(ran());
    breaks(/to find nothing to do\nfound exit code 255/, () => expectNoChanges(ran({ code: 255, output: "error: changes were proposed" })));
  });
});
