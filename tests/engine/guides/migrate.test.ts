import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseWorkflow, stepsIn } from "../../../cleaners/steps";
import { readWorkflow, translators } from "../../../components/migration/read-workflow";
import { isHarmless } from "../../../components/migration/step/translation";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, shop } from "../../support/engine/world";
import { blocksOf, codesIn, tableOf } from "../../support/guides/guide";
import { Project } from "../../support/guides/project";
import { migrated } from "../../support/migration/migrated";
import { workflow } from "../../support/migration/workflow";

const page = "migrate.md";

/** Every input that a version of the action has: its action.yml at the tags. */
const inputs: Readonly<Record<string, { readonly versions: readonly string[]; readonly names: string }>> = {
  "actions/delete-package-versions": {
    versions: ["v4", "v5"],
    names:
      "package-version-ids owner package-name package-type num-old-versions-to-delete min-versions-to-keep ignore-versions delete-only-pre-release-versions delete-only-untagged-versions token",
  },
  "dataaxiom/ghcr-cleanup-action": {
    versions: ["v1"],
    names:
      "token owner repository package packages expand-packages delete-tags tags exclude-tags keep-n-untagged keep-n-tagged delete-untagged delete-ghost-images delete-partial-images delete-orphaned-images older-than use-regex validate dry-run log-level registry-url github-api-url",
  },
  "dataaxiom/ghcr-cleanup-action (the first release)": { versions: ["v1.0.0"], names: "token owner name number-untagged tags" },
  "snok/container-retention-policy": {
    versions: ["v3.1.0"],
    names: "account token cut-off image-names image-tags skip-shas tag-selection keep-n-most-recent timestamp-to-use dry-run rust-log",
  },
  "snok/container-retention-policy (version 2)": {
    versions: ["v2"],
    names:
      "account-type org-name image-names timestamp-to-use cut-off token untagged-only skip-tags keep-at-least filter-tags filter-include-untagged dry-run token-type",
  },
  "snok/container-retention-policy (version 1)": {
    versions: ["v1"],
    names:
      "account-type org-name image-names timestamp-to-use cut-off token untagged-only skip-tags keep-at-least filter-tags filter-include-untagged",
  },
  "ghcr-manager/ghcr-cleanup-manager": {
    versions: ["v1.1.12"],
    names:
      "command token owner package db-path upload-artifacts scan-after-cleanup db-artifact-retention-days delete-tags exclude-tags keep-n-tagged keep-n-untagged delete-untagged delete-ghost-images delete-partial-images delete-orphaned-images older-than use-regex dry-run log-level",
  },
};

/** What a step needs, so that there is something to migrate. */
const least: Readonly<Record<string, string>> = {
  "package-name": "app",
  "package-type": "container",
  command: "cleanup",
  "delete-untagged": "true",
  "cut-off": "2w",
};

describe("the guide from an old workflow to a policy", function () {
  this.timeout(60_000);

  describe("in its tables", () => {
    for (const [key, { versions, names }] of Object.entries(inputs)) {
      const [action = ""] = key.split(" ");
      const written = new Set(tableOf(page, `Inputs: ${action}`).flatMap(([cell = ""]) => codesIn(cell)));
      it(`names every input of ${key}`, () => {
        assert.deepEqual(
          names.split(" ").filter((name) => !written.has(name)),
          [],
        );
      });
      for (const version of versions) {
        it(`names inputs that the translation of ${action}@${version} knows`, () => {
          const usual = Object.fromEntries(Object.entries(least).filter(([name]) => names.split(" ").includes(name)));
          // One at a time: of two names for one thing only one is written in a workflow.
          for (const name of names.split(" ")) {
            const options = { [name]: "1", ...usual };
            const [step] = stepsIn(parseWorkflow(workflow(`${action}@${version}`, options)));
            const translated = step && translators.get(action)?.(step);
            assert.ok(translated && !isHarmless(translated), name);
            assert.deepEqual(
              translated.open.filter(({ reason }) => reason === "no-such-input" || reason === "other-version"),
              [],
            );
          }
        });
      }
    }

    it("names no input that no version has", () => {
      for (const action of translators.keys()) {
        const written = tableOf(page, `Inputs: ${action}`).flatMap(([cell = ""]) => codesIn(cell));
        const known = Object.entries(inputs).flatMap(([key, { names }]) => (key.startsWith(action) ? names.split(" ") : []));
        assert.ok(written.length > 0);
        assert.deepEqual(
          written.filter((name) => !known.includes(name)),
          [],
        );
      }
    });
  });

  it("shows a step that stays open as the command writes it", async () => {
    const [, , block = ""] = blocksOf(page, "yaml");
    const options = {
      owner: "acme",
      "package-name": "app",
      "package-type": "container",
      "min-versions-to-keep": "$".concat("{{ vars.KEEP }}"),
    };
    const { stdout } = await migrated({ "clean.yml": workflow("actions/delete-package-versions@v5", options) });
    assert.ok(block !== "" && stdout.includes(block), stdout);
  });

  describe("in its example", () => {
    let sandbox: Sandbox;
    let project: Project;

    before(async () => {
      sandbox = await startSandbox({ now });
      await new PackageWorld(sandbox, "logto-io/logto").deploy(shop);
      project = await Project.create(sandbox);
    });
    after(async () => {
      project?.remove();
      await sandbox?.close();
    });

    it("shows what the command writes", async () => {
      const [old = "", becomes = ""] = blocksOf(page, "yaml");
      const file = join(project.folder, ".github", "workflows", "clean.yml");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, old);
      assert.equal(readWorkflow(old, "clean.yml").translations.length, 2);
      const [command = ""] =
        /npx ghcr-retention migrate .*/.exec(readFileSync(join(__dirname, "..", "..", "..", "docs", page), "utf8")) ?? [];
      const { code, stderr } = await project.run(command);
      assert.equal(code, 0, stderr);
      const [, policies = ""] = /^config:\n(.*)$/s.exec(becomes) ?? [];
      const written = readFileSync(project.configFile, "utf8");
      assert.ok(policies.length > 0 && written.includes(policies), written);
    });
  });
});
