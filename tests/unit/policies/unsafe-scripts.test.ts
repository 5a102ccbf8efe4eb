import assert from "node:assert/strict";
import { refusal, refusals } from "../../support/policies/cleaner-refusals";

describe("no-unsafe-cleaners, of a script that deletes untagged versions", () => {
  const step = (...lines: string[]) =>
    ["jobs:", "  clean:", "    steps:", "      - run: |", ...lines.map((line) => `          ${line}`)].join("\n");

  it("refuses it, naming the line that asks for them", async () => {
    const text = await refusal(
      step(
        "gh api /orgs/acme/packages/container/app/versions \\",
        `  --jq '.[] | select(.metadata.container.tags | length == 0) | .id' |`,
        "  xargs -I{} gh api -X DELETE /orgs/acme/packages/container/app/versions/{}",
      ),
    );
    assert.match(text, /line 6: a script that deletes versions without a tag/);
  });

  it("refuses the same in JavaScript", async () => {
    const text = await refusal(
      step(
        "for (const version of versions)",
        "  if (version.metadata.container.tags.length === 0)",
        "    await github.rest.packages.deletePackageVersionForOrg({ package_type: 'container', package_version_id: version.id })",
      ),
    );
    assert.match(text, /line 6/);
  });

  it("refuses ghcrctl, unless it only shows", async () => {
    assert.match(await refusal(step("echo go", "ghcrctl delete version acme/app --untagged")), /line 6: `ghcrctl delete`/);
    assert.deepEqual(await refusals(step("ghcrctl delete version acme/app --untagged --dry-run")), []);
  });

  it("lets a script pass that only lists them", async () => {
    assert.deepEqual(
      await refusals(step("gh api /orgs/a/packages/container/b/versions --jq '.[] | select(.metadata.container.tags | length == 0)'")),
      [],
    );
  });

  it("lets a script pass that deletes something else", async () => {
    assert.deepEqual(await refusals(step("gh api -X DELETE /repos/a/b/actions/caches/1", "jq 'select(.tags | length == 0)' x.json")), []);
  });
});
