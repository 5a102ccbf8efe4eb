import assert from "node:assert/strict";
import { renderSummary } from "../../../components/report/organization-summary";
import type { NamedStatus } from "../../../components/report/package-status";

function standing(name: string, change: Partial<NamedStatus> = {}): NamedStatus {
  return { package: name, state: "quiet", versions: 10, planned: 0, withheld: 2, deleted: 0, ...change };
}

const many = Array.from({ length: 400 }, (_, place) => standing(`p${place}`));

describe("the summary of an organisation", () => {
  it("has room for 400 packages on one screen", () => {
    const waiting = many.map((one) => ({ ...one, state: "waiting", planned: 3, plan: "2026-11-20-000000000000" }) satisfies NamedStatus);
    const text = renderSummary(waiting, true, { line: "pulumi config set …", honouredBy: 0 });
    assert.ok(text.split("\n").length <= 40, text);
    assert.match(text, /… and 376 more packages/);
  });

  it("begins with what failed, then what cannot be approved, then what has waited longest", () => {
    const text = renderSummary(
      [
        ...many.slice(2),
        standing("resting", { state: "grace", grace: { versions: 15, from: "2026-11-30" } }),
        standing("agreed", { state: "approved", planned: 0 }),
        standing("young", { state: "waiting", planned: 90, plan: "2026-11-22-000000000000" }),
        standing("old", { state: "waiting", planned: 1, plan: "2026-11-02-000000000000" }),
        standing("large", { state: "refused", planned: 9, plan: "2026-11-22-111111111111", why: "it deletes 90%" }),
        standing("unread", { state: "failed", why: "acme/unread@sha256:00: the registry answered 500" }),
      ],
      true,
      { honouredBy: 0 },
    );
    assert.match(
      text,
      /^404 packages with 4040 versions: 100 planned, 808 withheld \(a delete rule matches them, but something keeps them: see each package\); 1 failed; 1 plan that cannot be approved; 2 plans waiting, the oldest 2026-11-02-0{12} of old; 15 in grace\n/,
    );
    const places = ["unread", "large", "old", "young", "agreed", "resting"].map((name) => text.indexOf(`\n  ${name} `));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.match(text, /unread +failed: the registry answered 500/);
    assert.match(text, /large +cannot be approved: it deletes 90%/);
    assert.match(text, /resting +15 versions in grace, deletable from 2026-11-30/);
    assert.match(text, /398 packages have nothing to delete/);
  });

  it("says once what the token cannot do, and in which packages", () => {
    const cannotUndo = { kind: "cannot-undo" } as const;
    const unlisted = { kind: "deleted-not-listed", answer: "GitHub answered 403: no" } as const;
    const text = renderSummary(
      [
        ...["a", "b", "c", "d"].map((name) => standing(name, { state: "approved", tokenNotices: [cannotUndo, unlisted] })),
        standing("e", { state: "waiting", plan: "2026-11-22-000000000000", tokenNotices: [cannotUndo] }),
        standing("f"),
      ],
      true,
      { honouredBy: 0 },
    );
    assert.equal(text.split("may delete but not restore").length, 2, text);
    assert.match(text, /^e, a, b and 2 more: this run's token may delete but not restore/m);
    assert.match(text, /^a, b, c and 1 more: GitHub does not show this run's token the deleted versions \(GitHub answered 403: no\)/m);
    assert.doesNotMatch(renderSummary(many, true, { honouredBy: 0 }), /token/);
  });

  it("says what all that is planned frees, once", () => {
    const planned = (name: string, bytes: number, accuracy: "exact" | "at-most") =>
      standing(name, { state: "waiting", planned: 1, plan: "2026-11-22-000000000000", storage: { bytes, accuracy, unread: 4 } });
    const lines = renderSummary([planned("web", 2_000_000, "exact"), planned("app", 500_000, "at-most"), standing("quiet")], true, {
      honouredBy: 0,
    });
    assert.match(
      lines,
      /\n\nwhat is planned frees at most 2\.5 MB: 8 manifests were not read \(`npx ghcr-retention plan --sizes` reads them\)$/,
    );
    assert.doesNotMatch(renderSummary(many, true, { honouredBy: 0 }), /frees/);
  });
});
