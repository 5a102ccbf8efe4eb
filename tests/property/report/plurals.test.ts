import assert from "node:assert/strict";
import fc from "fast-check";
import type { Notice } from "../../../components/approval/notice";
import { breachText } from "../../../components/messages/limit-breach";
import { noticeText } from "../../../components/messages/notice";
import { removalText } from "../../../components/messages/removal";
import { renderSummary } from "../../../components/report/organization-summary";
import type { NamedStatus } from "../../../components/report/package-status";
import { headlineText } from "../../../components/report/paragraph";
import { previewReport } from "../../../components/report/preview-report";
import { updateReport } from "../../../components/report/update-report";
import type { PolicyInput } from "../../../components/rules/policy";
import { decisionOn } from "../../support/builders/decided";
import { childOf, type Entry, image, index } from "../../support/builders/package";
import { policyWith } from "../../support/builders/reported";

const nouns =
  "version|image|manifest|package|plan|tag|rule|run|day|part|deletion|referrer|attestation|signature|approval|digest|reference|release|restoration";
const wrong = [
  new RegExp(`\\b1 (?:[a-z]+ ){0,2}(?:${nouns})s\\b`),
  new RegExp(`(?:^|[^-.\\d])(?:0|[2-9]|\\d\\d+) (?:(?:more|other|approved|retained|broken|tagged) )*(?:${nouns})\\b(?!s)`),
  /\b1 (?:version|image|plan|package)(?: that \w+)? (?:are|wait|stay|leave|have|were)\b/,
  /\b[2-9] (?:versions|images|plans|packages) (?:is|waits|stays|leaves|has|was)\b/,
  /\(s\)|\ball 1\b/,
];

function assertGrammar(text: string): void {
  for (const form of wrong) assert.doesNotMatch(text, form);
}

const number = fc.constantFrom(0, 1, 2);
const some = fc.constantFrom(1, 2);

describe("any text that counts", () => {
  it("is right in a preview and an update, of one version and of two", () => {
    const numbers = fc.record({
      pulls: number,
      lone: number,
      kept: some,
      broken: number,
      deletions: some,
      grace: fc.constantFrom(undefined, "7d"),
    });
    const property = fc.property(numbers, fc.constantFrom(100, 10), ({ pulls, lone, kept, broken, deletions, grace }, percent) => {
      const named = (count: number, make: (place: number) => Entry) => Array.from({ length: count }, (_, place) => make(place));
      const entries = [
        ...named(kept, (place) => image(`kept${place}`, { tags: [`v${place}`] })),
        ...named(pulls, (place) => index(`pr${place}`, [childOf(`part${place}`)], { tags: [`pr-${place}`], days: 30 })),
        ...named(pulls, (place) => image(`part${place}`, { days: 30 })),
        ...named(lone, (place) => image(`lone${place}`, { days: 30 })),
        ...named(broken, (place) => index(`broken${place}`, [childOf("missing")], { tags: [`v9${place}`] })),
      ];
      const more: Partial<PolicyInput> = { limits: { percent, deletions }, ...(grace ? { grace } : {}) };
      const policy = policyWith(more);
      const decision = decisionOn(entries, policy);
      assertGrammar(
        previewReport(decision, policy, { approveWith: (id) => `approve ${id}`, refused: {}, ledger: {}, frees: {}, notices: [] }),
      );
      assertGrammar(updateReport({}, { decision, policy }));
      const id = decision.pending?.id;
      if (id === undefined || decision.pending?.refused !== undefined) return;
      const approving = policyWith({ ...more, approve: id });
      const approved = decisionOn(entries, approving, decision);
      assertGrammar(previewReport(approved, approving, { approveWith: () => "", refused: {}, ledger: {}, frees: {}, notices: [] }));
    });
    fc.assert(property);
  });

  it("is right in notices, limits, headlines and removals", () => {
    const property = fc.property(number, number, some, (few, deleted, total) => {
      const id = "2026-11-23-0123456789ab";
      const notices: Notice[] = [
        { kind: "approval-ended", id, left: total, total },
        { kind: "approval-ended", id, left: few, total: few + total },
        { kind: "approval-shrunk", id, staying: total, total },
        { kind: "ledger-expiry", count: total, day: "2026-11-23" },
        { kind: "found-deleted", count: total, day: "2026-11-23" },
        { kind: "tags-never-seen", untagged: total },
        { kind: "stamps-renewed", day: "2026-11-23", versions: total },
      ];
      for (const notice of notices) assertGrammar(noticeText(notice));
      assertGrammar(breachText({ kind: "percent", deletes: deleted, total, percent: 50 }));
      assertGrammar(breachText({ kind: "deletions", deletes: deleted, limit: 0 }));
      assertGrammar(headlineText({ id, deletes: deleted, total, images: few, keeps: few, withheld: few }));
      const restorable = Array.from({ length: few }, () => ({
        id: "7",
        digest: "sha256:0",
        tags: [],
        plan: id,
        at: 0,
        until: "2026-12-01",
      }));
      assertGrammar(removalText("acme/app", restorable));
    });
    fc.assert(property);
  });

  it("is right in the summary of an organisation", () => {
    const states = fc.array(fc.constantFrom("failed", "refused", "waiting", "approved", "grace", "quiet"), { minLength: 1, maxLength: 4 });
    const property = fc.property(states, number, number, fc.boolean(), (all, versions, withheld, isPreview) => {
      const statuses = all.map((state, place): NamedStatus => {
        const plan = state === "waiting" || state === "refused" ? { plan: "2026-11-23-0123456789ab" } : {};
        const grace = state === "grace" ? { grace: { versions: Math.max(1, versions), from: "2026-11-30" } } : {};
        return { package: `p${place}`, state, versions, planned: versions, withheld, deleted: versions, ...plan, ...grace };
      });
      assertGrammar(renderSummary(statuses, isPreview, { honouredBy: versions, approve: "2026-11-23-0123456789ab" }));
    });
    fc.assert(property);
  });
});
