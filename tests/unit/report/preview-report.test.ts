import assert from "node:assert/strict";
import type { ApprovalRecord } from "../../../components/approval/record";
import { decisionOn, nothing, numbered } from "../../support/builders/decided";
import { childOf, digestOf, type Entry, fallbackTagOf, image, index } from "../../support/builders/package";
import { kept, lone, paragraphsOf, pendingOf, policyWith, pr, reportOf, short, world } from "../../support/builders/reported";
import { recordedNotice } from "../../support/builders/texts";

describe("the report of a preview", () => {
  describe("when a plan waits for its approval", () => {
    const { id } = pendingOf(world);

    it("tells how much would go, what exactly, and how to approve it, and nothing else", () => {
      assert.deepEqual(reportOf(world), [
        `plan ${id}: delete 4 of 7 versions (2 images), keep 3`,
        [
          "  image  age  with  deleted by",
          `  ${short("lone")} (untagged)  20 days  –  drop-untagged`,
          "  pr-1  30 days  linux/amd64, linux/arm64  drop-pr",
          "  by rule:",
          "    drop-untagged deletes 1 image (1 version)",
          "    drop-pr deletes 1 image (3 versions)",
          "    keep-releases keeps 1 image",
        ].join("\n"),
        `waiting for approval, nothing is deleted until then. To approve exactly this:\n  approve ${id}`,
      ]);
    });

    it("speaks of one image where there is one", () => {
      assert.match(reportOf([...kept, lone])[0] ?? "", /: delete 1 of 4 versions \(1 image\), keep 3$/);
    });

    it("tells of the approval whose rest it covers, as long as there is one", () => {
      const policy = policyWith({ approve: id });
      const first = decisionOn(numbered([...kept, ...pr]), policyWith());
      const under = policyWith({ approve: first.pending?.id });
      const both = numbered([...kept, ...pr, lone]);
      const decision = decisionOn(both, under, decisionOn(numbered([...kept, ...pr]), under, first));
      const covers = `Its approval may replace that of ${first.pending?.id}, whose rest it covers.`;
      assert.ok(
        paragraphsOf(decision, under).some((paragraph) => paragraph.includes(`nothing is deleted until then. ${covers} To approve`)),
      );
      const done = decisionOn(
        both.filter(({ name }) => !name.startsWith("pr")),
        under,
        decision,
      );
      assert.ok(paragraphsOf(done, policy).every((paragraph) => !paragraph.includes("Its approval may replace")));
    });

    it("tells in how many runs it would go", () => {
      const approval = (deletions: number) => reportOf(world, { limits: { deletions, percent: 100 } })[2];
      const start = "waiting for approval, nothing is deleted until then.";
      const end = ` To approve exactly this:\n  approve ${id}`;
      assert.equal(approval(4), start + end);
      assert.equal(approval(3), `${start} Once approved, it goes in 2 runs of at most 3 versions (limits.deletions).${end}`);
      assert.equal(approval(1), `${start} Once approved, it goes in 4 runs of at most 1 version (limits.deletions).${end}`);
    });

    it("tells why it does not go by itself, where plans do", () => {
      const [, , approval] = reportOf(world, { approval: "automatic", limits: { deletions: 3, percent: 100 } });
      assert.match(
        approval ?? "",
        / It does not go by itself: it deletes 4 versions, 1 more than limits\.deletions allows in one run \(3\)\. Change the rules or the limits\. /,
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
      assert.equal(withOf(tagged(".sig"), tagged("")), "linux/amd64, 1 attestation, 1 referrers, 1 signature");
      assert.equal(withOf(tagged(".att"), tagged(".sbom")), "linux/amd64, 1 SBOM, 2 attestations");
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
      assert.equal(lines.length, 46);
      assert.equal(lines[41], "  … and 2 more: `pulumi preview --diff` shows every digest");
    });

    it("names every tag that goes, also of those that it counts", () => {
      const lines = (reportOf([...kept, ...prs(540)])[1] ?? "").split("\n");
      const named = lines.flatMap((line) => line.match(/\bpr-\d+/g) ?? []);
      assert.equal(new Set(named).size, 540);
      assert.ok(lines.length < 100, `${lines.length} lines`);
      assert.ok(lines.every((line) => line.length <= 110));
    });

    it("names none where the rest has no tag", () => {
      const untagged = Array.from({ length: 42 }, (_, place) => image(`lone${place}`, { days: 20 }));
      assert.equal((reportOf([...kept, ...untagged])[1] ?? "").split("\n").length, 45);
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
      assert.equal(head, `plan ${id}: delete 4 of 7 versions (2 images), keep 3`);
      assert.match(table ?? "", /\n {2}pr-1 {2}30 days {2}linux\/amd64, linux\/arm64 {2}drop-pr\n/);
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
        "2026-11-03-000000000000": { images: [], parts: [6], tags: [] },
      };
      const [head] = paragraphsOf({ ...approved, plans: { ...done, ...more, ...approved.plans } }, policy);
      assert.match(head ?? "", new RegExp(`^plan 2026-11-02-000000000000 \\+ 2026-11-03-000000000000 \\+ ${id}: `));
    });

    it("leaves out what GitHub refused, and gives its answer", () => {
      const refused = { [digestOf("lone")]: "more than 5000 downloads" };
      const paragraphs = paragraphsOf(approved, policy, { refused });
      assert.match(paragraphs[0] ?? "", /: delete 3 of 7 versions \(1 image\), keep 4$/);
      assert.equal(paragraphs.at(-1), `refused by GitHub, left out since:\n  1 version: more than 5000 downloads (${short("lone")})`);
    });

    it("says of a refused version that somebody else deleted what records it", () => {
      const refused = { [digestOf("lone")]: "more than 5000 downloads", [digestOf("gone")]: "more than 5000 downloads" };
      assert.equal(
        paragraphsOf(approved, policy, { refused }).at(-1),
        [
          "refused by GitHub, left out since:",
          `  1 version: more than 5000 downloads (${short("lone")})`,
          `  1 version that somebody else deleted since: \`pulumi refresh\`, then \`pulumi up\` records it (${short("gone")})`,
        ].join("\n"),
      );
    });

    it("gives each answer once, whatever number of versions it is about, and counts what stays along", () => {
      const popular = Array.from({ length: 45 }, (_, place) => [
        index(`popular ${place}`, [childOf(`part ${place}`)], { tags: [`v${place}`], days: 90 }),
        image(`part ${place}`, { days: 90 }),
      ]).flat();
      const answers = popular.map(({ name }) => [
        digestOf(name),
        name.startsWith("part") ? `stays with ${short(name.replace("part", "popular"))}` : "more than 5000 downloads.",
      ]);
      const refused = { ...Object.fromEntries(answers), [digestOf("lone")]: "frozen" };
      const [title, first, ...others] = (paragraphsOf(decisionOn([...world, ...popular], policy), policy, { refused }).at(-1) ?? "").split(
        "\n",
      );
      assert.equal(title, "refused by GitHub, left out since:");
      assert.match(
        first ?? "",
        /^ {2}45 versions, with 45 more that they need: more than 5000 downloads \(sha256:\w{12}, sha256:\w{12}, sha256:\w{12} and 42 more\)$/,
      );
      assert.deepEqual(others, [`  1 version: frozen (${short("lone")})`]);
    });

    it("says that there is nothing to delete when GitHub refused all of it", () => {
      const refused = Object.fromEntries(approved.going.digests().map((digest) => [digest, "no"]));
      assert.equal(paragraphsOf(approved, policy, { refused })[0], "nothing to delete: keep all 7 versions");
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
      assert.match(both[3] ?? "", /^plan \S+: delete 1 of 8 versions \(1 image\), keep 7$/);
      assert.match(both[4] ?? "", /\n {2}pr-2 {2}25 days {2}– {2}drop-pr\n/);
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
});
