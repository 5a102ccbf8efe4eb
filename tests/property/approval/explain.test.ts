import assert from "node:assert/strict";
import fc from "fast-check";
import { type Decision, decide } from "../../../components/approval/decide";
import { type ExplainedVersion, explain } from "../../../components/approval/explain";
import { buildGraph } from "../../../components/graph/graph";
import { check } from "../../../components/lifecycle/check";
import { decideAgain } from "../../../components/lifecycle/state/decide-again";
import type { CheckedInputs } from "../../../components/lifecycle/state/stored";
import { recallCandidates, seenKey } from "../../../components/lifecycle/state/stored-seen";
import { fateText } from "../../../components/messages/explanation";
import type { Inventory } from "../../../components/model/inventory";
import type { PolicyInput } from "../../../components/rules/policy";
import { nothing } from "../../support/builders/decided";
import { patience, randomCase, runs } from "../../support/builders/random-case";
import { randomRules } from "../../support/builders/random-policy";
import { randomInventory } from "../../support/builders/random-world";
import { after, randomSteps, without } from "../../support/lifecycle/random-history";
import { isKept, isSelected, matches } from "../../support/oracle/rule-oracle";

const nothingKnown = { refused: {}, ledger: [], notices: [] };

/** A stack's life by what the engine keeps: each run checks, and an update deletes what its inputs say. */
class Life {
  olds: CheckedInputs | undefined;
  readonly #shown: string[] = [];

  constructor(
    public inventory: Inventory,
    public policy: PolicyInput,
  ) {}

  check(): CheckedInputs {
    const servers = { githubApiUrl: "https://api.github.com", registryUrl: "https://ghcr.io", deletionsPerMinute: 60 };
    const { inputs, failures } = check(this.olds, { ...this.policy, ...servers, inventory: this.inventory });
    assert.ok(inputs, JSON.stringify(failures));
    if (inputs.pending !== undefined) this.#shown.push(inputs.pending.id);
    return JSON.parse(JSON.stringify(inputs)) as CheckedInputs;
  }

  decision(inputs: CheckedInputs): Decision {
    return decideAgain(inputs, { graph: buildGraph(this.inventory), policy: this.policy }).decision;
  }

  up(deletions: number): void {
    this.olds = this.check();
    const goes = this.decision(this.olds).going.inOrder().slice(0, deletions);
    this.inventory = without(
      this.inventory,
      goes.map(({ digest }) => digest),
    );
  }

  approve(which: number | undefined): void {
    const { approve: _approve, ...rest } = this.policy;
    const id = which === undefined ? undefined : this.#shown[which % Math.max(1, this.#shown.length)];
    this.policy = id === undefined ? rest : { ...rest, approve: id };
  }
}

const settings = fc.record({
  approval: fc.constantFrom("required" as const, "automatic" as const),
  grace: fc.constantFrom(undefined, "2d"),
  percent: fc.constantFrom(100, 100, 30),
  restores: fc.boolean(),
});

function explained(decision: Decision, policy: Parameters<typeof explain>[1], reference: string): ExplainedVersion {
  const said = explain(decision, policy, nothingKnown, reference);
  assert.ok(said.kind === "here", said.kind);
  return said;
}

describe("any explanation", function () {
  this.timeout(patience);

  it("says of each version what the inputs of the preview do with it", () => {
    const property = fc.property(randomInventory, randomRules, randomSteps, settings, (inventory, rules, steps, more) => {
      const { percent, grace, approval, restores } = more;
      const life = new Life(inventory, {
        owner: "logto-io",
        package: "logto",
        rules: [...rules],
        approval,
        limits: { percent, deletions: 4 },
        ...(grace ? { grace } : {}),
      });
      for (const step of steps) {
        if (step.kind === "rules") life.policy = { ...life.policy, rules: [...step.rules] };
        else if (step.kind === "approve") life.approve(step.which);
        else if (step.kind === "up") life.up(step.deletions);
        else if (step.kind !== "preview") life.inventory = after(life.inventory, step);
        else if (restores) life.policy = { ...life.policy, restore: Object.keys(life.olds?.deletions ?? {}).slice(0, 1) };
        assertAgrees(life);
      }
    });
    fc.assert(property, { ...runs, numRuns: Math.ceil((runs.numRuns ?? 1) / 3) });
  });

  it("names exactly the rules that match, and what they say of it", () => {
    const property = fc.property(randomCase, fc.nat({ max: 1000 }), (one, place) => {
      const { world, policy, graph } = one;
      const version = world.versions[place % world.versions.length];
      assert.ok(version);
      const said = explained(decide(graph, policy, nothing), policy, version.digest);
      assert.notEqual(fateText(said.fate, graph), "");
      const matching = policy.rules.filter((rule) => matches(world, rule, version)).map(({ name }) => name);
      assert.deepEqual(said.rules.map(({ rule }) => rule).sort(), matching.sort());
      const holding = said.rules.filter(({ holds }) => holds);
      assert.equal(
        holding.some(({ action }) => action === "keep"),
        isKept(world, version),
      );
      assert.equal(holding.length > 0 && !holding.some(({ action }) => action === "keep"), isSelected(world, version));
      assert.equal(
        said.neededBy.length > 0,
        world.versions.some((keeper) => world.keeps(keeper, version)),
      );
      assert.equal(
        said.needs.length > 0,
        world.versions.some((kept) => world.keeps(version, kept)),
      );
    });
    fc.assert(property, runs);
  });
});

/** Compares with what the engine prints and stores, which no code of the explanation reads. */
function assertAgrees(life: Life): void {
  const inputs = life.check();
  const decided = decideAgain(inputs, { graph: buildGraph(life.inventory), policy: life.policy });
  const digests = life.inventory.versions.map(({ digest }) => digest);
  const { pending, deletions, [seenKey]: seen } = inputs;
  const candidates = recallCandidates(seen?.candidates ?? {}, digests);
  for (const digest of digests) {
    const { fate } = explained(decided.decision, decided.policy, digest);
    const isRemembered = deletions[digest] !== undefined;
    const kind = fate.kind === "cannot-be-approved" ? "waits" : fate.kind;
    if (pending?.deletions[digest] !== undefined) assert.equal(fate.kind, pending.refused === undefined ? "waits" : "cannot-be-approved");
    else if (isRemembered) assert.equal(kind, decided.decision.going.digests().includes(digest) ? "goes" : "stays");
    else assert.equal(kind, life.policy.grace !== undefined && candidates[digest] !== undefined ? "in-grace" : "stays");
    if (fate.kind === "waits" || fate.kind === "cannot-be-approved") assert.equal(fate.plan, pending?.id);
    if (fate.kind === "goes") assert.ok(fate.plan !== undefined && inputs.plans[fate.plan] !== undefined);
  }
  for (const digest of Object.keys({ ...deletions, ...inputs.restoring })) {
    if (digests.includes(digest)) continue;
    const said = explain(decided.decision, decided.policy, nothingKnown, digest);
    assert.ok(said.kind === "gone", said.kind);
    assert.equal(said.gone.restorable.kind === "restoring", inputs.restoring?.[digest] !== undefined);
  }
}
