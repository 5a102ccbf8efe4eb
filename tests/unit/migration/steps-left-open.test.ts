import assert from "node:assert/strict";
import { leftOpen } from "../../support/migration/left-open";
import { migrated } from "../../support/migration/migrated";
import {
  dataaxiom,
  dataaxiomInputs,
  manager,
  managerInputs,
  official,
  officialInputs,
  snok2,
  snok2Inputs,
  snok3,
  snok3Inputs,
} from "../../support/migration/old-steps";
import { workflow } from "../../support/migration/workflow";

const open = (name: string) => "$".concat(`{{ vars.${name} }}`);

describe("a step that does not do what was written", () => {
  describe("when it has an input that the action does not have", () => {
    it("names the input, what the step really deletes, and what was probably meant", async () => {
      const { stderr, suggested } = await leftOpen(official, { ...officialInputs, "min-versions-to-keep": 0, "only-these-tags": "v0.9.1" });
      assert.match(
        stderr,
        /line 15: `only-these-tags: v0\.9\.1`: actions\/delete-package-versions has no such input, so it did nothing; it was probably meant to delete fewer versions$/m,
      );
      assert.match(stderr, /as the old step is written, it deletes every version, tagged or not$/m);
      assert.match(suggested, /- \{name: drop-others, action: delete, tags: <only-these-tags>\}/);
    });

    it("keeps what it meant to keep: a number", async () => {
      const { rules } = await leftOpen(dataaxiom, { ...dataaxiomInputs, "delete-untagged": true, "keep-latest": 5 });
      assert.deepEqual(rules, [{ name: "keep-newest", action: "keep", tags: ["*"], untagged: true, mostRecent: 5 }]);
    });

    it("keeps what it meant to keep: tags", async () => {
      const { rules } = await leftOpen(dataaxiom, { ...dataaxiomInputs, "delete-tags": "pr-*", "protected-tags": "prod, v*" });
      assert.deepEqual(rules, [{ name: "keep-by-ignored-input", action: "keep", tags: ["prod", "v*"] }]);
    });

    it("marks the age that it meant to ask for", async () => {
      const { suggested } = await leftOpen(official, { ...officialInputs, "delete-only-untagged-versions": true, "older-than": "30 days" });
      assert.match(suggested, /- \{name: drop-untagged, action: delete, untagged: true, olderThan: <older-than>\}/);
    });

    it("prints no token", async () => {
      const { stdout, stderr } = await leftOpen(dataaxiom, { ...dataaxiomInputs, "delete-untagged": true, "github-token": "hush-hush" });
      assert.ok(!`${stdout}${stderr}`.includes("hush"), stderr);
    });
  });

  describe("when it has an input of another version of the action", () => {
    it("version 3 of snok/container-retention-policy ignores `keep-at-least`: the number is kept", async () => {
      const { rules, stderr } = await leftOpen(snok3, { ...snok3Inputs, "keep-at-least": 5, "skip-tags": "prod,v*" });
      assert.match(
        stderr,
        /only snok\/container-retention-policy before version 3 has this input, so it did nothing; what the step uses has `keep-n-most-recent`/,
      );
      assert.match(stderr, /it deletes all tagged versions and all untagged versions older than 14d$/m);
      assert.deepEqual(
        rules?.map(({ name, tags, mostRecent }) => [name, tags, mostRecent]),
        [
          ["keep-newest", ["*"], 5],
          ["keep-by-ignored-input", ["prod", "v*"], undefined],
        ],
      );
    });

    it("version 2 ignores `keep-n-most-recent`", async () => {
      const { rules } = await leftOpen(snok2, { ...snok2Inputs, "keep-n-most-recent": 5 });
      assert.equal(rules?.[0]?.name, "keep-newest");
    });

    for (const [version, input] of [
      ["v1.2.0", "filter-tags"],
      ["v1.0.0", "skip-tags"],
    ] as const) {
      it(`${version} ignores \`${input}\``, async () => {
        const { stderr } = await leftOpen(`snok/container-retention-policy@${version}`, { ...snok2Inputs, [input]: "pr-*" });
        assert.match(stderr, new RegExp(`\`${input}: pr-\\*\`: only snok/container-retention-policy since v1\\.\\d\\.0 has this input`));
      });
    }

    it("dataaxiom/ghcr-cleanup-action@v1 ignores what only v1.0.0 had, which v1.0.0 does not", async () => {
      const options = { ...dataaxiomInputs, "number-untagged": 2 };
      const { rules } = await leftOpen(dataaxiom, options);
      assert.deepEqual(rules, [{ name: "keep-newest-untagged", action: "keep", untagged: true, mostRecent: 2 }]);
      const { rules: then } = await migrated({
        "clean.yml": workflow("dataaxiom/ghcr-cleanup-action@v1.0.0", { owner: "acme", name: "app", "number-untagged": 2 }),
      });
      assert.deepEqual(
        then["acme/app"]?.map(({ name }) => name),
        ["keep-newest-untagged", "drop-untagged"],
      );
    });

    it("an early release of dataaxiom/ghcr-cleanup-action ignores `older-than` and `dry-run`", async () => {
      const { stderr } = await leftOpen("dataaxiom/ghcr-cleanup-action@v1.0.0", {
        owner: "acme",
        name: "app",
        "older-than": "1 week",
        "dry-run": true,
      });
      assert.match(stderr, /`older-than: 1 week`: only dataaxiom\/ghcr-cleanup-action since v1\.0\.8 has this input/);
      assert.match(stderr, /`dry-run: true`: only dataaxiom\/ghcr-cleanup-action since v1\.0\.1 has this input/);
    });
  });

  describe("when a value is known only in a run", () => {
    it("keeps the keep rule, with the number to fill in", async () => {
      const { rules, suggested } = await leftOpen(official, {
        ...officialInputs,
        "min-versions-to-keep": open("KEEP"),
        "ignore-versions": "^latest$",
      });
      assert.deepEqual(rules, [{ name: "keep-ignored", action: "keep", tags: ["/^latest$/"] }]);
      assert.match(suggested, /- \{name: keep-newest, action: keep, tags: \["\*"\], untagged: true, mostRecent: <min-versions-to-keep>\}/);
      assert.match(suggested, /- \{name: drop-others, action: delete, /);
    });

    for (const [what, uses, options, suggestion] of [
      [
        "what is excluded",
        dataaxiom,
        { ...dataaxiomInputs, "exclude-tags": open("X"), "keep-n-tagged": 3 },
        /name: keep-excluded, action: keep, tags: <exclude-tags>/,
      ],
      [
        "what is ignored",
        official,
        { ...officialInputs, "min-versions-to-keep": 3, "ignore-versions": open("X") },
        /name: keep-ignored, action: keep, tags: <ignore-versions>/,
      ],
      [
        "the number to keep",
        dataaxiom,
        { ...dataaxiomInputs, "keep-n-tagged": open("X") },
        /name: keep-newest-tagged, action: keep, tags: \["\*"\], mostRecent: <keep-n-tagged>/,
      ],
      [
        "the number of untagged ones",
        dataaxiom,
        { ...dataaxiomInputs, "keep-n-untagged": open("X") },
        /name: keep-newest-untagged, .*mostRecent: <keep-n-untagged>/,
      ],
      [
        "the age",
        dataaxiom,
        { ...dataaxiomInputs, "older-than": open("X") },
        /name: drop-untagged, action: delete, untagged: true, olderThan: <older-than>/,
      ],
      [
        "the tags",
        dataaxiom,
        { ...dataaxiomInputs, "delete-tags": `pr-${open("X")}` },
        /name: drop-tagged, action: delete, tags: <delete-tags>/,
      ],
      [
        "the tags of version 3",
        snok3,
        { ...snok3Inputs, "image-tags": open("X"), "keep-n-most-recent": 2 },
        /name: keep-newest-tagged, .*mostRecent: \{count: 2, by: updated\}, tags: <image-tags>/,
      ],
      [
        "the number of version 3",
        snok3,
        { ...snok3Inputs, "keep-n-most-recent": open("X") },
        /name: keep-newest-tagged, .*mostRecent: <keep-n-most-recent>/,
      ],
      [
        "the cut-off of version 3",
        snok3,
        { ...snok3Inputs, "cut-off": open("X") },
        /name: drop-untagged, action: delete, untagged: true, olderThan: <cut-off>/,
      ],
      [
        "the tags to skip of version 2",
        snok2,
        { ...snok2Inputs, "skip-tags": open("X") },
        /name: keep-skipped, action: keep, tags: <skip-tags>/,
      ],
      [
        "the number of version 2",
        snok2,
        { ...snok2Inputs, "keep-at-least": open("X") },
        /name: keep-newest, .*mostRecent: <keep-at-least>/,
      ],
      [
        "the filter of version 2",
        snok2,
        { ...snok2Inputs, "filter-tags": open("X") },
        /name: drop-tagged, action: delete, olderThan: 14d, age: updated, tags: <filter-tags>/,
      ],
      [
        "what the manager excludes",
        manager,
        { ...managerInputs, "delete-tags": "pr-*", "exclude-tags": open("X") },
        /name: keep-excluded, action: keep, tags: <exclude-tags>/,
      ],
    ] as const) {
      it(`suggests no rule that is wider: ${what}`, async () => assert.match((await leftOpen(uses, options)).suggested, suggestion));
    }

    it("takes an unknown flag for what deletes less", async () => {
      const { suggested } = await leftOpen(official, {
        ...officialInputs,
        "min-versions-to-keep": 3,
        "delete-only-untagged-versions": open("X"),
      });
      assert.match(suggested, /name: drop-untagged, /);
      assert.doesNotMatch(suggested, /drop-others/);
      const version2 = await leftOpen(snok2, { ...snok2Inputs, "untagged-only": open("X") });
      assert.doesNotMatch(version2.suggested, /drop-tagged/);
    });

    it("says nothing of what the step would delete", async () => {
      assert.doesNotMatch(
        (await leftOpen(dataaxiom, { ...dataaxiomInputs, "keep-n-tagged": open("X") })).stderr,
        /as the old step is written/,
      );
    });
  });

  it("does not migrate what never runs", async () => {
    const text = workflow(dataaxiom, dataaxiomInputs).replace("- uses:", "- if: false\n        uses:");
    const { stderr, stdout } = await migrated({ "clean.yml": text });
    assert.match(stderr, /nothing to migrate: `if: false`: it never runs$/m);
    assert.equal(stdout, "");
  });
});
