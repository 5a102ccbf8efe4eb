import assert from "node:assert/strict";
import fc from "fast-check";
import { type Decision, decide } from "../../../components/approval/decide";
import { buildGraph, type Graph } from "../../../components/graph/graph";
import { reachableFrom } from "../../../components/graph/reachability";
import { approvalRecord, type StoredInputs, StoredRecord, storeRecord } from "../../../components/lifecycle/state/stored";
import type { Inventory } from "../../../components/model/inventory";
import { Policy, type PolicyInput } from "../../../components/rules/policy";
import { patience, runs } from "../../support/builders/random-case";
import { randomRules } from "../../support/builders/random-policy";
import { randomInventory } from "../../support/builders/random-world";
import { after, randomSteps, type Step, without } from "../../support/lifecycle/random-history";

interface Shown {
  readonly id: string;
  readonly digests: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
  /** The plans whose rest the same approval covers, as the preview said. */
  readonly continues: readonly string[];
}

/** A stack's life: what previews showed, what the config approved, and what went. Every run is checked as it happens. */
class History {
  readonly shown: Shown[] = [];
  /** As the engine keeps it. */
  record: StoredInputs = { deletions: {}, plans: {} };
  approve: string | undefined;
  deleted = 0;

  constructor(
    public inventory: Inventory,
    public rules: readonly PolicyInput["rules"][number][],
    readonly approval: "required" | "automatic",
    readonly grace: "2d" | undefined,
  ) {}

  take(step: Step): void {
    if (step.kind === "rules") this.rules = step.rules;
    else if (step.kind === "approve") this.#approve(step.which);
    else if (step.kind === "preview") this.#show(this.decide());
    else if (step.kind === "up") this.#up(step);
    else this.inventory = after(this.inventory, step);
  }

  decide(record = this.record): Decision {
    const graph = buildGraph(this.inventory);
    return decide(graph, this.policy, approvalRecord(StoredRecord.parse(record), graph.byDigest.keys()));
  }

  get policy(): Policy {
    const { rules, approval, approve, grace } = this;
    const limits = { deletions: 4, percent: 100 };
    const more = { ...(approve ? { approve } : {}), ...(grace ? { grace } : {}) };
    return Policy.parse({ owner: "logto-io", package: "logto", rules, limits, approval, ...more });
  }

  #approve(which: number | undefined): void {
    this.approve = which === undefined ? undefined : this.shown[which % Math.max(1, this.shown.length)]?.id;
  }

  #show({ pending, plan }: Decision): void {
    if (pending === undefined) return;
    const digests = new Set(Object.keys(pending.deletions));
    const tags = tagsOf(plan.deletions.graph, digests);
    const { id, continues = [] } = pending;
    if (!this.shown.some((one) => one.id === id)) this.shown.push({ id, digests, tags, continues });
  }

  #up({ meanwhile, deletions, killed }: Extract<Step, { kind: "up" }>): void {
    const before = this.record;
    const decided = this.decide();
    this.#show(decided);
    this.record = storeRecord(decided);
    for (const change of meanwhile) this.inventory = after(this.inventory, change);
    const remainder = Object.keys(decided.deletions).filter((digest) => this.inventory.versions.some((one) => one.digest === digest));
    const going = this.decide().going.narrowedTo(new Set(remainder));
    this.#assertMayGo(going.graph, going.digests());
    const goes = going
      .inOrder()
      .slice(0, deletions)
      .map(({ digest }) => digest);
    this.deleted += goes.length;
    this.inventory = without(this.inventory, goes);
    if (killed) this.record = before;
  }

  /** The plan that the config names, and those that it goes on with. */
  #named(): Shown[] {
    const ids = new Set(this.approve === undefined ? [] : [this.approve]);
    for (const id of ids) for (const other of this.shown.find((one) => one.id === id)?.continues ?? []) ids.add(other);
    return this.shown.filter(({ id }) => ids.has(id));
  }

  #assertMayGo(graph: Graph, goes: readonly string[]): void {
    for (const digest of goes) {
      if (this.approval === "automatic") break;
      const allowing = this.#named().filter(({ digests }) => digests.has(digest));
      assert.ok(allowing.length > 0, `${digest} went, and the config names no plan that showed it (S2, S2a)`);
      const ownTags = tagsOf(graph, new Set([digest]));
      assert.ok(
        allowing.some(({ tags }) => [...ownTags].every((tag) => tags.has(tag))),
        `${digest} went under a tag that no approved plan showed (S4)`,
      );
    }
    const rest = [...graph.nodes.keys()].filter((node) => !goes.includes(graph.nodes[node]?.version.digest ?? ""));
    const needed = new Set([...reachableFrom(graph, rest).keys()].map((node) => graph.nodes[node]?.version.digest));
    assert.deepEqual(
      goes.filter((digest) => needed.has(digest)),
      [],
      "what stays needs it (S1)",
    );
  }
}

function tagsOf(graph: Graph, digests: ReadonlySet<string>): Set<string> {
  return new Set(graph.nodes.filter(({ version }) => digests.has(version.digest)).flatMap(({ userTags }) => userTags));
}

const history = (approval: "required" | "automatic") =>
  fc
    .tuple(randomInventory, randomRules, randomSteps, fc.constantFrom(undefined, undefined, "2d" as const))
    .map(([inventory, rules, steps, grace]) => ({ life: new History(inventory, rules, approval, grace), steps }));

describe("the decision over the life of a stack", function () {
  this.timeout(patience);

  it("lets nothing go that no plan named in the config showed, or that is tagged anew or needed (S1, S2, S2a, S4)", () => {
    let deleted = 0;
    const property = fc.property(history("required"), ({ life, steps }) => {
      for (const step of steps) life.take(step);
      deleted += life.deleted;
    });
    fc.assert(property, runs);
    assert.ok(deleted > runs.numRuns / 10, `only ${deleted} deletions were tried`);
  });

  it("lets no more go by itself than the limit of an automatic policy and what an earlier run left", () => {
    const property = fc.property(history("automatic"), ({ life, steps }) => {
      for (const step of steps.filter(({ kind }) => kind !== "approve")) {
        const before = life.deleted;
        life.take(step);
        if (step.kind === "up") assert.ok(life.deleted - before <= 2 * 4, "an update deletes more than its limit and what was left before");
      }
    });
    fc.assert(property, runs);
  });

  it("changes nothing when it is taken again with its own result on record", () => {
    const property = fc.property(history("required"), ({ life, steps }) => {
      for (const step of steps) {
        life.take(step);
        const once = life.decide();
        const twice = life.decide(storeRecord(once));
        assert.deepEqual(storeRecord(twice), storeRecord(once));
        assert.deepEqual(twice.going.digests().sort(), once.going.digests().sort());
      }
    });
    fc.assert(property, runs);
  });

  it("lets nothing go while nothing is approved", () => {
    const property = fc.property(history("required"), ({ life, steps }) => {
      for (const step of steps.filter(({ kind }) => kind !== "approve")) life.take(step);
      assert.equal(life.deleted, 0);
      assert.deepEqual(life.record.deletions, {});
    });
    fc.assert(property, runs);
  });
});
