import assert from "node:assert/strict";
import fc from "fast-check";
import { decide } from "../../../components/approval/decide";
import { reachableFrom } from "../../../components/graph/reachability";
import { today, without } from "../../support/builders/package";
import { type Case, digestsAt, isDescribed, patience, randomCase, runs, somePlaces } from "../../support/builders/random-case";
import { randomDeleteRule, randomKeepRule } from "../../support/builders/random-rule";
import { deletedBeforeReserve } from "../../support/oracle/oracle";

const nothingOnRecord = { deletions: {}, plans: {} };

describe("a plan after a change", function () {
  this.timeout(patience);

  it("does not grow by one more keep rule", () => {
    const property = fc.property(randomCase, randomKeepRule, (one, rule) => {
      assertNoMore(one, one.with({ rules: [...one.rules, rule] }).deleted);
    });
    fc.assert(property, runs);
  });

  it("does not grow by one more protected name", () => {
    const property = fc.property(randomCase, fc.nat({ max: 1000 }), (one, place) => {
      const [digest = ""] = digestsAt(one.inventory, [place]);
      assertNoMore(one, one.withProtected(digest).deleted);
    });
    fc.assert(property, runs);
  });

  it("does not shrink by one more delete rule, the reserved version apart", () => {
    const property = fc.property(randomCase, randomDeleteRule, (one, rule) => {
      const more = one.with({ rules: [...one.rules, rule] });
      const deleted = deletedBeforeReserve(more.inventory, more.policy, today);
      assert.deepEqual(
        one.deleted.filter((digest) => !deleted.includes(digest)),
        [],
      );
    });
    fc.assert(property, runs);
  });

  it("does not grow by doubt: by manifests that were not read (S3)", () => {
    const property = fc.property(randomCase, somePlaces(), fc.boolean(), (one, places, allowed) => {
      const digests = digestsAt(one.inventory, places).filter((digest) => !allowed || isDescribed(one.inventory, digest));
      const doubtful = one.withUnread(digests);
      fc.pre(digests.every((digest) => isSubjectNear(one, doubtful, digest)));
      assertNoMore(one, doubtful.deleted);
    });
    fc.assert(property, runs);
  });

  it("does not change by a digest that is named as unreadable while it can be read", () => {
    const property = fc.property(randomCase, somePlaces(), (one, places) => {
      const unreadable = digestsAt(one.inventory, places).filter((digest) => !one.inventory.manifests.get(digest)?.gone);
      const [plain, named] = [one.policy, { ...one.policy, unreadable }].map((policy) => decide(one.graph, policy, nothingOnRecord));
      assert.deepEqual(named?.plan.deletions.digests(), plain?.plan.deletions.digests());
      assert.deepEqual(named?.pending, plain?.pending);
    });
    fc.assert(property, runs);
  });

  it("deletes nothing beside an unread manifest that no index describes as an image (S3)", () => {
    const property = fc.property(randomCase, fc.nat({ max: 1000 }), (one, place) => {
      const digests = digestsAt(one.inventory, [place]);
      fc.pre(digests.every((digest) => !isDescribed(one.inventory, digest) && !one.inventory.manifests.get(digest)?.gone));
      assert.deepEqual(one.withUnread(digests).deleted, []);
    });
    fc.assert(property, runs);
  });

  it("asks for what it needs: once that is read, the plan is that of a package read whole", () => {
    const property = fc.property(randomCase, somePlaces(), (one, places) => {
      const describedOnes = digestsAt(one.inventory, places).filter((digest) => isDescribed(one.inventory, digest));
      const digests = describedOnes.filter((digest) => !one.inventory.manifests.get(digest)?.gone);
      fc.pre(digests.every((digest) => isSubjectNear(one, one.withUnread(digests), digest) && !isInCircle(one, digest)));
      let unread = digests;
      for (let { plan } = one.withUnread(unread); plan.unread.length > 0; { plan } = one.withUnread(unread)) {
        const asked = plan.unread;
        assert.ok(asked.every((digest) => unread.includes(digest)));
        unread = unread.filter((digest) => !asked.includes(digest));
      }
      assert.deepEqual(one.withUnread(unread).deleted, one.deleted);
    });
    fc.assert(property, runs);
  });

  it("is empty once it is carried out, unless that changed what the rest is", () => {
    let skipped = 0;
    const property = fc.property(randomCase, (one) => {
      const after = one.with({ inventory: without(one.inventory, one.deleted) });
      if (changesTheRest(one, after)) {
        skipped++;
        return;
      }
      // A protected name that is gone cannot be looked up again, so the policy is the one from before.
      assert.deepEqual(after.planFor(one.policy).deletions.digests(), []);
    });
    fc.assert(property, runs);
    assert.ok(skipped < runs.numRuns * 0.2, `${skipped} cases were left out`);
  });
});

/**
 * One deletion may be added: that of the version which stayed only because GitHub refuses the last tagged one. Once
 * something else stays, it is the last no longer.
 */
function assertNoMore(one: Case, deleted: readonly string[]): void {
  const free = deletedBeforeReserve(one.inventory, one.policy, today);
  const before = one.deleted;
  const reserved = free.length > before.length ? free : [];
  const more = deleted.filter((digest) => !before.includes(digest) && !reserved.includes(digest));
  assert.deepEqual(more, []);
}

/** Does the subject of a manifest keep it by other ways, too, or stand beside it? So it is for what clients push. */
function isSubjectNear(one: Case, doubtful: Case, digest: string): boolean {
  const { subject, references } = one.inventory.manifests.get(digest) ?? {};
  // What an index describes as an image names nothing in its layers: no tool lists such a manifest.
  if (references !== undefined) return false;
  const { byDigest } = doubtful.graph;
  const place = byDigest.get(subject ?? "");
  if (subject === undefined || place === undefined) return true;
  if (reachableFrom(doubtful.graph, [place]).has(byDigest.get(digest) ?? -1)) return true;
  const lists = [...doubtful.inventory.manifests.values()].map(({ children }) => children.map((child) => child.digest));
  return lists.some((listed) => listed.includes(digest) && listed.includes(subject));
}

/** A dangling referrer that only its own referrer lists: nobody asks for it, so it stays. */
function isInCircle({ graph }: Case, digest: string): boolean {
  const place = graph.byDigest.get(digest) ?? -1;
  return (graph.keeps[place] ?? []).some(({ to }) => reachableFrom(graph, [to]).has(place));
}

/**
 * Rare cases in which what stays is another thing afterwards. A child that stays without its index is an image and
 * takes a `mostRecent` place. A referrer of what is gone dangles: it may relieve the reserved version, and a rule may ask for it.
 */
function changesTheRest(one: Case, after: Case): boolean {
  const before = one.graph;
  const nodes = after.graph.nodes.map((node) => ({ node, was: before.nodes[before.byDigest.get(node.version.digest) ?? -1] }));
  const moved = nodes.some(({ node, was }) => node.role === "root" && was?.role !== "root");
  // Without the image that it was a part of, at any depth, what people tagged takes a place of its own.
  const gone = [...before.nodes.keys()].filter((node) => !after.graph.byDigest.has(before.nodes[node]?.version.digest ?? ""));
  const under = reachableFrom(before, gone);
  const alone = nodes.some(({ node, was }) => (was?.userTags.length ?? 0) > 0 && under.has(before.byDigest.get(node.version.digest) ?? -1));
  const dangles = nodes.some(({ node, was }) => node.role === "referrer" && node.subjects.length === 0 && was?.subjects.length !== 0);
  const counts = one.policy.rules.some((rule) => rule.action === "keep" && rule.mostRecent !== undefined);
  const reserves = deletedBeforeReserve(one.inventory, one.policy, today).length > one.deleted.length;
  const asksForDangling = one.rules.some((rule) => rule.dangling);
  return ((moved || alone) && counts) || ((moved || dangles) && reserves) || (dangles && asksForDangling);
}
