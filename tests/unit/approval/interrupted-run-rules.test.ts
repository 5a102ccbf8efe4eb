import assert from "node:assert/strict";
import { decisionOn, deletedVersion, numbered } from "../../support/builders/decided";
import { digestOf, image, index, namesOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { goingOf, prod, whole } from "../../support/builders/pull-request";

describe("the decision where a run was cut off and the rules changed since", () => {
  const multi = index("pr", ["p1", "p2"], { tags: ["pr-1"], days: 30 });
  const parts = [image("p1", { days: 30 }), image("p2", { days: 35 })];
  const untagged = [image("lone"), image("extra"), image("older", { days: 40 })];
  const entries = numbered([prod, image("amd64"), multi, ...parts, ...untagged]);
  const dropTwo = { name: "drop-two", action: "delete" as const, digests: [digestOf("lone"), digestOf("extra")] };
  const before = decisionOn(entries, policyOf([dropPullRequests, dropTwo], { limits: whole }));
  const id = before.pending?.id ?? "";
  const left = (name: string) => entries.filter((entry) => entry.name !== name);
  const deleted = [deletedVersion(image("lone"), 5)];

  const newest = { name: "newest", action: "keep" as const, scope: "versions" as const, untagged: true as const };
  const rules = [dropUntagged, { ...newest, mostRecent: { count: 1, by: "created" as const } }];

  it("counts a part whose image is still there, so that the rest waits at once and not a run later", () => {
    const policy = policyOf(rules, { limits: whole, approve: id });
    const decision = decisionOn(left("lone"), policy, before, { deleted });
    assert.deepEqual(namesOf(Object.keys(decision.pending?.deletions ?? {}), ...entries), ["older"]);
    assert.deepEqual(decisionOn(left("lone"), policy, decision, { deleted }).pending, decision.pending);
  });
  it("counts a part of a deleted image that is protected since: it stays", () => {
    const policy = policyOf(rules, { limits: whole, approve: id, protect: [digestOf("p1")] });
    const gone = { deleted: [deletedVersion(multi, 3)] };
    const decision = decisionOn(left("pr"), policy, before, gone);
    assert.deepEqual(goingOf(decision, entries), ["extra", "lone", "p2"]);
    assert.deepEqual(namesOf(Object.keys(decision.pending?.deletions ?? {}), ...entries), ["older"]);
    assert.deepEqual(decisionOn(left("pr"), policy, decision, gone).pending, decision.pending);
  });
  it("takes no image for a part, were it without a tag or lost it since: a rule keeps it now", () => {
    const noTags = left("lone").map((entry) => (entry.name === "pr" ? { ...entry, version: { ...entry.version, tags: [] } } : entry));
    const keep = { name: "keep", action: "keep" as const, digests: [digestOf("pr"), digestOf("extra")] };
    const policy = policyOf([dropUntagged, keep], { limits: whole, approve: id });
    assert.deepEqual(goingOf(decisionOn(noTags, policy, before, { deleted }), entries), []);
  });
});
