import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { z } from "zod";
import { breachOf } from "../../../components/approval/limits";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { addEntries } from "../../../components/config-file/add-entries";
import { policyOfEntry } from "../../../components/config-file/entry-policy";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import type { Inventory } from "../../../components/model/inventory";
import { computePlan } from "../../../components/plan/plan";
import { dayOf } from "../../../components/plan/plan-id";
import { ruleWarnings } from "../../../components/plan/rule-warnings";
import { judged } from "../../../components/plan/subjects";
import { propose } from "../../../components/proposal/propose";
import { familyOf } from "../../../components/proposal/tag-family";
import { evaluate } from "../../../components/rules/evaluate";
import { parsePolicy } from "../../../components/rules/parse-policy";
import { image, index, moment, packageOf } from "../../support/builders/package";
import { randomInventory } from "../../support/builders/random-world";

const File = z.object({ config: z.record(z.string(), z.unknown()) });

function planned(inventory: Inventory, defaults = stackDefaultsOf()) {
  const graph = buildGraph(inventory);
  const { entry, plan } = propose(graph, defaults);
  const policy = policyOfEntry(entry, inventory.package.name, defaults.shared);
  return { graph, entry, plan, policy, computed: computePlan(graph, policy, { asOf: dayOf(inventory.now) }) };
}

function comments(inventory: Inventory): string {
  return planned(inventory).entry.comment.join("\n");
}

function whole(graph: Graph): number[] {
  return [...graph.nodes.keys()];
}

describe("a proposed policy", () => {
  it("is always taken, deletes what it says, and never more than whole images of clear families", () => {
    fc.assert(
      fc.property(randomInventory, (inventory) => {
        const { graph, policy, plan, computed } = planned(inventory);
        assert.equal(plan.versions, computed.deletions.size);
        assert.deepEqual(ruleWarnings(policy), []);
        // No rule sees an untagged child: each is judged by none.
        const verdicts = evaluate(judged(graph, whole(graph), moment), policy.rules);
        for (const [node, { role, userTags }] of graph.nodes.entries()) {
          if (role === "child") assert.equal(verdicts[node]?.action, "none");
          if (!computed.deletions.has(node)) continue;
          for (const tag of userTags) assert.ok(!["release", "moving", undefined].includes(familyOf(tag)?.purpose), tag);
        }
        assert.equal(policy.approval, "required");
      }),
      { numRuns: 200 },
    );
  });

  it("is the same for the same package, in whatever order it was listed", () => {
    fc.assert(
      fc.property(randomInventory, (inventory) => {
        const { entry } = planned(inventory);
        const shuffled = { ...inventory, versions: [...inventory.versions].reverse() };
        assert.deepEqual(planned(shuffled).entry, entry);
      }),
      { numRuns: 100 },
    );
  });

  it("is what stands in the file afterwards, whatever the names", () => {
    fc.assert(
      fc.property(randomInventory, (inventory) => {
        const { entry, policy } = planned(inventory);
        const { config } = File.parse(parse(addEntries("", [entry], "Pulumi.dev.yaml")));
        const [written] = readStackPolicies({ policies: config["ghcr-retention:policies"] });
        assert.ok(written);
        assert.deepEqual(parsePolicy(written.policy), policy);
        assert.deepEqual(
          written.policy.rules,
          entry.rules.map(({ rule }) => rule),
        );
      }),
      { numRuns: 100 },
    );
  });

  describe("when an image has tags of several kinds", () => {
    it("stays as long as one of them stays", () => {
      const { computed, graph } = planned(
        packageOf(
          image("both", { tags: ["pr-1", "ubuntu-22"], days: 400 }),
          ...Array.from({ length: 6 }, (_, place) => image(`pr ${place}`, { tags: [`pr-${place + 10}`], days: 100 + place })),
          image("old", { tags: ["pr-2"], days: 401 }),
        ),
      );
      assert.deepEqual(
        computed.deletions.nodes().map((node) => graph.nodes[node]?.version.tags[0]),
        ["pr-15", "pr-2"],
      );
    });
  });

  describe("when tags have very many forms", () => {
    it("takes those that most of them have, and the others stay", () => {
      const common = [1, 2].map((place) => image(`common ${place}`, { tags: [`zz-000000${place}`], days: 100 }));
      const rare = Array.from({ length: 60 }, (_, place) => image(`rare ${place}`, { tags: [`x${place}x-0123abc`], days: 100 }));
      const { entry } = planned(packageOf(...rare, ...common));
      const builds = entry.rules.find(({ rule }) => rule.name === "drop-builds");
      assert.equal(builds?.rule.tags?.length, 20);
      assert.ok(builds?.rule.tags?.some((pattern) => pattern.includes("zz-")));
      assert.match(entry.comment.join("\n"), /41 tags of no clear kind/);
    });
  });

  describe("when something is odd", () => {
    it("says which images cannot be pulled whole", () => {
      assert.match(
        comments(packageOf(index("prod", ["gone"], { tags: ["prod"] }))),
        /1 image \(prod\) cannot be pulled whole.*broken: true/,
      );
    });
    it("says which signatures belong to nothing", () => {
      const signature = image("signature", { subject: "gone", artifactType: "application/vnd.dev.cosign.artifact.sig.v1+json" });
      assert.match(comments(packageOf(image("a", { tags: ["prod"] }), signature)), /1 signature or the like belong to nothing/);
    });
    describe("when the plan is over the limit", () => {
      const lone = (count: number) => Array.from({ length: count }, (_, place) => image(`lone ${place}`, { days: 100 }));
      const inventory = packageOf(image("prod", { tags: ["prod"] }), ...lone(8));
      it("sets the limit that the plan needs, and says so", () => {
        const { entry, policy, computed } = planned(inventory);
        assert.deepEqual(entry.limits, { deletions: 200, percent: 89 });
        assert.equal(breachOf(policy.limits, computed.deletions.size, computed.deletions.graph), undefined);
        const text = entry.comment.join("\n");
        assert.match(text, /would delete 8 of 9 versions \(8 images\)/);
        assert.match(text, /^`limits\.percent` is 89 for this plan, which 50 would refuse: lower it once the plan has gone\.$/m);
        assert.doesNotMatch(text, /cannot be approved/);
      });
      it("leaves a limit that the stack sets for all, and says that the plan is over it", () => {
        const { entry } = planned(inventory, stackDefaultsOf({ defaults: { limits: { percent: 20 } } }));
        assert.deepEqual(entry.limits, { deletions: 200, percent: 20 });
        assert.match(
          entry.comment.join("\n"),
          /That is 89 % of the package, more than `limits\.percent` allows: it cannot be approved until/,
        );
      });
      it("leaves the limit where the plan keeps within it", () => {
        const { entry } = planned(packageOf(image("prod", { tags: ["prod"] }), image("lone", { days: 100 })));
        assert.deepEqual(entry.limits, { deletions: 200, percent: 50 });
        assert.doesNotMatch(entry.comment.join("\n"), /limits\.percent/);
      });
    });
    it("says that a plan goes in several runs", () => {
      const [old, young] = [250, 260].map((count, days) =>
        Array.from({ length: count }, (_, place) => image(`lone ${days} ${place}`, { days: days === 0 ? 100 : 2 })),
      );
      assert.match(comments(packageOf(...(old ?? []), ...(young ?? []))), /It would go in 2 runs of at most 200 versions/);
    });
  });
});
