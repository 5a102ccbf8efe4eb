import assert from "node:assert/strict";
import type { Version } from "../../../components/model/inventory";
import { moment } from "../../support/builders/package";
import { policyOf } from "../../support/builders/policy";
import { leftBy, tagsOf } from "../../support/conformance/carry-out";
import { deletesWhatThePeerUntags, keepsMore, needTagRemoval } from "../../support/conformance/not-yet";
import { cleanupActionScenarios, manifestGraphScenarios, type Scenario } from "../../support/conformance/scenario";
import { World } from "../../support/oracle/oracle";

const cleanupAction = cleanupActionScenarios();
const manifestGraph = manifestGraphScenarios();
const all: readonly Scenario[] = [...cleanupAction, ...manifestGraph];
const exceptions = { ...needTagRemoval, ...keepsMore, ...deletesWhatThePeerUntags };

describe("the scenarios of dataaxiom/ghcr-cleanup-action", () => {
  it("are 24", () => assert.equal(cleanupAction.length, 24));

  for (const scenario of cleanupAction.filter(({ id }) => exceptions[id] === undefined)) {
    it(`${scenario.id} leaves what the peer leaves`, () => {
      const left = leftBy(scenario) ?? [];
      assert.deepEqual(left.map(({ digest }) => digest).sort(), [...scenario.expected.digests].sort());
      assert.deepEqual(tagsOf(left), [...scenario.expected.tags].sort());
    });
  }
});

describe("the scenarios of ghcr-manager/ghcr-cleanup-manager", () => {
  it("are 36", () => assert.equal(manifestGraph.length, 36));

  for (const { expected, ...scenario } of manifestGraph.filter(({ id }) => exceptions[id] === undefined)) {
    it(`${scenario.id} leaves what the peer leaves`, () => {
      const left = leftBy(scenario) ?? [];
      const tags = tagsOf(left);
      assert.equal(left.length, expected.manifestCount);
      assert.equal(tags.length, expected.tagCount);
      assert.deepEqual(
        expected.presentTags.filter((tag) => !tags.includes(tag)),
        [],
      );
      assert.deepEqual(
        expected.absentTags.filter((tag) => tags.includes(tag)),
        [],
      );
    });
  }
});

describe("the peers' scenarios that are not supported yet", () => {
  for (const [id, reason] of Object.entries(needTagRemoval)) {
    it(`${id} ${reason}: ours leaves every manifest that the peer leaves, and the tags with them`, () => {
      const { left, expected } = outcomeOf(id);
      assert.equal(left.length, expected.left);
      assert.ok(tagsOf(left).length > expected.tags);
    });
  }
});

describe("the peers' scenarios in which ours differs on purpose", () => {
  for (const [id, { left, tags, reason }] of Object.entries(keepsMore)) {
    it(`${id}: ${reason}`, () => {
      const outcome = outcomeOf(id);
      assert.deepEqual([outcome.left.length, tagsOf(outcome.left).length], [left, tags]);
      assert.ok(left > outcome.expected.left);
    });
  }

  for (const [id, { left, tags, reason }] of Object.entries(deletesWhatThePeerUntags)) {
    it(`${id}: ${reason}`, () => {
      const outcome = outcomeOf(id);
      assert.deepEqual([outcome.left.length, tagsOf(outcome.left).length], [left, tags]);
      assert.ok(!tagsOf(outcome.left).includes("image-a"));
    });
  }
});

describe("every scenario of the peers", () => {
  it("that differs is named with its reason, and no other is", () => {
    const differing = [...cleanupAction.filter((one) => !isSame(one)), ...manifestGraph.filter((one) => !isSame(one))];
    assert.deepEqual(differing.map(({ id }) => id).sort(), Object.keys(exceptions).sort());
  });

  for (const scenario of all) {
    it(`${scenario.id} takes nothing from what stays`, () => {
      const left = leftBy(scenario) ?? scenario.inventory.versions;
      const world = new World(scenario.inventory, policyOf([{ name: "none", action: "delete" }]), moment, []);
      for (const gone of world.versions.filter((version) => !left.includes(version))) {
        assert.deepEqual(
          left.filter((version) => world.keeps(version, gone)),
          [],
        );
      }
    });
  }
});

function scenarioOf(id: string): Scenario {
  const scenario = all.find((one) => one.id === id);
  assert.ok(scenario, `${id} is no scenario`);
  return scenario;
}

function outcomeOf(id: string): { left: readonly Version[]; expected: { left: number; tags: number } } {
  const first = cleanupAction.find((one) => one.id === id)?.expected;
  const second = manifestGraph.find((one) => one.id === id)?.expected;
  const expected = first
    ? { left: first.digests.length, tags: first.tags.length }
    : { left: second?.manifestCount ?? 0, tags: second?.tagCount ?? 0 };
  return { left: leftBy(scenarioOf(id)) ?? [], expected };
}

function isSame(scenario: (typeof cleanupAction)[number] | (typeof manifestGraph)[number]): boolean {
  const left = leftBy(scenario);
  if (left === undefined) return false;
  const tags = tagsOf(left);
  const { expected } = scenario;
  if ("digests" in expected)
    return (
      sameItems(
        left.map(({ digest }) => digest),
        expected.digests,
      ) && sameItems(tags, expected.tags)
    );
  const [isThere, isAbsent] = [
    expected.presentTags.every((tag) => tags.includes(tag)),
    !expected.absentTags.some((tag) => tags.includes(tag)),
  ];
  return left.length === expected.manifestCount && tags.length === expected.tagCount && isThere && isAbsent;
}

function sameItems(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
