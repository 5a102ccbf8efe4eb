import assert from "node:assert/strict";
import { buildGraph } from "../../../components/graph/graph";
import type { Deployment, DeploymentAnswer, DeploymentAnswers } from "../../../components/model/deployments";
import type { DeletedVersion } from "../../../components/model/inventory";
import { deletedToAsk, unaskedAmong } from "../../../components/plan/deployed";
import {
  childOf,
  day,
  digestOf,
  type Entry,
  fallbackTagOf,
  image,
  index,
  indexChildOf,
  moment,
  namesOf,
  packageOf,
} from "../../support/builders/package";
import { planOf } from "../../support/builders/planned";
import { dropPullRequests, keepReleases, policyOf } from "../../support/builders/policy";

const web: Deployment = { name: "shop-web", environment: "production", cluster: "eu-1" };
const runs = (...deployments: Deployment[]): DeploymentAnswer => ({ kind: "answered", deployments });
const idle = runs();
const prod = image("prod", { tags: ["prod"] });
const platform = (name: string, platform: string) => ({ ...childOf(name, platform), platform });
const pr = index("pr", [platform("amd64", "linux/amd64"), platform("arm64", "linux/arm64")], { tags: ["pr-1"] });
const entries = [prod, pr, image("amd64"), image("arm64")];
const everyoneIdle = { pr: idle, amd64: idle, arm64: idle };

function planned(
  answers: Readonly<Record<string, DeploymentAnswer>>,
  github: "required" | "optional" = "required",
  all: readonly Entry[] = entries,
) {
  const deployments = Object.fromEntries(Object.entries(answers).map(([name, answer]) => [digestOf(name), answer]));
  const { plan, deleted, withheld } = planOf(all, policyOf([keepReleases, dropPullRequests], { inUse: { github } }), [], deployments);
  const { graph } = plan.deletions;
  return { deleted, withheld, doubtful: namesOf(plan.doubtful, ...all), toAsk: namesOf(unaskedAmong(graph, plan.doubtful), ...all) };
}

describe("a plan under a policy that asks GitHub where images run", () => {
  it("deletes nothing that GitHub was not asked about, and asks for the index and its platforms", () => {
    const { deleted, doubtful, toAsk, withheld } = planned({});
    assert.deepEqual(deleted, []);
    assert.deepEqual(doubtful, ["amd64", "arm64", "pr"]);
    assert.deepEqual(toAsk, ["amd64", "arm64", "pr"]);
    assert.deepEqual(withheld, { pr: "not known whether it runs: GitHub was not asked yet" });
  });

  it("asks for no more than it would delete", () => {
    const used = [prod, index("v1", ["amd64"], { tags: ["v1"] }), image("amd64")];
    assert.deepEqual(planned({}, "required", used).toAsk, []);
  });

  it("deletes what GitHub has no record of", () => {
    const { deleted, doubtful } = planned(everyoneIdle);
    assert.deepEqual(deleted, ["amd64", "arm64", "pr"]);
    assert.deepEqual(doubtful, []);
  });

  it("leaves what has a record, with its parts, and names environment, cluster and deployment", () => {
    const { deleted, withheld } = planned({ ...everyoneIdle, pr: runs(web) });
    assert.deepEqual(deleted, []);
    assert.deepEqual(withheld, { pr: "deployed as shop-web in production (eu-1)" });
  });

  it("leaves the index of a platform that has a record: a workload may name either", () => {
    const { deleted, withheld } = planned({ ...everyoneIdle, arm64: runs(web) });
    assert.deepEqual(deleted, []);
    assert.deepEqual(withheld, { pr: "linux/arm64 deployed as shop-web in production (eu-1)" });
  });

  it("leaves every index above one, and asks for a platform that stays anyway", () => {
    const nested = [
      prod,
      index("v1", [platform("amd64", "linux/amd64")], { tags: ["v1"] }),
      index("outer", [indexChildOf("inner")], { tags: ["pr-2"] }),
      index("inner", [platform("amd64", "linux/amd64")]),
      image("amd64"),
    ];
    assert.deepEqual(planned({}, "required", nested).toAsk, ["amd64", "inner", "outer"]);
    const { deleted } = planned({ outer: idle, inner: idle, amd64: runs(web) }, "required", nested);
    assert.deepEqual(deleted, []);
  });

  it("leaves an image while one of its platforms is not answered for", () => {
    assert.deepEqual(planned({ pr: idle, amd64: idle }).deleted, []);
    assert.deepEqual(planned({ pr: idle, amd64: idle }).toAsk, ["arm64"]);
  });

  it("does not ask for signatures and attestations, which nobody runs", () => {
    const signed = [
      ...entries.slice(0, 1),
      index("pr", [platform("amd64", "linux/amd64"), childOf("provenance", "attestation of linux/amd64")], { tags: ["pr-1"] }),
      image("amd64"),
      image("provenance"),
      image("signature", { tags: [`${fallbackTagOf("pr")}.sig`] }),
      image("sbom", { subject: "pr", artifactType: "application/spdx+json" }),
    ];
    assert.deepEqual(planned({}, "required", signed).toAsk, ["amd64", "pr"]);
    assert.deepEqual(planned({ pr: idle, amd64: idle }, "required", signed).deleted, ["amd64", "pr", "provenance", "sbom", "signature"]);
  });

  it("asks for an attestation that somebody tagged, and for what an index without platforms lists", () => {
    const list = index("pr", [childOf("one"), childOf("two")], { tags: ["pr-1"] });
    assert.deepEqual(planned({}, "required", [prod, list, image("one"), image("two")]).toAsk, ["one", "pr", "two"]);
    const tagged = [
      prod,
      index("pr", [platform("amd64", "linux/amd64"), childOf("provenance", "attestation of linux/amd64")], { tags: ["pr-1"] }),
      image("amd64"),
      image("provenance", { tags: ["pr-1-provenance"] }),
    ];
    assert.deepEqual(planned({}, "required", tagged).toAsk, ["amd64", "pr", "provenance"]);
  });

  it("asks for what one index lists without a platform, and another one for a platform or as an index", () => {
    const other = (child: ReturnType<typeof childOf>) => [
      prod,
      index("pr", [platform("amd64", "linux/amd64"), childOf("shared", "attestation of linux/amd64")], { tags: ["pr-1"] }),
      index("pr2", [platform("amd64", "linux/amd64"), child], { tags: ["pr-2"] }),
      image("amd64"),
      image("shared"),
    ];
    const all = ["amd64", "pr", "pr2", "shared"];
    assert.deepEqual(planned({}, "required", other(platform("shared", "linux/arm64"))).toAsk, all);
    assert.deepEqual(planned({}, "required", other(indexChildOf("shared"))).toAsk, all);
    assert.deepEqual(planned({}, "required", other(childOf("shared"))).toAsk, ["amd64", "pr", "pr2"]);
  });

  it("asks for a referrer of no known type, which may be an image", () => {
    const referring = [...entries, image("copy", { subject: "pr" })];
    assert.deepEqual(planned({}, "required", referring).toAsk, ["amd64", "arm64", "copy", "pr"]);
  });

  it("leaves the subject of what runs", () => {
    const referring = [prod, image("base", { tags: ["pr-1"] }), image("runner", { subject: "base", tags: ["pr-2"] })];
    const { deleted, withheld } = planned({ base: idle, runner: runs(web) }, "required", referring);
    assert.deepEqual(deleted, []);
    assert.equal(withheld.base, "a referrer of it is deployed as shop-web in production (eu-1)");
  });

  const failed: DeploymentAnswer = { kind: "failed", answer: "GitHub answered 502" };
  const refused: DeploymentAnswer = { kind: "refused", status: 403, answer: "GitHub answered 403: Resource not accessible by integration" };
  const user: DeploymentAnswer = { kind: "user" };
  for (const github of ["required", "optional"] as const) {
    it(`leaves what an error hides, where an answer is ${github}`, () => {
      const { deleted, withheld, toAsk } = planned({ ...everyoneIdle, amd64: failed }, github);
      assert.deepEqual(deleted, []);
      assert.deepEqual(toAsk, []);
      assert.equal(withheld.pr, "not known whether it runs: GitHub answered 502");
    });
  }
  for (const answer of [refused, user]) {
    const all = { pr: answer, amd64: answer, arm64: answer };
    it(`leaves everything where an answer is required and there is none (${answer.kind})`, () => {
      assert.deepEqual(planned(all, "required").deleted, []);
      assert.match(
        planned(all, "required").withheld.pr ?? "",
        /^not known whether it runs: GitHub (answered 403|keeps deployment records)/,
      );
    });
    it(`goes by the rules where an answer is optional and there is none (${answer.kind})`, () => {
      assert.deepEqual(planned(all, "optional").deleted, ["amd64", "arm64", "pr"]);
    });
    it(`leaves what has a record where others are not answered for (${answer.kind})`, () => {
      assert.deepEqual(planned({ ...all, arm64: runs(web) }, "optional").deleted, []);
    });
  }

  it("names the first two of many deployments", () => {
    const many = ["a", "b", "c", "d"].map((name) => ({ name, environment: "test" }));
    assert.equal(planned({ ...everyoneIdle, pr: runs(...many) }).withheld.pr, "deployed as a in test and b in test and 2 more");
  });
});

describe("the deleted versions about which GitHub is asked whether they run", () => {
  const deletedOn = (days: number, tags: readonly string[]) => ({
    id: 1_000 + days,
    digest: digestOf(`gone ${days}`),
    tags,
    createdAt: moment - 100 * day,
    deletedAt: moment - days * day,
  });
  const toAsk = (deleted: readonly DeletedVersion[], deployments: DeploymentAnswers = {}) =>
    deletedToAsk(buildGraph({ ...packageOf(prod), deleted, deployments }));

  it("are thirty at the most: those with a tag first, then the latest", () => {
    const deleted = Array.from({ length: 40 }, (_, days) => deletedOn(days, days >= 38 ? [`pr-${days}`] : []));
    const latest = [38, 39, ...Array.from({ length: 28 }, (_, days) => days)];
    assert.deepEqual(
      toAsk(deleted),
      latest.map((days) => digestOf(`gone ${days}`)),
    );
  });

  it("are not there again, and not asked about already", () => {
    const again = { ...deletedOn(1, []), digest: digestOf("prod") };
    assert.deepEqual(toAsk([again, deletedOn(2, []), deletedOn(3, [])], { [digestOf("gone 3")]: idle }), [digestOf("gone 2")]);
  });
});
