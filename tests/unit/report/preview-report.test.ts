import assert from "node:assert/strict";
import type { Decision } from "../../../components/approval/decide";
import type { ApprovalRecord, Pending } from "../../../components/approval/record";
import { previewReport, type ReportOptions } from "../../../components/report/preview-report";
import type { Policy, PolicyInput } from "../../../components/rules/policy";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { childOf, digestOf, type Entry, fallbackTagOf, image, index } from "../../support/builders/package";
import { dropPullRequests, dropUntagged, keepReleases, policyOf } from "../../support/builders/policy";
import { recorded, recordedNotice } from "../../support/builders/texts";

const prod = index("prod", [childOf("amd64"), childOf("arm64", "linux/arm64")], { tags: ["prod", "v1"] });
const kept = [prod, image("amd64"), image("arm64")];
const pr = [
  index("pr", [childOf("pr-arm64", "linux/arm64"), childOf("pr-amd64")], { tags: ["pr-1"], days: 30 }),
  image("pr-amd64", { days: 30 }),
  image("pr-arm64", { days: 30 }),
];
const lone = image("lone", { days: 20 });
const world = [...kept, ...pr, lone];

function policyWith(more: Partial<PolicyInput> = {}): Policy {
  return policyOf([dropUntagged, dropPullRequests, keepReleases], { limits: { percent: 100 }, ...more });
}

/** The report by paragraph, with the columns of its tables two blanks apart. */
function paragraphsOf(decision: Decision, policy: Policy, options: Partial<ReportOptions> = {}): string[] {
  const report = previewReport(decision, policy, { approveWith: (id) => `approve ${id}`, refused: {}, notices: [], ...options });
  return report.split("\n\n").map((paragraph) => paragraph.replaceAll(/(?<=\S) {2,}/g, "  "));
}

function reportOf(entries: readonly Entry[], more: Partial<PolicyInput> = {}, record: ApprovalRecord = nothing): string[] {
  const policy = policyWith(more);
  return paragraphsOf(decisionOn(entries, policy, record), policy);
}

function pendingOf(entries: readonly Entry[], more: Partial<PolicyInput> = {}): Pending {
  const { pending } = decisionOn(entries, policyWith(more));
  assert.ok(pending);
  return pending;
}

function short(name: string): string {
  return digestOf(name).slice(0, "sha256:".length + 12);
}

describe("the report of a preview", () => {
  describe("when a plan waits for its approval", () => {
    const { id } = pendingOf(world);

    it("tells how much would go, what exactly, and how to approve it, and nothing else", () => {
      assert.deepEqual(reportOf(world), [
        `plan ${id}: delete 4 of 7 versions (2 images), keep 3, 0 withheld`,
        [
          "  image  age  with  deleted by",
          `  ${short("lone")} (untagged)  20 days  –  drop-untagged`,
          "  pr-1  30 days  linux/amd64, linux/arm64  drop-pr",
        ].join("\n"),
        `waiting for approval, nothing is deleted until then. To approve exactly this:\n  approve ${id}`,
      ]);
    });

    it("speaks of one image where there is one", () => {
      assert.match(reportOf([...kept, lone])[0] ?? "", /: delete 1 of 4 versions \(1 image\), keep 3, 0 withheld$/);
    });

    it("tells in how many runs it would go", () => {
      const approval = (deletions: number) => reportOf(world, { limits: { deletions, percent: 100 } })[2];
      const start = "waiting for approval, nothing is deleted until then.";
      const end = ` To approve exactly this:\n  approve ${id}`;
      assert.equal(approval(4), start + end);
      assert.equal(approval(3), `${start} Once approved, it goes in 2 runs of at most 3 versions (limits.deletions).${end}`);
      assert.equal(approval(1), `${start} Once approved, it goes in 4 runs of at most 1 versions (limits.deletions).${end}`);
    });

    it("tells why it does not go by itself, where plans do", () => {
      const [, , approval] = reportOf(world, { approval: "automatic", limits: { deletions: 3, percent: 100 } });
      assert.match(
        approval ?? "",
        / It does not go by itself: it deletes 4 versions, 1 more than limits\.deletions allows in one run \(3\)\. /,
      );
    });

    it("tells which limit makes it impossible, and no line to approve it", () => {
      assert.equal(
        reportOf(world, { limits: { percent: 50 } })[2],
        "this plan cannot be approved: it deletes 57.2% of the package's 7 versions, and limits.percent allows 50%. Change the rules or the limits.",
      );
    });
  });

  describe("when an image goes with many parts", () => {
    const many = index("many", [childOf("one"), { digest: digestOf("note"), index: false, label: "attestation of linux/amd64" }], {
      tags: ["pr-2"],
    });
    const referrer = (name: string, artifactType?: string) => image(name, { subject: "many", ...(artifactType ? { artifactType } : {}) });
    const withOf = (...more: Entry[]) => {
      const row = (reportOf([...kept, many, image("one"), image("note"), ...more])[1] ?? "").split("\n")[1];
      return row?.split("  ").at(3);
    };

    it("names platforms, and counts everything else by its kind", () => {
      assert.equal(withOf(), "linux/amd64, 1 attestation");
      assert.equal(withOf(referrer("r1")), "linux/amd64, 1 attestation, 1 referrer");
      assert.equal(withOf(referrer("r1"), referrer("r2", "x/y")), "linux/amd64, 1 attestation, 2 referrers");
    });

    it("counts artifacts of a type, which are no platforms", () => {
      const entries = ["a", "b"].map((name) => childOf(name, `artifact (application/x-${name})`));
      const multi = index("many", entries, { tags: ["pr-2"] });
      const row = (reportOf([...kept, multi, image("a"), image("b")])[1] ?? "").split("\n")[1];
      assert.equal(row?.split("  ").at(3), "2 artifacts");
    });

    it("tells signatures, attestations, SBOMs and lists of referrers apart", () => {
      const tagged = (suffix: string) => image(`tag${suffix}`, { tags: [`${fallbackTagOf("many")}${suffix}`] });
      assert.equal(withOf(tagged(".sig"), tagged("")), "linux/amd64, 1 attestation, 1 signature, 1 referrers");
      assert.equal(withOf(tagged(".att"), tagged(".sbom")), "linux/amd64, 2 attestations, 1 SBOM");
    });

    it("counts many of a kind without a slip of the pen", () => {
      const list = (name: string) => index(name, [], { tags: [`${fallbackTagOf("many")}`] });
      assert.equal(withOf(list("l1"), list("l2")), "linux/amd64, 1 attestation, 2 referrers");
    });
  });

  describe("when there are more images than a table holds", () => {
    const prs = (count: number) => Array.from({ length: count }, (_, place) => image(`pr${place}`, { tags: [`pr-${place}`] }));

    it("shows forty and counts the rest", () => {
      const lines = (reportOf([...kept, ...prs(42)])[1] ?? "").split("\n");
      assert.equal(lines.length, 42);
      assert.equal(lines[41], "  … and 2 more: `pulumi preview --diff` shows every digest");
    });

    it("counts nothing where all of them fit", () => {
      assert.doesNotMatch(reportOf([...kept, ...prs(40)])[1] ?? "", /more/);
    });
  });

  describe("when a plan is approved", () => {
    const { id } = pendingOf(world);
    const waiting: ApprovalRecord = { ...nothing, pending: pendingOf(world) };
    const policy = policyWith({ approve: id });
    const approved = decisionOn(world, policy, waiting);

    it("says under which id, and that the next `up` deletes it", () => {
      const [head, table, note, ...rest] = paragraphsOf(approved, policy);
      assert.equal(head, `plan ${id}: delete 4 of 7 versions (2 images), keep 3, 0 withheld`);
      assert.match(table ?? "", /\n {2}pr-1 {2}30 days {2}linux\/amd64, linux\/arm64 {2}drop-pr$/);
      assert.equal(note, "approved: `pulumi up` deletes these.");
      assert.deepEqual(rest, []);
    });

    it("says how much one run deletes of it", () => {
      const noteWith = (deletions: number) => paragraphsOf(approved, policyWith({ approve: id, limits: { deletions, percent: 100 } }))[2];
      assert.equal(noteWith(4), "approved: `pulumi up` deletes these.");
      assert.equal(
        noteWith(3),
        "approved: `pulumi up` deletes these, at most 3 in one run (limits.deletions); the rest waits, approved, for the next.",
      );
    });

    it("names every approval that is at work, and none that is done", () => {
      const done = { "2026-11-01-000000000000": { images: [], parts: [], tags: [] } };
      const more = {
        "2026-11-02-000000000000": { images: [7], parts: [], tags: [] },
        "2026-11-03-000000000000": { images: [], parts: [8], tags: [] },
      };
      const [head] = paragraphsOf({ ...approved, plans: { ...done, ...more, ...approved.plans } }, policy);
      assert.match(head ?? "", new RegExp(`^plan 2026-11-02-000000000000 \\+ 2026-11-03-000000000000 \\+ ${id}: `));
    });

    it("leaves out what GitHub refused, and gives its answer", () => {
      const refused = { [digestOf("lone")]: "more than 5000 downloads" };
      const paragraphs = paragraphsOf(approved, policy, { refused });
      assert.match(paragraphs[0] ?? "", /: delete 3 of 7 versions \(1 image\), keep 4, /);
      assert.equal(paragraphs.at(-1), `refused by GitHub, left out since:\n  ${short("lone")}: more than 5000 downloads`);
    });

    it("says that there is nothing to delete when GitHub refused all of it", () => {
      const refused = Object.fromEntries(approved.going.digests().map((digest) => [digest, "no"]));
      assert.equal(paragraphsOf(approved, policy, { refused })[0], "nothing to delete: keep all 7 versions, 0 withheld");
    });

    it("repeats what was said when it was first honoured, once", () => {
      const text = "1 of its 5 versions stays";
      const notices = [recordedNotice(text, { kind: "approval-shrunk", subject: id })];
      assert.deepEqual(paragraphsOf({ ...approved, notices }, policy, { notices }).slice(3), [text]);
      assert.deepEqual(paragraphsOf(approved, policy, { notices }).slice(3), [text]);
    });

    it("shows what waits besides", () => {
      const later = [...world, image("later", { tags: ["pr-2"], days: 25 })];
      const both = paragraphsOf(decisionOn(later, policy, waiting), policy);
      assert.equal(both.length, 6);
      assert.match(both[0] ?? "", new RegExp(`^plan ${id}: delete 4 of 8 `));
      assert.match(both[3] ?? "", /^plan \S+: delete 1 of 8 versions \(1 image\), keep 7, 0 withheld$/);
      assert.match(both[4] ?? "", /\n {2}pr-2 {2}25 days {2}– {2}drop-pr$/);
      assert.match(both[5] ?? "", /^waiting for approval/);
    });

    describe("and its image is gone already", () => {
      const part = decisionOn(world, policy, waiting);
      const left = numbered(world).filter(({ name }) => name !== "pr" && name !== "lone");
      const rest = decisionOn(left, policy, { deletions: part.deletions, plans: part.plans });

      it("calls its parts what they are", () => {
        assert.match(
          paragraphsOf(rest, policy)[1] ?? "",
          /^ {2}image {2}age {2}with {2}deleted by\n( {2}sha256:\w{12} \(untagged\) {2}30 days {2}– {2}rest of a deleted image\n?){2}$/,
        );
      });
    });
  });

  describe("when nothing may go", () => {
    it("says so in one line", () => {
      assert.deepEqual(reportOf(kept), ["nothing to delete: keep all 3 versions, 0 withheld"]);
    });

    it("gives no table where nothing waits out a grace", () => {
      assert.deepEqual(reportOf(kept, { grace: "7d" }), ["nothing to delete: keep all 3 versions, 0 withheld"]);
    });

    it("does not repeat what was said of an approval, but what is news of today", () => {
      const policy = policyWith();
      const notices = [
        recordedNotice("an old notice"),
        recordedNotice("2 versions leave the ledger", { kind: "ledger-expiry", subject: "2026-11-23" }),
        recordedNotice("1 version left the ledger", { kind: "ledger-expiry", subject: "2026-11-22" }),
      ];
      assert.deepEqual(paragraphsOf(decisionOn(kept, policy), policy, { notices }).slice(1), ["2 versions leave the ledger"]);
    });
  });

  describe("when something is to be restored", () => {
    it("says how many versions, and which", () => {
      const policy = policyWith();
      const restoring = recorded({ [digestOf("gone")]: "pr-9, 40 days old (drop-pr)", [digestOf("part")]: "linux/amd64 of pr-9" });
      assert.deepEqual(paragraphsOf({ ...decisionOn(kept, policy), restoring }, policy), [
        "restore 2 versions, nothing to delete: keep all 3 versions, 0 withheld",
        [
          "to be restored, 2 versions: `pulumi up` brings these back with their tags.",
          `  ${short("gone")}: pr-9, 40 days old (drop-pr)`,
          `  ${short("part")}: linux/amd64 of pr-9`,
        ].join("\n"),
      ]);
    });
  });

  describe("when images are broken", () => {
    const ghost = index("ghost", ["g1", "g2"], { tags: ["v2"] });
    const partial = index("partial", ["p1", "p2"], { tags: ["v3"] });
    const blob = { digest: digestOf("layer"), index: false, other: true, label: "manifest" } as const;

    it("names them, with how much of them is missing", () => {
      assert.deepEqual(reportOf([...kept, ghost, partial, image("p1")]).slice(1), [
        "broken (partial): v3 lists 2 manifests, and 1 of them are not in the package",
        "broken (ghost): v2 lists 2 manifests, and 2 of them are not in the package",
      ]);
    });

    it("counts no blobs among the manifests", () => {
      const cache = index("cache", ["p1", "p2", blob], { tags: ["v3"] });
      assert.match(reportOf([...kept, cache])[1] ?? "", /^broken \(ghost\): v3 lists 2 manifests, and 2 of them /);
    });

    it("names ten and counts the rest", () => {
      const ghosts = (count: number) =>
        Array.from({ length: count }, (_, place) => index(`ghost ${place}`, ["g1"], { tags: [`v${place}`] }));
      assert.deepEqual(reportOf(ghosts(12)).slice(11), ["… and 2 more broken images"]);
      assert.equal(reportOf(ghosts(10)).length, 11);
    });

    it("does not speak of parts: the image that lists them is broken", () => {
      assert.deepEqual(reportOf([index("outer", [childOf("inner")], { tags: ["v2"] }), index("inner", ["g1"])]).length, 1);
    });
  });

  describe("when referrers belong to nothing in the package", () => {
    it("counts them", () => {
      const lost = [image("lost", { subject: "elsewhere" }), image("sig", { tags: [`${fallbackTagOf("elsewhere")}.sig`] })];
      assert.deepEqual(reportOf([...kept, ...lost, image("own", { subject: "prod" })]).slice(1), [
        "dangling: 2 referrers belong to nothing in this package; they stay, unless a rule with `dangling: true` deletes them",
      ]);
    });
  });

  describe("when `protect` names what is not there", () => {
    it("warns of each such name", () => {
      assert.deepEqual(reportOf(kept, { protect: ["prod", "prdo", digestOf("amd64"), digestOf("nobody")] }).slice(1), [
        "warning: protect: no version of the package is named prdo",
        `warning: protect: no version of the package is named ${digestOf("nobody")}`,
      ]);
    });
  });

  describe("when `unreadable` names digests", () => {
    it("tells what becomes of each", () => {
      const gone: Entry = { ...image("gone", { tags: ["v0"] }), manifest: { index: false, children: [], gone: true } };
      assert.deepEqual(reportOf([...kept, gone], { unreadable: [digestOf("nobody"), digestOf("gone"), digestOf("prod")] }).slice(1), [
        `unreadable: ${short("nobody")} is not in the package any more; take it out of the list`,
        `unreadable: ${short("gone")} is treated as needing nothing, since the registry does not know it`,
        `unreadable: ${short("prod")} can be read again, so what it needs is kept; take it out of the list`,
      ]);
    });
  });

  describe("when rules have no say", () => {
    it("warns of them", () => {
      const never = { name: "never", action: "delete" as const, tags: ["x"], newerThan: "2d", olderThan: "3d" };
      const policy = policyOf([dropPullRequests, keepReleases, never]);
      assert.deepEqual(paragraphsOf(decisionOn(kept, policy), policy).slice(1), [
        "warning: rule never can never delete anything: nothing is older than `olderThan` and newer than `newerThan`",
      ]);
    });
  });

  describe("when several rules matched", () => {
    const again = { ...dropPullRequests, name: "again" };
    const policy = policyOf([dropPullRequests, again], { limits: { percent: 100 } });
    it("names each of them", () => {
      assert.match(paragraphsOf(decisionOn([...kept, image("x", { tags: ["pr-1"] })], policy), policy)[1] ?? "", / {2}drop-pr, again$/);
      const needed = [index("multi", ["x"], { tags: ["v9"] }), image("x", { tags: ["pr-1"] })];
      assert.match(paragraphsOf(decisionOn(needed, policy), policy).at(-1) ?? "", / {2}drop-pr, again$/);
    });
  });

  describe("when something that a rule matched is needed", () => {
    it("lists it last, with what needs it and the rules", () => {
      const entries = [index("multi", ["pr"], { tags: ["v9"] }), image("pr", { tags: ["pr-1", "pr-2"] })];
      assert.deepEqual(reportOf(entries), [
        "nothing to delete: keep all 2 versions, 1 withheld",
        "withheld, since something needs it:\n  version  stays as  matched by\n  pr-1, pr-2  linux/amd64 of v9  drop-pr",
      ]);
    });
  });

  describe("when a version waits out its grace", () => {
    it("is in no plan, and in a table with its parts and the day from which it may go", () => {
      assert.deepEqual(reportOf(world, { grace: "7d" }), [
        "nothing to delete: keep all 7 versions, 0 withheld",
        [
          "4 versions wait out their grace of 7 days, counted from the first `pulumi up` that records it:",
          "  image  age  with  deleted by  deletable from",
          `  ${short("lone")} (untagged)  20 days  –  drop-untagged  2026-11-30`,
          "  pr-1  30 days  linux/amd64, linux/arm64  drop-pr  2026-11-30",
        ].join("\n"),
      ]);
    });

    it("is not spoken of once it is in a plan", () => {
      const grace = "7d" as const;
      const policy = policyWith({ grace });
      const first = decisionOn(world, policy);
      const report = paragraphsOf(decisionOn(world, policy, first, { days: 7 }), policy);
      assert.match(report[0] ?? "", /: delete 4 of 7 versions/);
      assert.equal(report.length, 3);
    });
  });
});
