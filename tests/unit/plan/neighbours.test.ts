import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import { stayText } from "../../../components/messages/stay-reason";
import type { Neighbour } from "../../../components/model/inventory";
import { neighboursNamedBy } from "../../../components/plan/neighbours";
import { computePlan } from "../../../components/plan/plan";
import { reasonsToStay } from "../../../components/plan/withheld";
import { Policy } from "../../../components/rules/policy";
import { digestOf, type Entry, fallbackTagOf, image, namesOf, packageOf, today } from "../../support/builders/package";
import { policyOf, type RuleInput } from "../../support/builders/policy";

/** A package for signatures: those of an image that is there, of one that is gone, and by a subject. */
const signatures = [
  image("live", { tags: [`${fallbackTagOf("app")}.sig`] }),
  image("dead", { tags: [`${fallbackTagOf("gone")}.sig`] }),
  image("live-bundle", { subject: "app" }),
  image("dead-bundle", { subject: "gone" }),
  image("anchor", { tags: ["anchor"] }),
];
const app: Neighbour = { name: "app", digests: [digestOf("app")] };
const site: Neighbour = { name: "site", digests: [digestOf("site")] };
const dropDead = (...subjectsIn: string[]): RuleInput => ({ name: "drop-dead", action: "delete", dangling: true, subjectsIn });

function graphOf(neighbours: readonly Neighbour[], entries: readonly Entry[] = signatures) {
  return buildGraph({ ...packageOf(...entries), neighbours });
}
function deleted(rule: RuleInput, neighbours: readonly Neighbour[]): string[] {
  const plan = computePlan(graphOf(neighbours), policyOf([rule]), { asOf: today });
  return namesOf(plan.deletions.digests(), ...signatures);
}

describe("the packages that rules look into", () => {
  it("are each named once, in order", () => {
    const rules = [dropDead("site", "app"), { name: "keep", action: "keep" } as const, dropDead("app", "base")];
    assert.deepEqual(neighboursNamedBy(policyOf(rules.map((rule, place) => ({ ...rule, name: `rule-${place}` }))).rules), [
      "app",
      "base",
      "site",
    ]);
    assert.deepEqual(neighboursNamedBy([]), []);
  });
});

describe("a rule that looks for subjects in other packages", () => {
  it("takes only what belongs to nothing there", () => {
    assert.deepEqual(deleted(dropDead("app"), [app]), ["dead", "dead-bundle"]);
    assert.deepEqual(deleted(dropDead("app", "site"), [site, app]), ["dead", "dead-bundle"]);
  });
  it("takes nothing while one of the packages was not listed (S3)", () => {
    assert.deepEqual(deleted(dropDead("app"), []), []);
    assert.deepEqual(deleted(dropDead("app", "site"), [app]), []);
  });
  it("takes everything that dangles where it names no package", () => {
    const { subjectsIn: _, ...dropDangling } = dropDead() as RuleInput & { subjectsIn: string[] };
    assert.deepEqual(deleted(dropDangling, [app]), ["dead", "dead-bundle", "live", "live-bundle"]);
  });
  it("finds a sha512 by the part of it that a tag holds", () => {
    const long = `sha512:${"ab".repeat(64)}`;
    const entries = [image("list", { tags: [`sha512-${"ab".repeat(32)}`] }), image("anchor", { tags: ["anchor"] })];
    const plan = (digests: string[]) =>
      computePlan(graphOf([{ name: "app", digests }], entries), policyOf([dropDead("app")]), { asOf: today });
    assert.equal(plan([long]).deletions.size, 0);
    assert.equal(plan([]).deletions.size, 1);
  });
  it("says in which package the subject is", () => {
    const graph = graphOf([app]);
    const because = (name: string) => {
      const plan = computePlan(graph, policyOf([dropDead("app")]), { asOf: today });
      const node = graph.byDigest.get(digestOf(name)) ?? -1;
      return plan.deletions.has(node) ? "goes" : stayText(reasonsToStay(plan)(node), graph);
    };
    assert.equal(because("live"), "its subject is in logto-io/app");
    assert.equal(because("dead"), "goes");
  });
  it("asks for what dangles, and names packages", () => {
    const issues = (rule: object) => {
      const input = { owner: "acme", package: "signatures", rules: [{ name: "drop", action: "delete", ...rule }] };
      return Policy.safeParse(input).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    };
    assert.deepEqual(issues({ subjectsIn: ["app"] }), ["rules.0.subjectsIn: `subjectsIn` goes with `dangling: true`"]);
    assert.deepEqual(issues({ dangling: true, subjectsIn: [] }), [
      "rules.0.subjectsIn: expected at least one package, or no `subjectsIn` at all",
    ]);
    assert.deepEqual(issues({ dangling: true, subjectsIn: ["acme/App"] }), [
      'rules.0.subjectsIn.0: expected a package name such as "app" or "team/app"',
    ]);
  });
});
