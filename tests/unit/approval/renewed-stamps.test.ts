import assert from "node:assert/strict";
import { approvedByOrganization, packagePlan } from "../../../components/approval/organization-id";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import { plansAsOf } from "../../../components/inventory/observe";
import { renewalIn } from "../../../components/plan/renewed-stamps";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { day, digestOf, type Entry, image, namesOf, packageOf } from "../../support/builders/package";
import { dropUntagged, keepReleases, policyOf } from "../../support/builders/policy";
import { noticesIn } from "../../support/builders/texts";

const days = [60, 55, 50, 45, 40, 38, 36, 34, 32, 30];
/** Ten releases and two images without a tag; GitHub renewed the stamps of all of them two days ago. */
const entries = numbered([
  ...days.map((age) => image(`v${age}`, { tags: [`v1.${age}`], days: age, updatedDays: 2 })),
  image("old", { days: 50, updatedDays: 2 }),
  image("recent", { days: 9, updatedDays: 2 }),
]);
const rules = [dropUntagged, keepReleases];
const limits = { percent: 100 };
const since = (first: string) => ({ ...nothing, sightings: { first, last: "2026-11-20", tagged: new Map(), untagged: new Map() } });
const graphOf = (all: readonly Entry[]): Graph => buildGraph(packageOf(...all));
const on = (record = nothing, more: Partial<PolicyInput> = {}, all = entries) =>
  decisionOn(all, policyOf(rules, { limits, ...more }), record);
const waits = (decision: ReturnType<typeof on>) => namesOf(Object.keys(decision.pending?.deletions ?? {}), ...entries);

describe("a renewal of all stamps", () => {
  it("is recognised by one stamp of versions that were pushed on different days", () => {
    assert.equal(renewalIn(graphOf(entries))?.versions, 12);
    assert.equal(renewalIn(graphOf(entries.slice(0, 9))), undefined);
    assert.equal(renewalIn(graphOf(entries.map((entry) => ({ ...entry, version: { ...entry.version, createdAt: 0 } })))), undefined);
    const pushed = numbered(Array.from({ length: 13 }, (_, place) => image(`pushed ${place}`, { days: 1 })));
    assert.equal(renewalIn(graphOf([...entries, ...pushed])), undefined);
  });
  it("is none within a day: a server whose stamps move on each pull looks the same", () => {
    const fresh = { ...packageOf(...entries), now: packageOf(...entries).now - 1.5 * day };
    assert.equal(renewalIn(buildGraph(fresh)), undefined);
  });
  it("makes nothing young that runs saw without a tag before it", () => {
    assert.deepEqual(waits(on(since("2026-11-01"))), ["old"]);
    assert.match(
      noticesIn(on(since("2026-11-01")))[0] ?? "",
      /^GitHub renewed the stamps of 12 versions on 2026-11-21, .* from 2026-11-01 at the earliest, the first run/,
    );
  });
  it("counts from the first run that saw the tags, where that is later than the push", () => {
    assert.deepEqual(waits(on(since("2026-11-09"))), []);
    assert.deepEqual(waits(on(since("2026-11-08"))), ["old"]);
  });
  it("counts from itself, where no run has seen the tags", () => {
    const decision = on({ deletions: {}, plans: {} });
    assert.deepEqual(waits(decision), []);
    assert.match(noticesIn(decision)[0] ?? "", /from the renewal, since no run has seen this package's tags before$/);
  });
  it("lets tagged images count from their push", () => {
    const rule = { name: "drop-old", action: "delete" as const, tags: ["v*"], olderThan: "35d" as const, age: "updated" as const };
    assert.deepEqual(
      waits(decisionOn(entries, policyOf([rule], { limits }), nothing)),
      days
        .filter((age) => age > 35)
        .map((age) => `v${age}`)
        .sort(),
    );
  });
  it("has the manifests read of everything that the record may let go", () => {
    const unread = entries.map((entry) => (entry.name === "old" ? { ...entry, manifest: undefined } : entry));
    assert.deepEqual(
      plansAsOf(graphOf(unread), policyOf(rules, { limits })).flatMap((plan) => plan.unread),
      [digestOf("old")],
    );
  });
  it("lets an organisation's approval cover nothing that its id does not hold", () => {
    const policy = policyOf(rules, { limits });
    const graph = graphOf(entries);
    assert.equal(packagePlan(graph, policy, "2026-11-23"), undefined);
    const tagged = policyOf([...rules.slice(0, 1), { name: "drop-v60", action: "delete", tags: ["v1.60"] }], { limits });
    const confirmed = packagePlan(graph, tagged, "2026-11-23") ?? "";
    const id = "2026-11-23-000000000000";
    const plan = approvedByOrganization({ graph, policy: tagged, record: since("2026-11-01") }, {}, { approve: id, confirmed });
    assert.equal(plan, confirmed);
  });
});
