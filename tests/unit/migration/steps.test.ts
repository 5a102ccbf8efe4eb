import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { CommentedEntry } from "../../../components/config-file/commented-entry";
import { readWorkflow } from "../../../components/migration/read-workflow";
import { entries } from "../../support/migration/entries";
import { workflow } from "../../support/migration/workflow";

const path = "clean.yml";
const expression = "$".concat("{{ inputs.what }}");

function entry(uses: string, options: Readonly<Record<string, unknown>>): CommentedEntry {
  const [first, ...more] = entries(workflow(uses, options), { owner: "acme", packages: ["app"] });
  assert.ok(first && more.length === 0);
  return first;
}

/** Rules in short, as flow. */
function rules(uses: string, options: Readonly<Record<string, unknown>>): unknown[] {
  return entry(uses, options).rules.map(({ rule }) => rule);
}

function comments(uses: string, options: Readonly<Record<string, unknown>>): string {
  const { comment, unfinished } = entry(uses, options);
  return [...comment, ...unfinished].join("\n");
}

const official = "actions/delete-package-versions@v5";
const container = { "package-name": "app", "package-type": "container" };
const d = "dataaxiom/ghcr-cleanup-action@v1";
const s3 = "snok/container-retention-policy@v3.0.1";
const s2 = "snok/container-retention-policy@v2";
const m = "ghcr-manager/ghcr-cleanup-manager@v1.1.12";
const usual = { account: "acme", token: "x", "image-names": "app", "cut-off": "2w" };
const usual2 = { "account-type": "org", "org-name": "acme", "image-names": "app", "cut-off": "Two weeks ago UTC", token: "x" };
const cleanup = { command: "cleanup", token: "x", owner: "acme", package: "app" };

describe("a step of an old workflow", () => {
  describe("when it uses actions/delete-package-versions", () => {
    it("with untagged versions: whole images, the newest kept", () => {
      assert.deepEqual(rules(official, { ...container, "delete-only-untagged-versions": "true", "min-versions-to-keep": 10 }), [
        { name: "keep-newest", action: "keep", untagged: true, mostRecent: 10 },
        { name: "drop-untagged", action: "delete", untagged: true },
      ]);
    });
    it("with a number to keep: so many images, and what it meant to ignore", () => {
      assert.deepEqual(rules(official, { ...container, "min-versions-to-keep": "3", "ignore-versions": "^(latest|v\\d+)$" }), [
        { name: "keep-ignored", action: "keep", tags: ["/^(latest|v\\d+)$/"] },
        { name: "keep-newest", action: "keep", tags: ["*"], untagged: true, mostRecent: 3 },
        { name: "drop-others", action: "delete", tags: ["*"], untagged: true },
      ]);
      assert.match(comments(official, { ...container, "min-versions-to-keep": "3", "ignore-versions": "^v" }), /it protected nothing/);
    });
    it("with prereleases: their tags, since by digest everything was one", () => {
      const options = { ...container, "delete-only-pre-release-versions": "true" };
      assert.match(stringify(rules(official, options)), /drop-prereleases/);
      assert.match(comments(official, options), /every version counted as a prerelease/);
    });
    for (const [what, options] of [
      ["the oldest of each run", container],
      ["numbered versions", { ...container, "package-version-ids": "1, 2" }],
      ["an expression", { ...container, "min-versions-to-keep": expression }],
      ["a pattern that RE2 cannot run", { ...container, "min-versions-to-keep": "3", "ignore-versions": "^(?!v)" }],
    ] as const) {
      it(`with ${what}: nothing goes, and what is to be filled in is named`, () => {
        const { rules, unfinished } = entry(official, options);
        assert.ok(rules.every(({ rule }) => rule.action === "keep"));
        assert.ok(rules.length > 0);
        assert.match(unfinished.join("\n"), /^Fill these in before anything of this step is deleted:\n {2}line \d+: `[a-z-]+: .*`: /);
      });
    }
    for (const [uses, options, because] of [
      ["actions/delete-package-versions@v3", { "package-name": "app" }, /version 3 does not reach container packages/],
      [
        "actions/delete-package-versions@0d39a63126868f5eefaa47169615edd3c0f61e20 # v4.1.1",
        { ...container, "package-type": "npm" },
        /`package-type: npm`/,
      ],
    ] as const) {
      it(`${uses} has nothing to migrate`, () => {
        const text = workflow("x/y@v1", options).replace("x/y@v1", uses);
        const { translations, harmless } = readWorkflow(text, path);
        assert.equal(translations.length, 0);
        assert.match(harmless[0]?.because ?? "", because);
      });
    }
  });

  describe("when it uses dataaxiom/ghcr-cleanup-action", () => {
    it("without options: what is untagged", () => {
      assert.deepEqual(rules(d, {}), [{ name: "drop-untagged", action: "delete", untagged: true }]);
    });
    it("with tags to delete: by last change, each of the tags", () => {
      assert.deepEqual(rules(d, { "delete-tags": "pr-*, dev", "older-than": "2 weeks" }), [
        { name: "drop-tagged", action: "delete", tags: ["pr-*", "dev"], olderThan: "14d", age: "updated" },
      ]);
    });
    it("with a number to keep: excluded images take no place, and stay", () => {
      const { protect } = entry(d, { "keep-n-tagged": 5, "exclude-tags": "latest,v*" });
      assert.deepEqual(protect, ["latest"]);
      assert.deepEqual(rules(d, { "keep-n-tagged": 5, "exclude-tags": "latest,v*" }), [
        { name: "keep-excluded", action: "keep", tags: ["v*"] },
        { name: "keep-newest-tagged", action: "keep", tags: ["*"], notTags: ["latest", "v*"], mostRecent: { count: 5, by: "updated" } },
        { name: "drop-tagged", action: "delete", tags: ["*"] },
      ]);
    });
    it("with orphans: those have an age here", () => {
      assert.deepEqual(rules(d, { "delete-orphaned-images": "true" }), [
        { name: "drop-lost-signatures", action: "delete", dangling: true, olderThan: "30d" },
      ]);
    });
    it("with the inputs of v1.0.0", () => {
      const { packages } = entry("dataaxiom/ghcr-cleanup-action@v1.0.0", { name: "web", "number-untagged": 2 });
      assert.equal(packages, "web");
      assert.match(stringify(rules(d, { name: "web", "number-untagged": 2 })), /keep-newest-untagged/);
    });
    it("names every input that has no equivalent, and every one that it does not have", () => {
      const text = comments(d, {
        token: "x",
        repository: "app",
        validate: true,
        "dry-run": true,
        "log-level": "debug",
        "registry-url": "https://containers.example",
        "github-api-url": "https://github.example/api/v3",
        "keep-tags": "x",
      });
      for (const name of ["token", "repository", "validate", "dry-run", "log-level", "registry-url", "github-api-url", "keep-tags"]) {
        assert.match(text, new RegExp(`^ {2}\`${name}\` \\(line \\d+\\): `, "m"));
      }
      assert.match(text, /ghcr-retention:registryUrl/);
      assert.match(text, /`keep-tags` \(line \d+\): dataaxiom\/ghcr-cleanup-action has no such input/);
    });
    it("that selects nothing: nothing to migrate", () => {
      assert.match(readWorkflow(workflow(d, { "delete-untagged": "false" }), path).harmless[0]?.because ?? "", /it selects nothing/);
    });
    it("never guesses the tag of a pull request", () => {
      const { rules, unfinished } = entry(d, { "delete-tags": `pr-${expression}` });
      assert.deepEqual(
        rules.map(({ rule }) => rule.name),
        ["keep-until-filled-in"],
      );
      assert.match(unfinished.join("\n"), /`delete-tags: pr-\$\{\{ inputs\.what \}\}`: its value is known only during a run/);
    });
  });

  describe("when it uses snok/container-retention-policy", () => {
    it("of version 3: by last change, tagged and untagged", () => {
      assert.deepEqual(rules(s3, { ...usual, "image-tags": "pr-* !prod", "keep-n-most-recent": 3 }), [
        {
          name: "keep-newest-tagged",
          action: "keep",
          tags: ["pr-*"],
          notTags: ["prod"],
          olderThan: "14d",
          age: "updated",
          mostRecent: { count: 3, by: "updated" },
        },
        { name: "drop-tagged", action: "delete", tags: ["pr-*"], notTags: ["prod"], olderThan: "14d", age: "updated" },
        { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" },
      ]);
    });
    it("of version 3 with digests to skip: they are protected", () => {
      const digest = `sha256:${"a".repeat(64)}`;
      assert.deepEqual(entry(s3, { ...usual, "skip-shas": digest, "tag-selection": "untagged" }).protect, [digest]);
    });
    it("of version 2: patterns of the shell, and a number of images", () => {
      const options = { ...usual2, "skip-tags": "latest, v[!0-9]*", "keep-at-least": 4, "timestamp-to-use": "created_at" };
      assert.deepEqual(entry(s2, options).protect, ["latest"]);
      assert.deepEqual(rules(s2, options), [
        { name: "keep-skipped", action: "keep", tags: ["v[^0-9]*"] },
        { name: "keep-newest", action: "keep", tags: ["*"], untagged: true, mostRecent: 4 },
        { name: "drop-tagged", action: "delete", tags: ["*"], olderThan: "14d" },
        { name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" },
      ]);
    });
    it("of version 2: says that a filter did nothing beside a number to keep", () => {
      assert.match(comments(s2, { ...usual2, "filter-tags": "pr-*", "keep-at-least": 1 }), /took everything but the newest/);
    });
    it("of an unknown commit: by its inputs", () => {
      const commit = "snok/container-retention-policy@4f22ef80902ad409ed55a99dc5133cc1250a0d03";
      assert.match(stringify(rules(commit, { ...usual2, "skip-tags": "v*" })), /keep-skipped/);
      assert.match(stringify(rules(commit, usual)), /drop-tagged/);
    });
    it("with a date as cut-off: a date is no age", () => {
      assert.match(comments(s2, { ...usual2, "cut-off": "2023-12-01T00:00:00Z" }), /`cut-off: 2023-12-01T00:00:00Z`.*a date is no age/);
    });
    it("of packages by patterns: one policy for all of them", () => {
      assert.deepEqual(entry(s3, { ...usual, "image-names": "web-* !web-old" }).packages, ["web-*", "!web-old"]);
    });
  });

  describe("when it uses ghcr-manager/ghcr-cleanup-manager", () => {
    it("selects by lines, and goes by creation", () => {
      assert.deepEqual(rules(m, { ...cleanup, "delete-tags": "pr-*\ndev\n", "older-than": "30 days", "keep-n-tagged": 2 }), [
        { name: "keep-newest-tagged", action: "keep", tags: ["pr-*", "dev"], olderThan: "30d", mostRecent: 2 },
        { name: "drop-tagged", action: "delete", tags: ["pr-*", "dev"], olderThan: "30d" },
      ]);
    });
    it("says which selectors did nothing", () => {
      const text = comments(m, { ...cleanup, "delete-tags": "dev", "delete-ghost-images": true, "delete-orphaned-images": true });
      assert.match(text, /`delete-orphaned-images`, `delete-tags` did nothing beside `delete-ghost-images`/);
    });
    for (const [options, because] of [
      [{ ...cleanup, command: "scan" }, /`command: scan` deletes nothing/],
      [cleanup, /it selects nothing/],
    ] as const) {
      it(`has nothing to migrate: ${because.source}`, () => {
        assert.match(readWorkflow(workflow(m, options), path).harmless[0]?.because ?? "", because);
      });
    }
  });
});
