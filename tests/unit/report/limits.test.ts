import assert from "node:assert/strict";
import { sufficient } from "../../../components/approval/limits";
import { type LimitsPlace, limitsPlaces } from "../../../components/config/override";
import { type ApprovalPlace, limitLines } from "../../../components/report/approval-line";
import { renderSummary } from "../../../components/report/organization-summary";
import { statusOf } from "../../../components/report/package-status";
import { updateReport } from "../../../components/report/update-report";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn } from "../../support/builders/decided";
import { paragraphsOf, policyWith, world } from "../../support/builders/reported";

const configPath = "ghcr-retention:policies[0]";
const half = { percent: 50 };
const raised = "`pulumi config set --path 'ghcr-retention:policies[0].limits.percent' 58`";
const tooMuch = "it deletes 57.2% of the package's 7 versions, and limits.percent allows 50%";

function printed(more: Partial<PolicyInput>, days = 0) {
  const policy = policyWith(more);
  const first = decisionOn(world, policy);
  const decision = days === 0 ? first : decisionOn(world, policy, first, { days });
  const raiseWith = limitLines({ configPath });
  return {
    preview: paragraphsOf(decision, policy, { raiseWith }).join("\n"),
    up: updateReport({}, { decision, policy }, raiseWith),
    status: { package: "app", ...statusOf({}, { decision, policy }, { frees: {}, raiseWith }) },
  };
}

describe("a plan that cannot be approved", () => {
  it("says so with the line that changes the limit, in a preview, an update and an organisation's summary", () => {
    const { preview, up, status } = printed({ limits: half });
    const text = `${tooMuch}. Change the rules, or raise the limit: ${raised}`;
    assert.ok(preview.includes(`this plan cannot be approved: ${text}.`), preview);
    assert.match(up, /^plan \S+ cannot be approved \(4 versions\): /);
    assert.ok(up.includes(text), up);
    assert.doesNotMatch(up, /waits/);
    const summary = renderSummary([status], true, { honouredBy: 0 });
    assert.ok(summary.includes("cannot be approved: it deletes 57.2% of the package's 7"), summary);
    assert.match(summary, /^1 package with 7 versions: 4 planned; 1 plan that cannot be approved\n/);
    assert.ok(summary.includes(`raise the limit:\n  ${raised.replaceAll("`", "")}   (app)`), summary);
  });

  it("can be approved with the limit that the line sets, and not with one less", () => {
    const breach = { kind: "percent", deletes: 4, total: 7, percent: 50 } as const;
    assert.equal(sufficient(breach), 58);
    assert.doesNotMatch(printed({ limits: { percent: 58 } }).preview, /cannot be approved/);
    assert.match(printed({ limits: { percent: 57 } }).preview, /cannot be approved/);
  });

  it("names the line for a plan that would go by itself", () => {
    const { preview } = printed({ approval: "automatic", limits: { deletions: 3, percent: 100 } });
    assert.match(
      preview,
      /does not go by itself: .* raise the limit: `pulumi config set --path 'ghcr-retention:policies\[0\]\.limits\.deletions' 4`\. /,
    );
  });

  describe("when its versions are in grace", () => {
    const grace = { grace: "7d", limits: half };
    const after = `from 2026-11-30 on, a plan of all that waits cannot be approved: ${tooMuch}. Change the rules, or raise the limit: ${raised}`;

    it("says so before grace ends, in a preview and an update", () => {
      const { preview, up } = printed(grace);
      assert.ok(preview.includes(`warning: ${after}`), preview);
      assert.ok(up.includes(`4 versions recorded, deletable from 2026-11-30; ${after}`), up);
    });
    it("says nothing of it within the limits", () => assert.doesNotMatch(printed({ grace: "7d" }).preview, /cannot be approved/));
    it("says it of the plan once grace is over", () => {
      const { preview } = printed(grace, 7);
      assert.match(preview, /this plan cannot be approved/);
      assert.doesNotMatch(preview, /a plan of all that waits/);
    });
  });
});

describe("the line that raises a limit", () => {
  const breach = { kind: "percent", deletes: 4, total: 7, percent: 20 } as const;
  const lines = (place: ApprovalPlace) => limitLines(place)(breach);
  const shared = { owner: "acme", rules: [] };

  it("is an argument in a program", () => assert.deepEqual(lines({ configPath: undefined }), ["limits: { percent: 58 }"]));

  it("names every place that bounds a package of an organisation, and no other", () => {
    const overrides = { app: { limits: { percent: 30 } }, "a*": { limits: { deletions: 5 } }, other: { limits: { percent: 1 } } };
    const places = (percent: number): LimitsPlace[] => limitsPlaces({ ...shared, limits: { percent } }, overrides, "app");
    const organization = "ghcr-retention:organizations[0]";
    const inside = `pulumi config set --path '${organization}.overrides["app"].limits.percent' 58`;
    const own = `pulumi config set --path '${organization}.limits.percent' 58`;
    assert.deepEqual(lines({ configPath: organization, member: "app", limits: places(80) }), [inside]);
    assert.deepEqual(lines({ configPath: organization, member: "app", limits: places(50) }), [own, inside]);
    assert.deepEqual(lines({ configPath: undefined, member: "app", limits: places(80) }), ['overrides["app"].limits: { percent: 58 }']);
  });
});
