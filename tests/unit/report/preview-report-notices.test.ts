import assert from "node:assert/strict";
import { sortProtection, summaryOf } from "../../../components/in-use/in-use";
import { decisionOn } from "../../support/builders/decided";
import { childOf, digestOf, type Entry, fallbackTagOf, image, index } from "../../support/builders/package";
import { dropPullRequests, keepReleases, policyOf } from "../../support/builders/policy";
import { kept, paragraphsOf, policyWith, reportOf, short, world } from "../../support/builders/reported";
import { recorded } from "../../support/builders/texts";

describe("the report of a preview", () => {
  describe("when nothing may go", () => {
    it("says so in one line", () => {
      assert.deepEqual(reportOf(kept), ["nothing to delete: keep all 3 versions"]);
    });

    it("gives no table where nothing waits out a grace", () => {
      assert.deepEqual(reportOf(kept, { grace: "7d" }), ["nothing to delete: keep all 3 versions"]);
    });
  });

  describe("when something is to be restored", () => {
    it("says how many versions, and which", () => {
      const policy = policyWith();
      const restoring = recorded({ [digestOf("gone")]: "pr-9, 40 days old (drop-pr)", [digestOf("part")]: "linux/amd64 of pr-9" });
      assert.deepEqual(paragraphsOf({ ...decisionOn(kept, policy), restoring }, policy), [
        "restore 2 versions, nothing to delete: keep all 3 versions",
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
        "broken (partial): v3 lists 2 manifests, and 1 of them is not in the package",
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
        "dangling: 2 referrers belong to nothing in this package; they stay, unless a rule with `dangling: true` deletes them. If their images are in another package, name it in `subjectsIn`",
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

  describe("when images are in use", () => {
    const protect = [
      { image: "ghcr.io/acme/app:prod", by: "Deployment shop/web, container app" },
      { image: "ghcr.io/acme/app@sha256:0", by: "Deployment shop/web, container app" },
      { image: "ghcr.io/acme/other:prod", by: "JSON" },
      { image: "nginx:1.27", by: "JSON" },
      { image: digestOf("prod"), by: "JSON, key digest", unread: true },
    ];
    const policy = policyWith();

    it("says how many there are, how many are here, from where, and which are not understood", () => {
      const inUse = summaryOf(sortProtection(protect, "ghcr.io"), { owner: "acme", name: "app" });
      assert.deepEqual(paragraphsOf(decisionOn(kept, policy), policy, { inUse }).slice(1), [
        "in use: 5 references, 1 of them in this package, from Deployment shop/web, container app, JSON, JSON, key digest",
        "warning: in use, but not understood, so it protects nothing (expected `image: <registry>/<owner>/<package>:<tag>`, or `@<digest>`): " +
          "ghcr.io/acme/app@sha256:0 (Deployment shop/web, container app); nginx:1.27 (JSON); " +
          `${digestOf("prod")} (JSON, key digest)`,
      ]);
    });

    it("says nothing where the policy was told of none", () => {
      assert.equal(summaryOf(sortProtection(["prod", digestOf("prod")], "ghcr.io"), { owner: "acme", name: "app" }), undefined);
    });
  });

  describe("when a delete rule has no condition", () => {
    const everything = { name: "drop-all", action: "delete" as const };
    const said = (percent: number, rule: object) => {
      const policy = policyOf([keepReleases, { ...everything, ...rule }], { limits: { percent } });
      return paragraphsOf(decisionOn(kept, policy), policy).join("\n");
    };

    it("warns of it where no share is bounded either", () => {
      assert.match(said(100, {}), /warning: rule drop-all has no condition, and limits\.percent is 100: a plan may delete every image/);
      assert.match(said(100, { age: "updated" }), /rule drop-all has no condition/);
      for (const text of [said(99, {}), said(100, { olderThan: "30d" })]) assert.doesNotMatch(text, /has no condition/);
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

  describe("when a rule has nothing to do today", () => {
    it("notes it, and does not warn", () => {
      const keepNewest = { name: "keep-newest", action: "keep" as const, tags: ["pr-*"], mostRecent: 5 };
      const policy = policyOf([dropPullRequests, keepReleases, keepNewest]);
      assert.deepEqual(paragraphsOf(decisionOn([...kept, image("x", { tags: ["pr-1"] })], policy), policy).slice(1), [
        "note: nothing to do today for rule drop-pr (keep-newest keeps the only image that it matches)",
      ]);
    });
  });

  describe("when several rules matched", () => {
    const again = { ...dropPullRequests, name: "again" };
    const policy = policyOf([dropPullRequests, again], { limits: { percent: 100 } });
    it("names each of them", () => {
      assert.match(
        paragraphsOf(decisionOn([...kept, image("x", { tags: ["pr-1"] })], policy), policy)[1] ?? "",
        / {2}drop-pr, again\n {2}by rule:\n {4}drop-pr deletes 1 image \(1 version\)\n {4}again deletes 1 image/,
      );
      const needed = [index("multi", ["x"], { tags: ["v9"] }), image("x", { tags: ["pr-1"] })];
      assert.match(paragraphsOf(decisionOn(needed, policy), policy).at(-1) ?? "", / {2}drop-pr, again$/);
    });
  });

  describe("when something that a rule matched is needed", () => {
    it("lists it last, with what needs it and the rules", () => {
      const entries = [index("multi", ["pr"], { tags: ["v9"] }), image("pr", { tags: ["pr-1", "pr-2"] })];
      assert.deepEqual(reportOf(entries), [
        "nothing to delete: keep all 2 versions, 1 withheld (a delete rule matches it, but something keeps it: see below)",
        "withheld, since something keeps it:\n  version  stays as  matched by\n  pr-1, pr-2  linux/amd64 of v9  drop-pr",
      ]);
    });
  });

  describe("when a version waits out its grace", () => {
    it("is in no plan, and in a table with its parts and the day from which it may go", () => {
      assert.deepEqual(reportOf(world, { grace: "7d" }), [
        "4 of 7 versions in grace, deletable from 2026-11-30: nothing to delete yet",
        [
          "4 versions wait out their grace of 7 days, counted from the first `pulumi up` that records them:",
          "  image  age  with  deleted by  deletable from",
          `  ${short("lone")} (untagged)  20 days  –  drop-untagged  2026-11-30`,
          "  pr-1  30 days  linux/amd64, linux/arm64  drop-pr  2026-11-30",
          "  by rule:",
          "    drop-untagged deletes 1 image (1 version)",
          "    drop-pr deletes 1 image (3 versions)",
          "    keep-releases keeps 1 image",
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
