import assert from "node:assert/strict";
import type { Sightings } from "../../../components/approval/sightings";
import { sightingKey, tagKey } from "../../../components/approval/sightings";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { digestOf, image } from "../../support/builders/package";
import type { RuleInput } from "../../support/builders/policy";
import { policyOf } from "../../support/builders/policy";
import { paragraphsOf } from "../../support/builders/reported";

const keepTwo: RuleInput = { name: "keep-two", action: "keep", tags: ["v*", "latest"], mostRecent: 2 };
const dropOld: RuleInput = { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" };
const policy = policyOf([keepTwo, dropOld], { limits: { percent: 100 } });
const [v2, v3] = [image("v2", { tags: ["v2"], days: 60 }), image("v3", { tags: ["v3"], days: 30 })];

function said(entries: ReturnType<typeof image>[], sightings?: Sightings, more = policy): string[] {
  const record = sightings === undefined ? nothing : { ...nothing, sightings };
  return paragraphsOf(decisionOn(numbered(entries), more, record), more);
}

describe("a tag that moves between images, and goes", () => {
  it("is marked, with a warning, where its name says that it moves: after a roll-back it is on the oldest image", () => {
    const report = said([image("v1", { tags: ["v1", "latest"], days: 90 }), v2, v3]);
    assert.match(report[1] ?? "", /\n {2}v1, latest \(moves\) {2}90 days {2}/);
    assert.ok(
      report.includes(
        "warning: a tag that moves between images goes: latest (with v1). After a roll-back such a tag is on an old image. `protect: [latest]` keeps its image",
      ),
      report.join("\n\n"),
    );
  });

  it("is marked where a run saw it on another image", () => {
    const tagged = new Map([[sightingKey(digestOf("new")), tagKey(["nightly"])]]);
    const sightings: Sightings = { first: "2026-11-01", last: "2026-11-20", tagged, untagged: new Map(), countsReleases: true };
    const entries = [image("old", { tags: ["nightly"], days: 90 }), image("new", { days: 20 }), v2, v3];
    assert.ok(said(entries, sightings).some((text) => text.includes("goes: nightly (on another image on 2026-11-20). After")));
    assert.ok(said(entries).every((text) => !text.includes("that moves")));
  });

  it("is marked while it waits out a grace", () => {
    const report = said(
      [image("v1", { tags: ["prod"], days: 90 }), image("v0", { tags: ["stable"], days: 90 }), v2, v3],
      undefined,
      policyOf([keepTwo, dropOld], { limits: { percent: 100 }, grace: "7d" }),
    );
    assert.ok(report.some((text) => text.includes("prod (moves)")));
    assert.ok(
      report.some((text) =>
        /^warning: tags that move between images go: (prod, stable|stable, prod)\. After .* keeps their images$/.test(text),
      ),
    );
  });

  it("is not spoken of while it stays", () => {
    assert.ok(
      said([image("v1", { tags: ["pr-1"], days: 90 }), image("v2", { tags: ["latest"], days: 1 }), v3]).every(
        (text) => !text.includes("move"),
      ),
    );
  });
});
