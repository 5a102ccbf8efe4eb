import assert from "node:assert/strict";
import { RepositoryFile } from "@pulumi/github";
import { noUnsafeCleaners } from "../../../policies/no-unsafe-cleaners";
import { analyze, unknownText } from "../../support/policies/analyze";
import { githubFile, path, refusal, refusals } from "../../support/policies/cleaner-refusals";
import { assertNotKnown, configured, refusalsOf } from "../../support/policies/configured";
import { declared } from "../../support/policies/declared";

/** A workflow whose one step uses an action so; `uses` stands on line 8, the first option on line 10. */
function workflow(uses: string, options: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(options).map(([name, value]) => `          ${name}: ${value}`);
  return [
    "name: clean",
    "on:",
    "  schedule: [{ cron: '0 3 * * 0' }]",
    "jobs:",
    "  clean:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    `      - uses: ${uses}`,
    ...(given.length > 0 ? ["        with:", ...given] : []),
    "",
  ].join("\n");
}

const official = "actions/delete-package-versions@v5";
const untaggedOnly = { "package-name": "logto", "package-type": "container", "delete-only-untagged-versions": '"true"' };

describe("no-unsafe-cleaners", () => {
  describe("when a workflow deletes untagged versions by GitHub's own action", () => {
    it("names the file, the line, the reason and the rule to write", async () => {
      const text = await refusal(workflow(official, untaggedOnly));
      assert.ok(
        text.includes(`${path}, line 12: actions/delete-package-versions with \`delete-only-untagged-versions\` as \`true\``),
        text,
      );
      assert.match(text, /every platform of a multi-platform image is an untagged version/);
      assert.ok(text.includes("{ name: drop-untagged, action: delete, untagged: true, olderThan: 14d }"), text);
    });

    it("refuses what the class of the provider's package declares", async () => {
      const { type, inputs } = await declared(
        () => new RepositoryFile("clean", { repository: "logto", file: path, content: workflow(official, untaggedOnly) }),
      );
      assert.match((await refusalsOf(noUnsafeCleaners, type, inputs))[0] ?? "", /line 12/);
    });

    it("lets it pass for another kind of package", async () => {
      assert.deepEqual(await refusals(workflow(official, { ...untaggedOnly, "package-type": "npm" })), []);
    });

    it("lets it pass for versions that are named", async () => {
      assert.deepEqual(await refusals(workflow(official, { "package-type": "container", "package-version-ids": "1, 2" })), []);
    });

    it("refuses to count raw versions of a container, and keeps the count in the rule", async () => {
      const text = await refusal(workflow(official, { "package-type": "container", "min-versions-to-keep": "25" }));
      assert.match(text, /it counts GitHub's raw versions/);
      assert.ok(text.includes('{ name: keep-newest, action: keep, tags: ["*"], mostRecent: 25 }'), text);
    });

    it("refuses an expression that may be true", async () => {
      const options = { "package-type": "container", "delete-only-untagged-versions": "$".concat("{{ inputs.untagged }}") };
      assert.match(await refusal(workflow(official, options)), /as `\$\{\{ inputs.untagged \}\}`/);
    });
  });

  describe("when a workflow uses a cleaner that lost images", () => {
    const commit = "b7a6cd0ef4f0b4f4c9f0dfe8d4b1e1e6f8a2c3d4";
    const cases: readonly (readonly [
      uses: string,
      options: Record<string, string>,
      expected: RegExp,
      mended: Record<string, string> | undefined,
    ])[] = [
      ["dataaxiom/ghcr-cleanup-action@v1", { token: "x" }, /index inside an index/, { "dry-run": "true" }],
      [
        "dataaxiom/ghcr-cleanup-action@v1",
        { "delete-untagged": "true", "older-than": "3 days" },
        /olderThan: 3d/,
        { "delete-untagged": "false" },
      ],
      [
        "dataaxiom/ghcr-cleanup-action@v1",
        { "keep-n-tagged": "5" },
        /signature tags are counted as images.*mostRecent: 5/s,
        { "dry-run": "true" },
      ],
      ["dataaxiom/ghcr-cleanup-action@v1", { "delete-tags": "pr-*", "older-than": "2 weeks" }, /olderThan: 2w/, { "dry-run": "true" }],
      ["dataaxiom/ghcr-cleanup-action@v1", { "delete-orphaned-images": "true" }, /dangling: true/, { "dry-run": "true" }],
      [
        "snok/container-retention-policy@v3.0.0",
        { "cut-off": "1month", "tag-selection": "untagged" },
        /line 11.*olderThan: 30d/s,
        { "tag-selection": "tagged" },
      ],
      ["snok/container-retention-policy@v2", { "cut-off": "two hours ago UTC" }, /`tag-selection` left out/, { "dry-run": "true" }],
      [`ghcr-manager/ghcr-cleanup-manager@${commit}`, { "delete-untagged": "true" }, /answers 404/, { "dry-run": "true" }],
      ["Chizkiyahu/delete-untagged-ghcr-action@v4", { untagged_only: "true" }, /left out/, { except_untagged_multiplatform: "true" }],
      ["vlaurin/action-ghcr-prune@v0.6.0", { "prune-untagged": "true", "older-than": "7" }, /olderThan: 7d/, { "prune-untagged": "false" }],
      ["bots-house/ghcr-delete-image-action@v1.1.0", { "untagged-keep-latest": "3" }, /untagged-keep-latest/, undefined],
      ["camargo/delete-untagged-action@v1", { "github-token": "x" }, /all untagged versions/, undefined],
    ];
    for (const [uses, options, expected, mended] of cases) {
      const name = `${uses.split("@")[0]} with ${Object.keys(options).join(", ")}`;
      it(`refuses ${name}`, async () => assert.match(await refusal(workflow(uses, options)), expected));
      if (mended !== undefined) {
        const change = Object.entries(mended).map(([key, value]) => `\`${key}: ${value}\``);
        it(`lets ${name} pass with ${change}`, async () => assert.deepEqual(await refusals(workflow(uses, { ...options, ...mended })), []));
      }
    }

    it("lets other actions pass", async () => assert.deepEqual(await refusals(workflow("docker/build-push-action@v6", untaggedOnly)), []));

    it("knows them from a folder, by another case and between quotes", async () => {
      assert.equal((await refusals(workflow('"Camargo/Delete-Untagged-Action/sub/folder@main"'))).length, 1);
    });

    it("lets those pass that are allowed", async () => {
      const content = workflow("Camargo/delete-untagged-action@v1");
      assert.deepEqual(await refusals(content, { allow: ["camargo/Delete-untagged-action"] }), []);
      assert.equal((await refusals(content, { allow: [official.split("@")[0] ?? ""] })).length, 1);
    });

    it("finds each of several steps, and options behind an alias", async () => {
      const content = [
        "jobs:",
        "  one:",
        "    steps:",
        `      - { uses: "${official}", with: &how { package-type: container, delete-only-untagged-versions: true } }`,
        "      - uses: docker/login-action@v3",
        `      - uses: ${official}`,
        "        with: *how",
        "      - uses: camargo/delete-untagged-action@v1",
      ].join("\n");
      const lines = (await refusals(content)).map((text) => Number(/line (\d+)/.exec(text)?.[1]));
      // The second step's option stands where the alias points.
      assert.deepEqual(lines, [4, 8]);
    });

    it("looks into composite actions", async () => {
      const content = ["runs:", "  using: composite", "  steps:", "    - uses: camargo/delete-untagged-action@v1"].join("\n");
      assert.match((await refusals(content, {}, ".github/actions/clean/action.yaml"))[0] ?? "", /action.yaml, line 4/);
    });
  });

  describe("when the file is not what it should be", () => {
    it("reads broken YAML as far as it goes", async () => {
      const texts = await refusals(`${workflow(official, untaggedOnly)}  bad: [\n`);
      assert.ok(
        texts.some((text) => /line 12: actions\/delete-package-versions with/.test(text)),
        texts.join("\n"),
      );
    });

    it("takes what a line says where YAML cannot be read at all", async () => {
      const texts = await refusals('a: "\n\t- uses: camargo/delete-untagged-action@v1\n}}');
      assert.match(texts[0] ?? "", /line 2: camargo\/delete-untagged-action: the file cannot be read as YAML/);
    });

    it("refuses nothing of broken YAML without a cleaner", async () => {
      for (const content of ["", "][", "a: b: c", "\u0000", "- - - -\n\t:", "*x", "&a [*a]", "%YAML 9\n---\nuses: 1"]) {
        assert.deepEqual(await refusals(content), [], JSON.stringify(content));
      }
    });

    it("does not expand aliases", async () => {
      const bomb = [
        "a: &a [x, x]",
        ..."bcdefghijklmnopqrstuvwxyz"
          .split("")
          .map((name, place) => `${name}: &${name} [${`*${"abcdefghijklmnopqrstuvwxyz"[place]}, `.repeat(9)}]`),
      ];
      assert.deepEqual(await refusals(bomb.join("\n")), []);
    });

    it("prints nothing of it but names and options", async () => {
      const content = workflow(official, { ...untaggedOnly, token: "hush-hush" });
      assert.ok(!(await refusal(content)).includes("hush"));
    });
  });

  it("judges GitLab's and Azure DevOps' files as well", async () => {
    const content = workflow(official, untaggedOnly);
    const files = [
      { type: "gitlab:index/repositoryFile:RepositoryFile", filePath: path, content, encoding: "text" },
      {
        type: "gitlab:index/repositoryFile:RepositoryFile",
        filePath: path,
        content: Buffer.from(content).toString("base64"),
        encoding: "base64",
      },
      { type: "azuredevops:index/gitRepositoryFile:GitRepositoryFile", file: path, content, repositoryId: "x" },
    ];
    for (const { type, ...inputs } of files) assert.equal((await refusalsOf(noUnsafeCleaners, type, inputs)).length, 1, type);
  });

  it("does not judge other files and other resources", async () => {
    const inputs = { repository: "logto", file: "README.md", content: workflow(official, untaggedOnly) };
    assert.deepEqual((await analyze([configured(noUnsafeCleaners)], githubFile, inputs)).notApplicable, ["no-unsafe-cleaners"]);
    assert.deepEqual((await analyze([configured(noUnsafeCleaners)], "github:index/branch:Branch", inputs)).notApplicable, [
      "no-unsafe-cleaners",
    ]);
  });

  it("says when it cannot know", () =>
    assertNotKnown(noUnsafeCleaners, githubFile, { repository: "logto", file: path, content: unknownText }));
});
