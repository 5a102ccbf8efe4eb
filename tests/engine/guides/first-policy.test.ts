import assert from "node:assert/strict";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import { propose } from "../../../components/proposal/propose";
import { familyOf } from "../../../components/proposal/tag-family";
import { image, packageOf } from "../../support/builders/package";
import { codesIn, tableOf } from "../../support/guides/guide";

const page = "first-policy.md";
const purposes: Readonly<Record<string, string>> = {
  releases: "release",
  "tags that move": "moving",
  "pull requests": "pull-request",
  commits: "commit",
  "days and nights": "date",
  builds: "build",
  branches: "branch",
  "nothing clear": "unclear",
};

describe("the guide to a first policy", () => {
  it("says what each tag is taken for", () => {
    const rows = tableOf(page, "What it takes tags for");
    assert.equal(rows.length, Object.keys(purposes).length);
    for (const [tags = "", kind = ""] of rows) {
      for (const tag of codesIn(tags)) assert.equal(familyOf(tag)?.purpose ?? "unclear", purposes[kind], tag);
    }
  });

  it("says how many of each stay, and how old the others must be", () => {
    for (const [tags = "", kind = "", proposed = ""] of tableOf(page, "What it takes tags for")) {
      const entries = codesIn(tags).map((tag, place) => image(`${place}`, { tags: [tag] }));
      const { entry } = propose(buildGraph(packageOf(...entries)), stackDefaultsOf());
      const rules = entry.rules.map(({ rule }) => rule).filter(({ name }) => name !== "drop-untagged");
      const newest = rules.find(({ action, mostRecent }) => action === "keep" && mostRecent !== undefined)?.mostRecent;
      const age = rules.find(({ action }) => action === "delete")?.olderThan?.replace(/d$/, " days");
      const said = /^the newest (\d+) stay, others go after (\d+ days)$/.exec(proposed);
      assert.deepEqual([newest, age], [said?.[1] === undefined ? undefined : Number(said[1]), said?.[2]], kind);
    }
  });
});
