import assert from "node:assert/strict";
import { storeNotices } from "../../../components/lifecycle/state/stored-notices";
import { summarise } from "../../../components/observe/organization";
import { faultOf } from "../../../components/report/fault";
import { type NamedStatus, statusOf } from "../../../components/report/package-status";
import { reportOf } from "../../../components/report/resource-report";
import { decisionOn } from "../../support/builders/decided";
import { policyWith, world } from "../../support/builders/reported";

const id = "2026-11-20-000000000000";
const policy = policyWith();
const known = storeNotices([{ kind: "approval-void", id, cause: { kind: "not-on-record" } }]);

describe("what fails a run that was carried out", () => {
  it("is an approval that approves nothing, unless the policy says `onVoid: warn`", () => {
    assert.match(faultOf(known, policy)?.text ?? "", new RegExp(`^approval ${id} is void: `));
    assert.equal(faultOf(known, policyWith({ onVoid: "warn" })), undefined);
  });

  it("is nothing else that a run tells", () => {
    const told = storeNotices([
      { kind: "approval-shrunk", id, staying: 1, total: 2 },
      { kind: "approval-ended", id, left: 1, total: 2 },
      { kind: "ledger-expiry", count: 1, day: "2026-11-20" },
      { kind: "record-is-new", setting: "approve", reference: id },
    ]);
    assert.equal(faultOf(told, policy), undefined);
    assert.equal(faultOf({}, policy), undefined);
  });

  it("names five entries of `restore` and counts the rest", () => {
    const many = storeNotices(Array.from({ length: 7 }, (_, place) => ({ kind: "restore-unknown", reference: `pr-${place}` }) as const));
    assert.equal(faultOf(many, policy)?.text.split("\n").length, 6);
    assert.match(faultOf(many, policy)?.text ?? "", /\n… and 2 more, in the report of the package$/);
  });

  it("stands in the run's error alone, and in the report where it fails nothing", () => {
    const many = storeNotices(Array.from({ length: 7 }, (_, place) => ({ kind: "restore-unknown", reference: `pr-${place}` }) as const));
    const settings = (isPreview: boolean) => ({ isPreview, frees: {}, approveWith: (plan: string) => `approve ${plan}` });
    for (const isPreview of [true, false]) {
      const report = (stored: object, by = policy) =>
        reportOf(stored, { decision: decisionOn(world, by), policy: by }, settings(isPreview)).split("\n\n");
      const of = (paragraphs: readonly string[], word: string) => paragraphs.filter((paragraph) => paragraph.includes(word)).length;
      assert.equal(of(report(known), "is void"), 0);
      assert.equal(of(report(known, policyWith({ onVoid: "warn" })), "is void"), 1);
      assert.equal(of(report(many), "can still restore is named"), 2);
    }
  });

  it("stands in no report, although deciding again finds it", () => {
    const approving = policyWith({ approve: id });
    const decision = decisionOn(world, approving);
    const stored = storeNotices(decision.notices);
    const report = reportOf(
      stored,
      { decision, policy: approving },
      { isPreview: true, frees: {}, approveWith: (plan) => `approve ${plan}` },
    );
    assert.match(faultOf(stored, approving)?.text ?? "", /is void/);
    assert.doesNotMatch(report, /is void/);
  });

  it("is the state of the package, whose plan can be approved all the same", () => {
    const status = statusOf(known, { decision: decisionOn(world, policy), policy }, { frees: {} });
    assert.equal(status.state, "failed");
    assert.equal(status.why, `approval ${id} is void`);
    const context = { approve: undefined, id: "2026-11-23-111111111111", configPath: "ghcr-retention:organizations[0]", isPreview: true };
    const { approveWith, fault } = summarise([{ package: "app", ...status }], [undefined], { ...context, onVoid: undefined });
    assert.equal(approveWith, "pulumi config set --path 'ghcr-retention:organizations[0].approve' 2026-11-23-111111111111");
    assert.equal(fault, undefined);
  });
});

describe("an organisation's approval", () => {
  const quiet = (name: string): NamedStatus => ({ package: name, state: "quiet", versions: 3, planned: 0, withheld: 0, deleted: 0 });
  const context = { approve: id, id: undefined, configPath: undefined, isPreview: true, onVoid: undefined };
  const faultIn = (statuses: readonly NamedStatus[], honoured: readonly (string | undefined)[], more: object = {}) => {
    const records = honoured.map((id) => (id === undefined ? undefined : { approved: { id, plan: id } }));
    return summarise(statuses, records, { ...context, ...more }).fault;
  };

  it("fails the run where no package honours it", () => {
    assert.match(
      faultIn([quiet("app"), quiet("web")], [undefined, undefined]) ?? "",
      new RegExp(`^approval ${id} is void: it is on record in no package`),
    );
    assert.match(
      faultIn([quiet("app")], [undefined], { owner: "acme/app" }) ?? "",
      /this id is of package acme\/app alone: approve it there/,
    );
  });
  it("stands in the run's error alone, and in the summary where it fails nothing", () => {
    const textIn = (onVoid: "warn" | undefined, state: NamedStatus["state"] = "quiet") =>
      summarise([{ ...quiet("app"), state }], [undefined], { ...context, onVoid }).text;
    assert.doesNotMatch(textIn(undefined), /is void/);
    assert.match(textIn("warn"), /\n\napproval 2026-11-20-0{12} is void: it is on record in no package/);
    assert.doesNotMatch(textIn("warn", "left-out"), /is void/);
  });
  it("does not where one package honours it, the others have nothing of it, or the policy says `onVoid: warn`", () => {
    assert.equal(faultIn([quiet("app"), quiet("web")], [id, undefined]), undefined);
    assert.equal(faultIn([quiet("app")], [undefined], { onVoid: "warn" }), undefined);
    assert.equal(faultIn([quiet("app")], [undefined], { approve: undefined }), undefined);
  });
  it("does not where a package may honour it that is left out or not known yet, nor where there is none", () => {
    for (const state of ["left-out", "unknown"] as const)
      assert.equal(faultIn([quiet("app"), { ...quiet("web"), state }], [undefined, undefined]), undefined);
    assert.equal(faultIn([], []), undefined);
  });
});
