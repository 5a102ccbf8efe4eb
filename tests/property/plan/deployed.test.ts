import assert from "node:assert/strict";
import fc from "fast-check";
import { buildGraph } from "../../../components/graph/graph";
import { reachableMask } from "../../../components/graph/reachability";
import type { DeploymentAnswer, DeploymentAnswers } from "../../../components/model/deployments";
import type { Inventory } from "../../../components/model/inventory";
import { unaskedAmong } from "../../../components/plan/deployed";
import { computePlan, type Plan } from "../../../components/plan/plan";
import type { InUse } from "../../../components/rules/policy";
import { today } from "../../support/builders/package";
import { type Case, patience, randomDoubtfulCase, runs } from "../../support/builders/random-case";

const runningSomewhere: DeploymentAnswer = { kind: "answered", deployments: [{ name: "web", environment: "production" }] };
const randomAnswer = fc.oneof(
  { weight: 6, arbitrary: fc.constant<DeploymentAnswer>({ kind: "answered", deployments: [] }) },
  fc.constant(runningSomewhere),
  fc.constant<DeploymentAnswer>({ kind: "failed", answer: "GitHub answered 502" }),
  fc.constant<DeploymentAnswer>({ kind: "refused", status: 404, answer: "GitHub answered 404" }),
);
/** What GitHub would say of each version, by its place in the package; places past the end begin anew. */
const randomAnswers = fc.array(randomAnswer, { minLength: 5, maxLength: 20 });
const randomGithub = fc.constantFrom<InUse["github"]>("required", "optional");

function answersOf({ versions }: Inventory, answers: readonly DeploymentAnswer[], digests: Iterable<string>): DeploymentAnswers {
  const wanted = new Set(digests);
  const known = versions.flatMap(({ digest }, place) => (wanted.has(digest) ? [[digest, answers[place % answers.length]]] : []));
  return Object.fromEntries(known) as DeploymentAnswers;
}

function planned({ inventory, policy, leftovers }: Case, inUse: InUse | undefined, deployments: DeploymentAnswers): Plan {
  const settings = { ...policy, ...(inUse ? { inUse } : {}) };
  return computePlan(buildGraph({ ...inventory, deployments }), settings, { asOf: today, leftovers: new Set(leftovers) });
}

/** The digests that an index lists, at any depth, read without the graph. */
function listedUnder({ manifests }: Inventory, digest: string): Set<string> {
  const under = new Set<string>();
  const add = (one: string) => {
    for (const child of manifests.get(one)?.children ?? []) {
      if (under.has(child.digest)) continue;
      under.add(child.digest);
      add(child.digest);
    }
  };
  add(digest);
  return under;
}

describe("any plan under a policy that asks where images run", function () {
  this.timeout(patience);

  it("deletes nothing that runs, or lists what runs, or of which that is not known", () => {
    const property = fc.property(randomDoubtfulCase, randomAnswers, randomGithub, (one, answers, github) => {
      const { inventory } = one;
      const first = planned(one, { github }, {});
      const questions = unaskedAmong(first.deletions.graph, first.doubtful);
      const known = answersOf(
        inventory,
        answers,
        questions.filter((_, place) => place % 4 !== 3),
      );
      for (const digest of planned(one, { github }, known).deletions.digests()) {
        for (const part of [digest, ...listedUnder(inventory, digest)].filter((each) => questions.includes(each))) {
          const answer = known[part];
          assert.ok(answer !== undefined && answer !== runningSomewhere && answer.kind !== "failed", `${part} stays`);
          assert.ok(answer.kind === "answered" || github === "optional", `${part} stays where an answer is required`);
        }
      }
    });
    fc.assert(property, runs);
  });

  it("deletes nothing that it would not delete without asking", () => {
    const property = fc.property(randomDoubtfulCase, randomAnswers, randomGithub, (one, answers, github) => {
      const all = one.inventory.versions.map(({ digest }) => digest);
      const plan = planned(one, { github }, answersOf(one.inventory, answers, all));
      // With nothing to ask, GitHub's refusal of the last tagged version may fall on another image.
      const without = new Set([...one.plan.deletions.digests(), ...reservedIn(one.plan)]);
      assert.deepEqual(
        plan.deletions.digests().filter((digest) => !without.has(digest)),
        [],
      );
    });
    fc.assert(property, runs);
  });

  it("needs one round of questions, about nothing that it would keep anyway", () => {
    const property = fc.property(randomDoubtfulCase, randomAnswers, randomGithub, (one, answers, github) => {
      const first = planned(one, { github }, {});
      const questions = unaskedAmong(first.deletions.graph, first.doubtful);
      const second = planned(one, { github }, answersOf(one.inventory, answers, questions));
      assert.deepEqual(unaskedAmong(second.deletions.graph, second.doubtful), []);
      const { graph } = one.plan.deletions;
      const goesOtherwise = [...one.plan.deletions.digests(), ...reservedIn(one.plan)].map(
        (digest) => graph.byDigest.get(digest) as number,
      );
      const under = reachableMask(graph, goesOtherwise);
      for (const digest of questions)
        assert.ok(under[graph.byDigest.get(digest) as number], `asked about ${digest}, for which nothing asks`);
    });
    fc.assert(property, runs);
  });
});

/** What stays only because GitHub refuses to delete the last tagged version, with what hangs under it. */
function reservedIn({ stays, deletions: { graph } }: Plan): string[] {
  const reserved = [...stays].flatMap(([node, { kind }]) => (kind === "last-tagged" || kind === "last-version" ? [node] : []));
  const held = new Set(reserved);
  for (const node of held) for (const { to } of graph.keeps[node] ?? []) held.add(to);
  return [...held].map((node) => graph.nodes[node]?.version.digest ?? "");
}
