import assert from "node:assert/strict";
import { previewReport } from "../../../components/report/preview-report";
import { renderMarkdown } from "../../../components/review/markdown";
import { ReviewedInputs } from "../../../components/review/recorded";
import { checkPackage, findingOf } from "../../../components/review/review-package";
import { childOf, fallbackTagOf, image, index } from "../../support/builders/package";
import { findingOn, lookedAt, recordAfter, reported, reviewWith } from "../../support/builders/reviewed";
import { planId, prod, shortOf, waiting, world } from "../../support/review/waiting-plan";

describe("the review as Markdown", () => {
  it("begins with what a workflow finds its one comment by", () => {
    assert.match(renderMarkdown(reviewWith([waiting])), /^<!-- ghcr-retention:prod -->\n/);
    const { stack: _stack, ...rest } = reviewWith([waiting]);
    assert.match(renderMarkdown({ ...rest, stack: "acme/site/--> <b>" }), /^<!-- ghcr-retention:acme\/site\/--___b_ -->\n/);
  });

  it("tells in one section what goes, why, how to approve it and how to undo it", () => {
    const text = renderMarkdown(reviewWith([waiting]));
    assert.ok(text.includes(`**Plan \`${planId}\` waits for approval**: delete 4 of 7 versions (2 images), keep 3, 0 withheld.`), text);
    const approve = `pulumi config set --path 'ghcr-retention:policies[0].approve' ${planId}`;
    assert.ok(text.includes(`To approve exactly this:\n\n\`\`\`sh\n${approve}\n\`\`\``), text);
    assert.ok(text.includes(`\`pulumi config set --path 'ghcr-retention:policies[0].restore[0]' ${planId}\` and \`pulumi up\``), text);
    assert.ok(
      text.includes(
        [
          "<details><summary>2 images, 4 versions</summary>",
          "",
          "| image | age | platforms | versions | deleted by |",
          "| --- | --- | --- | --- | --- |",
          `| \`${shortOf("lone")}\` untagged | 20 days | no parts | 1 | \`drop-untagged\` |`,
          "| `pr-1` | 30 days | `linux/amd64, linux/arm64` | 3 | `drop-pr` |",
          "",
          "</details>",
        ].join("\n"),
      ),
      text,
    );
  });

  it("names the line that undoes a plan behind what `restore` holds already", () => {
    const approved = findingOn(world, { policy: { approve: planId, restore: ["pr-7", "pr-8"] }, record: recordAfter(world) });
    const text = renderMarkdown(reviewWith([approved]));
    assert.ok(text.includes(`To undo it within 30 days: \`restore: […, "${planId}"]\` and \`pulumi up\``), text);
    const more = findingOn(world, { policy: { restore: ["pr-7", "pr-8"] } });
    assert.match(renderMarkdown(reviewWith([more])), /`pulumi config set --path 'ghcr-retention:policies\[0\]\.restore\[2\]' 20/);
  });

  it("begins with a table of the packages: what needs attention first, then what deletes most", () => {
    const named = (name: string, more: object = {}, entries = world) => findingOn(entries, { policy: { package: name, ...more } });
    const large = [...world, image("more", { tags: ["pr-9"], days: 40 })];
    const graceful = named("graceful", { grace: "7d" });
    const all = [
      named("waits"),
      named("waits-more", {}, large),
      named("idle", {}, prod),
      graceful,
      named("greedy", { limits: { percent: 5 } }),
      { name: "logto-io/gone", warnings: [], failure: "logto-io/gone: GitHub answered 404" },
      findingOn(world, { policy: { approve: planId }, record: recordAfter(world) }),
    ];
    const text = renderMarkdown(reviewWith(all));
    const [, table = ""] = /\n\n(\| package [\s\S]*?)\n\n/.exec(text) ?? [];
    assert.deepEqual(
      table.split("\n").map((line) => line.replaceAll(/`20[^`]+`/g, "(id)")),
      [
        "| package | status | goes | waits | withheld | plan |",
        "| --- | --- | --- | --- | --- | --- |",
        "| `logto-io/gone` | not reviewed | – | – | – | – |",
        "| `logto-io/greedy` | cannot be approved | – | 4 versions, which cannot go | – | (id) |",
        "| `logto-io/waits-more` | waits for approval | – | 5 versions | – | (id) |",
        "| `logto-io/waits` | waits for approval | – | 4 versions | – | (id) |",
        "| `logto-io/logto` | approved | 4 versions | – | – | (id) |",
        "| `logto-io/graceful` | in grace | – | 4 in grace | – | – |",
      ],
    );
    assert.ok(text.indexOf(table) < text.indexOf("\n### "));
  });

  it("marks tags that move, also where only a printed preview tells of them", () => {
    const rules = [{ name: "drop", action: "delete" as const, tags: ["pr-*", "latest"] }];
    const input = lookedAt([...prod, image("old", { tags: ["latest", "pr-1"], days: 40 })], { policy: { rules } });
    const { inputs, decided } = checkPackage(input);
    assert.ok(inputs && decided);
    const options = { refused: {}, ledger: {}, frees: {}, notices: [], approveWith: input.approveWith };
    const printed = reported(previewReport(decided.decision, decided.policy, options), ReviewedInputs.parse(inputs));
    for (const finding of [findingOf(input), { name: "logto-io/logto", report: printed, warnings: [] }]) {
      assert.match(renderMarkdown(reviewWith([finding])), /\n\| `latest` \(moves\) `pr-1` \| 40 days \|/);
    }
  });

  it("is the same from one run to the next, and a day later for a plan on record", () => {
    const record = recordAfter(world);
    const text = renderMarkdown(reviewWith([findingOn(world, { record })]));
    assert.equal(renderMarkdown(reviewWith([findingOn(world, { record: recordAfter(world, { record }) })])), text);
    const tomorrow = findingOn(world, { record, inventory: { now: Date.parse("2026-11-25T01:00:00Z") } });
    assert.equal(renderMarkdown(reviewWith([tomorrow])), text);
  });

  describe("when there is nothing to delete", () => {
    it("is one line", () => {
      const text = renderMarkdown(reviewWith([findingOn(prod)]));
      assert.match(text, /\n\n- `logto-io\/logto`: nothing to delete: keep all 3 versions\n\n<!--/);
      assert.match(text, /## Retention of `prod`: 1 package, nothing to delete\n/);
    });
  });

  describe("when the plan is approved", () => {
    it("says so, and asks for nothing", () => {
      const approved = findingOn(world, { record: recordAfter(world), policy: { approve: planId } });
      const text = renderMarkdown(reviewWith([approved]));
      assert.ok(text.includes(`**Plan \`${planId}\` is approved**: delete 4 of 7 versions`), text);
      assert.ok(text.includes("\n\n`pulumi up` deletes these.\n\n"), text);
      assert.doesNotMatch(text, /To approve exactly this/);
    });
  });

  describe("when the plan breaks a limit", () => {
    it("stands out, and has no line that approves it", () => {
      const text = renderMarkdown(reviewWith([findingOn(world, { policy: { limits: { percent: 10 } } })]));
      assert.match(text, /\*\*Plan `[^`]+` cannot be approved\*\*/);
      assert.match(text, /> \[!CAUTION\]\n> it deletes 57\.2% of the package's 7 versions, and limits\.percent allows 10%/);
      assert.doesNotMatch(text, /To approve exactly this/);
    });
  });

  describe("when an image is broken, and a rule has no say", () => {
    it("warns of both", () => {
      const broken = index("b", [childOf("gone"), childOf("amd64")], { tags: ["v2"] });
      const finding = findingOn([...world, broken], {
        policy: { protect: ["nothing"] },
        warnings: ["policies[0]: weaker than the stack's defaults: limits"],
      });
      const text = renderMarkdown(reviewWith([finding]));
      assert.match(
        text,
        /> \[!WARNING\]\n> - broken \(partial\): v2 lists 2 manifests, and 1 of them is not in the package\n> - protect: no version/,
      );
      assert.match(text, /> - policies\\\[0\\\]: weaker than the stack's defaults: limits\n/);
    });
  });

  describe("when something is withheld", () => {
    it("says what and why", () => {
      const all = { name: "drop-all", action: "delete" as const, untagged: true as const, scope: "versions" as const };
      const text = renderMarkdown(reviewWith([findingOn(prod, { policy: { rules: [all] } })]));
      assert.match(text, /nothing to delete: keep all 3 versions, 2 withheld \(/);
      assert.match(text, /<summary>withheld, since something keeps it<\/summary>\n\n```\n {2}version +stays as +matched by\n/);
      assert.match(text, /linux\/arm64 of prod, v1 +drop-all/);
    });
  });

  describe("when an image lost a tag that the record knows", () => {
    it("tells the tag", () => {
      const tagged = [...prod, image("old", { tags: ["pr-7"], days: 40 })];
      const record = recordAfter(tagged, { inventory: { now: Date.parse("2026-11-03T05:00:00Z") } });
      const text = renderMarkdown(reviewWith([findingOn([...prod, image("old", { days: 40 })], { record })]));
      assert.match(text, /\| image \| had been tagged \| age /);
      assert.ok(text.includes(`| \`${shortOf("old")}\` untagged | \`pr-7\` | 19 days |`), text);
      assert.ok(text.includes("`drop-untagged; untagged since 2026-11-03 at the earliest`"), text);
    });
  });

  describe("when something is to be restored", () => {
    it("lists it", () => {
      const approved = { policy: { approve: planId }, record: recordAfter(world) };
      const record = { inputs: recordAfter(world, approved).inputs, outputs: {} };
      const text = renderMarkdown(reviewWith([findingOn(prod, { record, policy: { approve: planId, restore: ["pr-1"] } })]));
      assert.match(text, /restore 3 versions, nothing to delete/);
      assert.match(text, /<summary>to be restored, 3 versions: `pulumi up` brings these back with their tags<\/summary>/);
    });
  });

  describe("when an approval is void", () => {
    it("says so beside the plan that waits", () => {
      const text = renderMarkdown(reviewWith([findingOn(world, { policy: { approve: "2026-11-20-0123456789ab" } })]));
      assert.match(text, /approval 2026-11-20-0123456789ab is void: /);
    });
  });

  describe("when a package could not be looked at", () => {
    it("says why, before all others", () => {
      const failed = { name: "logto-io/gone", warnings: [], failure: "logto-io/gone: GitHub answered 404" };
      const text = renderMarkdown(reviewWith([waiting, failed]));
      assert.match(text, /## Retention of `prod`: 2 packages, 1 could not be reviewed, 1 with a plan that waits for approval\n/);
      assert.match(
        text,
        /### `logto-io\/gone`\n\n> \[!CAUTION\]\n> Not reviewed, so nothing of it is deleted: logto-io\/gone: GitHub answered 404\n\n### `logto-io\/logto`/,
      );
    });
  });

  describe("when signatures hang under an image", () => {
    it("counts them", () => {
      const signature = image("sig", { tags: [`${fallbackTagOf("pr")}.sig`], days: 30, subject: "pr" });
      assert.match(renderMarkdown(reviewWith([findingOn([...world, signature])])), /`linux\/amd64, linux\/arm64, 1 (signature|referrer)`/);
    });
  });
});
