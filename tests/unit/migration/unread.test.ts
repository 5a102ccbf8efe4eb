import assert from "node:assert/strict";
import { noUnsafeCleaners } from "../../../policies/no-unsafe-cleaners";
import { migrated } from "../../support/migration/migrated";
import { refusalsOf } from "../../support/policies/configured";

const head = "on: push\njobs:\n  clean:\n    steps:\n";

/** The lines that `migrate` and the policy name. */
async function named(content: string, allow: readonly string[] = []) {
  const { stderr } = await migrated({ "clean.yml": content });
  const inputs = { repository: "app", file: ".github/workflows/clean.yml", content };
  const refusals = await refusalsOf(noUnsafeCleaners, "github:index/repositoryFile:RepositoryFile", inputs, { config: { allow } });
  const lines = (texts: readonly string[]) => texts.map((text) => Number(/, line (\d+): /.exec(text)?.[1]));
  return { migrate: lines(stderr.split("\n").filter((line) => /, line \d+: /.test(line))), policy: lines(refusals), stderr, refusals };
}

describe("what deletes package versions and cannot be read", () => {
  for (const [what, text, line = 5] of [
    ["gh api with -X", '      - run: gh api -X DELETE "/orgs/acme/packages/container/app/versions/$id"'],
    ["gh api with --method", "      - run: gh api --method DELETE /user/packages/container/app/versions/1"],
    ["gh api of a whole package", "      - run: gh api -XDELETE /user/packages/container/app"],
    [
      "curl",
      "      - run: |\n          set -e\n          curl --request DELETE https://api.github.com/orgs/acme/packages/container/app/versions/$1",
      7,
    ],
    [
      "folded lines",
      "      - run: >-\n          for id in $ids; do\n          gh api -X DELETE /orgs/acme/packages/$TYPE/app/versions/$id; done",
      7,
    ],
    [
      "Octokit's methods",
      "      - uses: actions/github-script@v7\n        with:\n          script: |\n            await github.rest.packages.deletePackageVersionForOrg({ package_type: 'container' })",
      8,
    ],
    ["Octokit's routes", "      - run: |\n          octokit.request('DELETE /orgs/{org}/packages/{package_type}/{name}/versions/{id}')", 6],
    ["Python", "      - run: python -c 'requests.delete(f\"{api}/orgs/acme/packages/container/app/versions/{id}\")'"],
    ["JavaScript", "      - run: |\n          await fetch(`/packages/container/app/versions/1`, { method: 'DELETE' })", 6],
    ["PowerShell", "      - run: Invoke-RestMethod -Method Delete -Uri https://api.github.com/user/packages/container/app/versions/$id"],
    ["GraphQL", "      - run: |\n          gh api graphql -f query='mutation { deletePackageVersion(input: {}) { success } }'", 6],
    ["docker run", "      - run: docker run --rm ghcr.io/snok/container-retention-policy:v3.0.0 --account=acme --cut-off=7d"],
    ["docker run over several lines", "      - run: |\n          podman run \\\n            ghcr.io/acme/ghcr-cleaner:1 --all", 6],
    ["an image as a step", "      - uses: docker://ghcr.io/snok/container-retention-policy:v3.0.0"],
    ["a local action", "      - uses: ./.github/actions/prune-images"],
    [
      "a workflow of another repository",
      "      - run: 'true'\n  other:\n    uses: acme/.github/.github/workflows/prune-images.yml@main",
      7,
    ],
    ["a workflow that is not there", "      - run: 'true'\n  other: { uses: ./.github/workflows/delete-old-packages.yaml }", 6],
  ] as const) {
    it(`is named by its line, by the policy as well: ${what}`, async () => {
      const { migrate, policy, stderr } = await named(`${head}${text}\n`);
      assert.deepEqual([migrate, policy], [[line], [line]], stderr);
    });
  }

  for (const uses of [
    "castlabs/delete-package-version-action@v1.0",
    "davahome/ghcr-cleanup@v1",
    "eumel8/expire-action@1.0.0",
    "henrytill/prune-ghcr@v1",
    "jenskeiner/ghcr-container-repository-cleanup-action@v1",
    "ManiMatter/ghcr-cleanup-action@v1",
    "NodeFactoryIo/github-packages-cleanup@v1",
    "quartx-analytics/ghcr-cleaner@v1",
    "SmartsquareGmbH/delete-old-packages@v0.8.1",
    "tweedegolf/cleanup-images-action@main",
    "tweedegolf/cleanup-untagged-images-action@main",
  ]) {
    it(`is known by name: ${uses}`, async () => {
      const { migrate, policy } = await named(`${head}      - uses: ${uses}\n`);
      assert.deepEqual([migrate, policy], [[5], [5]]);
    });
  }

  for (const [uses, option, shows, deletes] of [
    ["DoodleScheduling/package-retention@v1", "dry-run", "true", "false"],
    ["stumpylog/image-cleaner-action/untagged@v1", "do_delete", "false", "true"],
    ["quartx-analytics/ghcr-cleaner@v1", "dry-run", "true", "false"],
    ["castlabs/delete-package-version-action@v1.0", "type", "maven", "container"],
  ] as const) {
    it(`is known where it deletes: ${uses}`, async () => {
      const text = (value: string) => `${head}      - uses: ${uses}\n        with: { ${option}: "${value}" }\n`;
      assert.deepEqual([(await named(text(shows))).policy, (await named(text(deletes))).policy], [[], [5]]);
    });
  }

  for (const [what, text] of [
    ["a script that lists", "      - run: gh api /orgs/acme/packages/container/app/versions"],
    ["a script that deletes a cache", "      - run: gh api -X DELETE /repos/acme/app/actions/caches/1"],
    ["a script that deletes npm packages", "      - run: gh api -X DELETE /orgs/acme/packages/npm/app/versions/1"],
    [
      "a script that speaks of deleting",
      "      - run: echo 'delete old builds' && ls ./packages/app && curl -X DELETE https://example.com/cache",
    ],
    ["a comment", "      - run: |\n          # gh api -X DELETE /orgs/acme/packages/container/app/versions/1\n          true"],
    ["docker run of another image", "      - run: docker run --rm ghcr.io/acme/app:1 test"],
    ["docker run that only shows", "      - run: docker run ghcr.io/snok/container-retention-policy:v3.0.0 --dry-run=true"],
    ["an action to clean a disk", "      - uses: jlumbroso/free-disk-space@main"],
  ] as const) {
    it(`is not seen in ${what}`, async () => {
      const { migrate, policy } = await named(`${head}${text}\n`);
      assert.deepEqual([migrate, policy], [[], []]);
    });
  }

  it("may be any other call: `migrate` names it, and the policy lets it pass", async () => {
    const { migrate, policy, stderr } = await named(
      `${head}      - uses: ./.github/actions/setup\n  other: { uses: acme/ci/.github/workflows/build.yml@v1 }\n`,
    );
    assert.deepEqual([migrate, policy], [[5, 6], []]);
    assert.match(
      stderr,
      /line 6: acme\/ci\/\.github\/workflows\/build\.yml@v1: is another workflow that was not read; if it deletes package versions, migrate it as well$/m,
    );
  });

  it("passes the policy where it is allowed", async () => {
    const calls = [
      "      - uses: ./.github/actions/prune-images",
      "      - uses: docker://ghcr.io/snok/container-retention-policy:v3.0.0",
      "  other: { uses: acme/.github/.github/workflows/prune-images.yml@main }",
    ];
    const allow = [".github/actions/prune-images", "Snok/container-retention-policy", "acme/.github"];
    assert.deepEqual((await named(`${head}${calls.join("\n")}\n`, allow)).policy, []);
  });

  it("is refused with what to do", async () => {
    const { refusals } = await named(`${head}      - uses: eumel8/expire-action@1.0.0\n`);
    assert.equal(
      refusals[0]?.split("\n").slice(1).join("\n"),
      ".github/workflows/clean.yml, line 5: eumel8/expire-action: it deletes package versions, and whether it spares the parts of images that stay cannot be seen here.\n" +
        "Write the rules into a retention policy, whose preview shows what would be deleted, or add `eumel8/expire-action` to `allow` if you trust it.",
    );
  });
});
