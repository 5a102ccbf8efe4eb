import assert from "node:assert/strict";
import { approvalForPackage, type Member, organizationApprovals } from "../../../components/approval/organization-approvals";
import {
  approvedByOrganization,
  idOnRecord,
  type OrganizationApproval,
  type OrganizationRecord,
  organizationIdOf,
  packagePlan,
  withOffer,
} from "../../../components/approval/organization-id";
import { idOf } from "../../../components/approval/record";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import type { PolicyInput } from "../../../components/rules/policy";
import { nothing } from "../../support/builders/decided";
import { day, type Entry, image, packageOf } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, policyOf } from "../../support/builders/policy";
import { approved, approve as approvedPlan, whole, without, world } from "../../support/builders/pull-request";

const today = "2026-11-23";
const rules = [dropUntagged, dropPullRequests];
const policy = policyOf(rules, { limits: whole });

function graphOf(entries: readonly Entry[], { days = 0 } = {}): Graph {
  const inventory = packageOf(...entries);
  return buildGraph({ ...inventory, now: inventory.now + days * day });
}

describe("the id of an organisation's plans", () => {
  const plans = { web: `${today}-aaaaaaaaaaaa`, api: `${today}-bbbbbbbbbbbb` };
  const id = organizationIdOf("acme", today, plans);

  it("is the same in every release: configs hold it", () => assert.equal(id, "2026-11-23-2f3984c18f44"));
  it("is none where nothing would be deleted", () => assert.equal(organizationIdOf("acme", today, {}), undefined));
  it("depends on neither the order of the packages nor the owner's case", () => {
    assert.equal(organizationIdOf("ACME", today, { api: plans.api, web: plans.web }), id);
  });
  it("changes with a plan, with the package that has it, and with the owner", () => {
    const others = [
      organizationIdOf("acme", today, { ...plans, api: `${today}-cccccccccccc` }),
      organizationIdOf("acme", today, { web: plans.api, api: plans.web }),
      organizationIdOf("acme", today, { web: plans.web }),
      organizationIdOf("other", today, plans),
    ];
    assert.equal(new Set([id, ...others]).size, 5);
  });
  it("holds of a package what its rules would delete, whatever is on record", () => {
    assert.equal(packagePlan(graphOf(world), policy, today), approvedPlan);
  });
  it("holds nothing of a package without a deletion", () => {
    assert.equal(packagePlan(graphOf(without("pr", "p1", "lone")), policy, today), undefined);
  });
});

describe("what an organisation's approval covers of a package", () => {
  const covered = (known: OrganizationRecord, approval: OrganizationApproval, entries = world, by = policy, record = nothing) =>
    approvedByOrganization({ graph: graphOf(entries), policy: by, record }, known, approval);
  const offered = { id: `${today}-111111111111`, plan: `${today}-aaaaaaaaaaaa` };
  const honoured = { id: `${today}-222222222222`, plan: `${today}-bbbbbbbbbbbb` };

  it("is nothing without an approval", () =>
    assert.equal(covered({ offered, approved: honoured }, { confirmed: approvedPlan }), undefined));
  it("is the plan on record under the id that was offered, or honoured before", () => {
    assert.equal(covered({ offered, approved: honoured }, { approve: offered.id }), offered.plan);
    assert.equal(covered({ offered, approved: honoured }, { approve: honoured.id }), honoured.plan);
  });
  it("is the plan on record under an id that was offered weeks of nights ago", () => {
    const nights = Array.from({ length: 15 }, (_, night) => ({ id: `2026-12-${10 + night}-111111111111`, plan: `2026-12-10-${night}` }));
    const known = nights.reduce<OrganizationRecord>(withOffer, { offered });
    const plans = [offered, ...nights].map(({ id }) => covered(known, { approve: id }));
    assert.deepEqual(plans, [undefined, ...nights.map(({ plan }) => plan)]);
    assert.equal(covered(withOffer(known, undefined), { approve: nights[14]?.id ?? "" }), nights[14]?.plan);
  });
  it("is the last plan that was offered under an id", () => {
    const known = withOffer(withOffer({ offered }, honoured), { ...offered, plan: honoured.plan });
    assert.equal(covered(known, { approve: offered.id }), honoured.plan);
  });
  it("is nothing under an id that is neither on record nor confirmed by the other packages", () => {
    assert.equal(covered({ offered, approved: honoured }, { approve: `${today}-333333333333` }), undefined);
    assert.equal(covered({}, { approve: offered.id }), undefined);
  });
  it("is the plan that the other packages confirm, if it is still the same", () => {
    assert.equal(covered({}, { approve: offered.id, confirmed: approvedPlan }), approvedPlan);
    assert.equal(covered({}, { approve: offered.id, confirmed: approvedPlan }, without("lone")), undefined);
  });
  it("is the plan that is being carried out, where nothing else would go", () => {
    const confirmed = packagePlan(graphOf(world), policy, today) ?? "";
    const known = { approved: { id: honoured.id, plan: approvedPlan } };
    assert.equal(covered(known, { approve: offered.id, confirmed }, world, policy, approved), approvedPlan);
    assert.equal(covered({}, { approve: offered.id, confirmed }, world, policy, approved), undefined);
  });
  it("goes on with the plan that is being carried out", () => {
    const more = [...world, image("more", { days: 20 })];
    const confirmed = packagePlan(graphOf(more), policy, today) ?? "";
    assert.equal(covered({}, { approve: offered.id, confirmed }, more, policy, approved), onlyMore(more));
  });
  it("leaves out what is in its grace period", () => {
    const withGrace = policyOf(rules, { limits: whole, grace: "7d" });
    const candidates = { [world.find(({ name }) => name === "lone")?.version.digest ?? ""]: "2026-11-01" as const };
    const rest = covered({}, { approve: offered.id, confirmed: approvedPlan }, world, withGrace, { ...nothing, candidates });
    assert.equal(rest, idOf(graphOf(world), today, Object.keys(candidates)));
    assert.equal(covered({}, { approve: offered.id, confirmed: approvedPlan }, world, withGrace), undefined);
  });

  function onlyMore(entries: readonly Entry[]): string {
    const digest = entries.at(-1)?.version.digest ?? "";
    return idOf(graphOf(entries), today, [digest], [approvedPlan]);
  }
});

describe("the id on record that approves what waits today", () => {
  const [first, second, third] = ["2026-11-21-111111111111", "2026-11-22-222222222222", "2026-11-23-333333333333"] as const;
  const [web, api] = ["2026-11-21-aaaaaaaaaaaa", "2026-11-21-bbbbbbbbbbbb"] as const;
  const offers = (plan: string, ...ids: readonly string[]) => ids.map((id) => ({ id, plan })).reduce<OrganizationRecord>(withOffer, {});
  const waits = (waiting: string | undefined, record: OrganizationRecord | undefined) => ({ waiting, record });
  const both = [waits(web, offers(web, first, second, third)), waits(api, offers(api, first, second, third))];

  it("is the first that a run printed for these very plans, so that it stays from day to day", () =>
    assert.equal(idOnRecord(both, undefined), first));
  it("is none that stands for another plan of a package, or for none where one waits", () => {
    assert.equal(idOnRecord([waits(web, withOffer(offers(api, first), { id: second, plan: web })), ...both.slice(1)], undefined), second);
    assert.equal(idOnRecord([...both, waits(api, undefined)], undefined), undefined);
  });
  it("is none that stands for a plan where nothing waits, unless that is approved already", () => {
    const done = offers(api, first, second);
    assert.equal(idOnRecord([...both, waits(undefined, done)], undefined), third);
    assert.equal(idOnRecord([...both, waits(undefined, { ...done, approved: { id: third, plan: api } })], third), first);
  });
  it("is not the one that the config names, and none where nothing waits or no run has left a record", () => {
    assert.equal(idOnRecord(both, first), second);
    assert.equal(idOnRecord([waits(undefined, offers(web, first))], undefined), undefined);
    assert.equal(idOnRecord([waits(web, undefined)], undefined), undefined);
  });
});

describe("an organisation's approval, divided among its packages", () => {
  const input: PolicyInput = { owner: "acme", package: "any", rules, limits: whole };
  const member = (name: string, entries: readonly Entry[], options = {}): Member => ({
    name,
    outcome: { kind: "observed", graph: graphOf(entries, options), policy: input },
  });
  const web = member("web", world);
  const api = member("api", without("pr", "p1"));
  const quiet = member("quiet", without("pr", "p1", "lone"));
  const failed: Member = { name: "broken", outcome: { kind: "failed", observationError: "unreadable", policy: input } };
  const idOn = (asOf: string, ...members: Member[]) => organizationApprovals("acme", undefined, members).common.id?.replace(today, asOf);
  const plan = (name: "web" | "api") => packagePlan(graphOf(name === "web" ? world : without("pr", "p1")), policy, today) ?? "";

  it("offers one id for all plans, those that are quiet or failed apart", () => {
    const id = organizationIdOf("acme", today, { web: plan("web"), api: plan("api") });
    assert.deepEqual(organizationApprovals("acme", undefined, [web, api, quiet, failed]), { common: { id }, confirmed: {} });
  });
  it("offers nothing and confirms nothing while something is not known", () => {
    const approve = idOn(today, web, api) ?? "";
    assert.deepEqual(organizationApprovals("acme", approve, [web, api, { name: "unknown" }]), { common: { approve }, confirmed: {} });
  });
  it("offers no id where no package could be observed, or none has a plan", () => {
    assert.deepEqual(organizationApprovals("acme", undefined, [failed]), { common: {}, confirmed: {} });
    assert.deepEqual(organizationApprovals("acme", undefined, [quiet]), { common: {}, confirmed: {} });
  });
  it("takes the earliest day, where packages were observed around midnight", () => {
    const { common } = organizationApprovals("acme", undefined, [member("web", world, { days: 1 }), api]);
    assert.match(common.id ?? "", /^2026-11-23-/);
  });
  it("confirms each plan of the approved id", () => {
    const approve = idOn(today, web, api) ?? "";
    const { common, confirmed } = organizationApprovals("acme", approve, [web, api, quiet, failed]);
    assert.deepEqual(confirmed, { web: plan("web"), api: plan("api") });
    assert.equal(common.approve, approve);
  });
  it("confirms it a day later too, as of its day", () => {
    const approve = idOn(today, web, api) ?? "";
    const later = [member("web", world, { days: 1 }), member("api", without("pr", "p1"), { days: 1 })];
    assert.deepEqual(organizationApprovals("acme", approve, later).confirmed, { web: plan("web"), api: plan("api") });
  });
  it("confirms it although one more package is readable now, and not where two are", () => {
    const approve = idOn(today, web) ?? "";
    assert.deepEqual(organizationApprovals("acme", approve, [web, api]).confirmed, { web: plan("web") });
    const third = member("third", without("pr", "p1"));
    assert.deepEqual(organizationApprovals("acme", approve, [web, api, third]).confirmed, {});
  });
  it("confirms nothing of a changed plan, of another owner, or of a day to come", () => {
    const approve = idOn(today, web, api) ?? "";
    const changed = member("web", without("lone"));
    assert.deepEqual(organizationApprovals("acme", approve, [changed, api]).confirmed, {});
    assert.deepEqual(organizationApprovals("other", approve, [web, api]).confirmed, {});
    const tomorrow = organizationIdOf("acme", "2026-11-24", { web: packagePlan(graphOf(world), policy, "2026-11-24") ?? "" });
    assert.deepEqual(organizationApprovals("acme", tomorrow, [web]).confirmed, {});
  });
  it("hands each package its own part", () => {
    const approve = idOn(today, web, api) ?? "";
    const approvals = organizationApprovals("acme", approve, [web, api]);
    assert.deepEqual(approvalForPackage(approvals, "web"), { ...approvals.common, confirmed: plan("web") });
    assert.deepEqual(approvalForPackage(approvals, "quiet"), approvals.common);
    assert.deepEqual(approvalForPackage(approvals, "constructor"), approvals.common);
  });
});
