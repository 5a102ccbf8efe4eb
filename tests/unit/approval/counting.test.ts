import assert from "node:assert/strict";
import type { ApprovalRecord } from "../../../components/approval/record";
import { type Sightings, sightingKey, tagKey } from "../../../components/approval/sightings";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing } from "../../support/builders/decided";
import { childOf, type Entry, fallbackTagOf, image, index } from "../../support/builders/package";
import { policyOf } from "../../support/builders/policy";
import { noticesIn } from "../../support/builders/texts";

const keepTwo = { name: "keep-two", action: "keep" as const, tags: ["v*"], mostRecent: 2 };
const rules: PolicyInput["rules"] = [keepTwo, { name: "drop-old", action: "delete", tags: ["*"], olderThan: "14d" }];
const releases = [1, 2, 3, 4].flatMap((number): Entry[] => [
  index(`v${number}`, [childOf(`v${number}-amd64`)], { tags: [`v${number}`], days: 100 - 10 * number }),
  image(`v${number}-amd64`, { tags: [`v${number}-amd64`], days: 101 - 10 * number }),
]);
const sightings = nothing.sightings as Sightings;
const { countsReleases: _, ...seenByEarlierBuild } = sightings;
const earlier: ApprovalRecord = { ...nothing, sightings: seenByEarlierBuild };

function notices(entries: readonly Entry[], record: ApprovalRecord, written = rules): string[] {
  return noticesIn(decisionOn(entries, policyOf(written), record)).filter((text) => text.includes("counts releases"));
}

describe("the first decision of a build that counts releases", () => {
  it("names what a rule counts otherwise: parts", () => {
    assert.deepEqual(notices(releases, earlier), [
      "keep-two: `mostRecent` counts releases since this version of ghcr-retention: 4 tagged parts of other images (v4-amd64, v3-amd64, " +
        "v2-amd64 and 1 more) take no place any more and stay with them. Look at what the plan deletes",
    ]);
  });
  it("names what a rule counts otherwise: referrers", () => {
    const entries = [image("base", { tags: ["base"] }), image("sbom", { tags: ["v1"], subject: "base" })];
    assert.deepEqual(notices(entries, earlier), [
      "keep-two: `mostRecent` counts releases since this version of ghcr-retention: 1 tagged referrer (v1) takes a place now. Look at what " +
        "the plan deletes",
    ]);
  });
  it("names both in one notice, for each rule that counts", () => {
    const entries = [...releases, image("base", { tags: ["base"] }), image("sbom", { tags: ["v9"], subject: "base" })];
    const texts = notices(entries, earlier, [keepTwo, { ...keepTwo, name: "keep-three", mostRecent: 3 }, ...rules.slice(1)]);
    assert.deepEqual(
      texts.map((text) => text.slice(0, text.indexOf(":"))),
      ["keep-two", "keep-three"],
    );
    for (const text of texts) assert.match(text, / 4 tagged parts of other images .*; 1 tagged referrer \(v9\) takes a place now\./);
  });
  it("looks at rules that count only, and at what is old enough for rules to see", () => {
    assert.deepEqual(notices(releases, earlier, [{ name: "keep-all", action: "keep", tags: ["v*"] }, ...rules.slice(1)]), []);
    const young = releases.map((entry) => ({ ...entry, version: { ...entry.version, updatedAt: Date.parse("2026-11-23T04:00:00Z") } }));
    assert.deepEqual(notices(young, earlier), []);
  });
  it("names no part without a tag, whose places were never counted", () => {
    const entries = [index("v1", [childOf("v1-amd64")], { tags: ["v1"] }), image("v1-amd64")];
    assert.deepEqual(notices(entries, earlier, [{ ...keepTwo, tags: ["*"] }, ...rules.slice(1)]), []);
  });
  it("says nothing where nothing is counted otherwise", () => {
    assert.deepEqual(notices([image("one", { tags: ["v1"] })], earlier), []);
    assert.deepEqual(notices(releases, earlier, [{ ...keepTwo, scope: "versions" as const }]), []);
  });
  it("says it once: the run that follows has it on record", () => assert.deepEqual(notices(releases, nothing), []));
  it("says nothing to a policy without a record", () => assert.deepEqual(notices(releases, { deletions: {}, plans: {}, isNew: true }), []));
});

describe("a tag that names its own version, which an earlier build took for a person's", () => {
  const own = fallbackTagOf("copied");
  const copied = image("copied", { tags: [own] });
  const untaggedAfter = (tag: string) => {
    const tagged = new Map([[sightingKey(copied.version.digest), tagKey([tag])]]);
    return decisionOn([copied], policyOf(rules), { ...nothing, sightings: { ...sightings, tagged } }).sightings?.untagged.size;
  };
  it("was not lost where it is still there", () => assert.equal(untaggedAfter(own), 0));
  it("does not hide that a person's tag was lost", () => assert.equal(untaggedAfter("v1"), 1));
});
