import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import { decide } from "../../../components/approval/decide";
import type { ApprovalRecord } from "../../../components/approval/record";
import { sightingKey } from "../../../components/approval/sightings";
import { buildGraph } from "../../../components/graph/graph";
import { approvalRecord, StoredRecord, storeRecord } from "../../../components/lifecycle/state/stored";
import { seenKey } from "../../../components/lifecycle/state/stored-seen";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { day, digestOf, type Entry, image, namesOf, packageOf } from "../../support/builders/package";
import { dropUntagged, keepReleases, policyOf } from "../../support/builders/policy";
import { noticesIn, textsOf } from "../../support/builders/texts";

const limits = { percent: 100 };
/** Both were pushed 60 days ago; GitHub does not renew a stamp when a tag moves away. */
const before = numbered([image("old", { tags: ["prod"], days: 60 }), image("new", { days: 1 })]);
const after = numbered([image("old", { days: 60 }), image("new", { tags: ["prod"], days: 1 })]);

/** What an update leaves on record, as the engine keeps it. */
function stored(decision: Decision, entries: readonly Entry[]): ApprovalRecord {
  const text = JSON.parse(JSON.stringify(storeRecord(decision)));
  return approvalRecord(
    StoredRecord.parse(text),
    entries.map(({ name }) => digestOf(name)),
  );
}

function on(days: number, entries: readonly Entry[], record: ApprovalRecord, more: Partial<PolicyInput> = {}): Decision {
  return decisionOn(entries, policyOf([dropUntagged, keepReleases], { limits, ...more }), record, { days });
}

const waits = (decision: Decision) => namesOf(Object.keys(decision.pending?.deletions ?? {}), ...before);

describe("an image that lost its tag (S7a)", () => {
  const seen = stored(on(0, before, nothing), before);

  it("would go by GitHub's stamps at once, where no run has seen its tag", () => {
    assert.deepEqual(waits(on(1, after, nothing)), ["old"]);
  });
  it("counts from the end of the last day on which a run saw it tagged", () => {
    assert.deepEqual(waits(on(1, after, seen)), []);
    assert.deepEqual(waits(on(14, after, seen)), []);
    assert.deepEqual(waits(on(15, after, seen)), ["old"]);
  });
  it("counts from there from run to run", () => {
    const first = stored(on(1, after, seen), after);
    const second = stored(on(8, after, first), after);
    assert.deepEqual([waits(on(14, after, second)), waits(on(15, after, second))], [[], ["old"]]);
  });
  it("counts from the loss of the tag that it had last, where it is tagged again in between", () => {
    const lost = stored(on(1, after, seen), after);
    const back = stored(on(5, before, lost), before);
    assert.deepEqual([waits(on(15, after, back)), waits(on(20, after, back))], [[], ["old"]]);
  });
  it("counts so whatever the rule's age counts from", () => {
    for (const age of ["created", "updated", "unneeded"] as const) {
      const rule = { ...dropUntagged, age };
      const waitsOn = (days: number) => waits(decisionOn(after, policyOf([rule, keepReleases], { limits }), seen, { days }));
      assert.deepEqual([waitsOn(14), waitsOn(15)], [[], ["old"]], age);
    }
  });
  it("is said to be untagged since then, with the tag that another image has now", () => {
    const decision = on(15, after, seen);
    const reason = "untagged since 2026-11-23 at the earliest, was prod, 14 days old, nothing needs it (drop-untagged)";
    assert.deepEqual(textsOf(decision.pending?.deletions), { [digestOf("old")]: reason });
    const gone = numbered([image("old", { days: 60 }), image("new", { tags: ["v2"], days: 1 })]);
    const nobodys = textsOf(on(15, gone, seen).pending?.deletions)[digestOf("old")];
    assert.equal(nobodys, "untagged since 2026-11-23 at the earliest, 14 days old, nothing needs it (drop-untagged)");
  });
  it("changes nothing when it is decided again with its own result on record", () => {
    const once = on(15, after, seen);
    assert.deepEqual(storeRecord(on(15, after, stored(once, after))), storeRecord(once));
  });
  it("is forgotten once it is gone", () => {
    const lost = stored(on(1, after, seen), after);
    assert.equal(lost.sightings?.untagged.size, 1);
    assert.equal(on(2, after.slice(1), lost).sightings?.untagged.size, 0);
  });
  it("is no plan that was approved before it was seen tagged", () => {
    const id = on(1, after, nothing).pending?.id;
    const decision = on(2, after, seen, { approve: id });
    assert.deepEqual(decision.going.digests(), []);
    assert.match(noticesIn(decision)[0] ?? "", / is void: /);
  });
});

describe("the first run of a policy", () => {
  const unseen = { deletions: {}, plans: {} };

  it("says that no run has seen the tags, as long as none is on record", () => {
    const first = on(1, after, unseen);
    assert.match(noticesIn(first)[0] ?? "", /^No run has seen this package's tags yet: 1 image without a tag would go .*`grace: 7d`/);
    assert.deepEqual(noticesIn(on(1, after, stored(first, after))), []);
  });
  it("says nothing where a grace is set, or no image without a tag would go", () => {
    assert.deepEqual(noticesIn(on(1, after, unseen, { grace: "7d" })), []);
    assert.deepEqual(noticesIn(on(0, before, unseen)), []);
  });
});

describe("what runs saw, in the state", () => {
  const many = Array.from({ length: 10_000 }, (_, place) => image(`image ${place}`, { tags: [`v${place}.0.0`, "x"], days: 60 }));
  const all = numbered(many);
  const decision = decide(buildGraph(packageOf(...all)), policyOf([dropUntagged]), nothing);

  it("takes sixteen bytes for each tagged image, at 10,000 of them", () => {
    assert.equal(storeRecord(decision)[seenKey]?.tagged.length, 16 * 10_000);
    assert.equal(new Set(all.map(({ name }) => sightingKey(digestOf(name)))).size, 10_000);
  });
  it("finds each of 10,000 that lost its tag again", () => {
    const bare = numbered(many.map((entry) => ({ ...entry, version: { ...entry.version, tags: [] } })));
    const record = stored(decision, []);
    const lost = decide(buildGraph({ ...packageOf(...bare), now: packageOf().now + day }), policyOf([dropUntagged]), record);
    assert.equal(lost.sightings?.untagged.size, 10_000);
    assert.equal(lost.pending, undefined);
  });
});
