import assert from "node:assert/strict";
import { mergeNotices, type Notice, noticeIdOf } from "../../../components/approval/notice";
import { digestOf } from "../../support/builders/package";
import { recordedNotice } from "../../support/builders/texts";

const id = "2026-11-23-0123456789ab";
const breach = { kind: "percent", deletes: 3, total: 4, percent: 50 } as const;
const expiry: Notice = { kind: "ledger-expiry", count: 2, day: "2026-11-23" };
const shrunk: Notice = { kind: "approval-shrunk", id, staying: 1, total: 5 };

describe("a notice", () => {
  const identities: readonly (readonly [Notice, string])[] = [
    [{ kind: "approval-void", id, cause: { kind: "not-on-record" } }, id],
    [{ kind: "approval-over-limits", id, breach }, id],
    [shrunk, id],
    [expiry, "2026-11-23"],
    [{ kind: "restore-unknown", reference: "pr-9" }, "pr-9"],
    [{ kind: "restore-expired", digest: digestOf("gone"), reference: "pr-9", reason: undefined }, digestOf("gone")],
  ];
  for (const [notice, subject] of identities) {
    it(`is known by its kind and what it is about: ${notice.kind}`, () => {
      assert.deepEqual(noticeIdOf(notice), { kind: notice.kind, subject });
    });
  }

  it("keeps what it is about when it comes from the record", () => {
    const was = { kind: "ledger-expiry", subject: "2026-11-23" } as const;
    assert.deepEqual(noticeIdOf(recordedNotice("2 versions leave", was)), was);
    assert.equal(noticeIdOf(recordedNotice("something else")), undefined);
  });
});

describe("notices on record and those found again", () => {
  const recorded = recordedNotice("2 versions leave the ledger", { kind: "ledger-expiry", subject: "2026-11-23" });

  it("appear once each, in the order of the record", () => {
    assert.deepEqual(mergeNotices([recorded], [shrunk, expiry]), [recorded, shrunk]);
  });

  it("are told apart by what they are about", () => {
    const tomorrow: Notice = { ...expiry, day: "2026-11-24" };
    assert.deepEqual(mergeNotices([recorded], [tomorrow]), [recorded, tomorrow]);
  });

  it("are told apart by their kind", () => {
    const overLimits: Notice = { kind: "approval-over-limits", id, breach };
    assert.deepEqual(mergeNotices([shrunk], [overLimits]), [shrunk, overLimits]);
  });

  it("keep a text of no known kind", () => {
    const strange = recordedNotice("something else");
    assert.deepEqual(mergeNotices([strange], [expiry]), [strange, expiry]);
  });
});
