import assert from "node:assert/strict";
import { policyOfEntry } from "../../../components/config-file/entry-policy";
import { stackDefaultsOf } from "../../../components/config-file/stack-defaults";
import { buildGraph } from "../../../components/graph/graph";
import { entriesOf, type MigratedEntry } from "../../../components/migration/entries";
import { readWorkflow } from "../../../components/migration/read-workflow";
import type { Version } from "../../../components/model/inventory";
import { computePlan } from "../../../components/plan/plan";
import { today, without } from "../../support/builders/package";
import { leftBy, tagsOf } from "../../support/conformance/carry-out";
import { deletesWhatThePeerUntags, needTagRemoval } from "../../support/conformance/not-yet";
import { cleanupActionScenarios, manifestGraphScenarios, type Scenario } from "../../support/conformance/scenario";
import { workflow } from "../../support/migration/workflow";

/** A scenario's options as the workflow that has them. */
function migrated({ inputs }: Scenario, uses: string): MigratedEntry {
  const isManager = uses.startsWith("ghcr-manager/");
  const lines = Object.entries(inputs).map(([name, value]): [string, string] => {
    return [name, isManager && name.endsWith("-tags") ? value.split(",").join("\n") : value];
  });
  const place = { owner: "peer", package: "package", ...(isManager ? { command: "cleanup" } : {}) };
  const text = workflow(uses, { ...place, ...Object.fromEntries(lines) });
  const [entry, ...more] = entriesOf(readWorkflow(text, "clean.yml").translations, {}, stackDefaultsOf()).entries;
  assert.ok(entry && more.length === 0);
  return entry;
}

function leftByRules(scenario: Scenario, uses: string): readonly Version[] {
  const policy = policyOfEntry(migrated(scenario, uses).entry, "package");
  const { deletions } = computePlan(buildGraph(scenario.inventory), policy, { asOf: today });
  // A rehearsal is one step of the workflow, and none of the policy.
  return scenario.inputs["dry-run"] === "true" ? scenario.inventory.versions : without(scenario.inventory, deletions.digests()).versions;
}

function leftByOldStep(scenario: Scenario, uses: string): readonly Version[] {
  const graph = buildGraph(scenario.inventory);
  const deleted = [...(migrated(scenario, uses).oldDeletions?.(graph) ?? [])].map((node) => graph.nodes[node]?.version.digest ?? "");
  return without(scenario.inventory, deleted).versions;
}

const digests = (versions: readonly Version[]) => versions.map(({ digest }) => digest).sort();

describe("a workflow of dataaxiom/ghcr-cleanup-action, migrated", () => {
  for (const scenario of cleanupActionScenarios()) {
    const uses = "dataaxiom/ghcr-cleanup-action@v1";
    it(`${scenario.id}: the rules leave what rules written by hand leave`, () => {
      assert.deepEqual(digests(leftByRules(scenario, uses)), digests(leftBy(scenario) ?? []));
    });
    if (needTagRemoval[scenario.id] !== undefined || scenario.inputs["dry-run"] === "true") continue;
    it(`${scenario.id}: the old step is computed as it is`, () => {
      const left = leftByOldStep(scenario, uses);
      assert.deepEqual(digests(left), [...scenario.expected.digests].sort());
      assert.deepEqual(tagsOf(left), [...scenario.expected.tags].sort());
    });
  }
});

describe("a workflow of ghcr-manager/ghcr-cleanup-manager, migrated", () => {
  for (const scenario of manifestGraphScenarios()) {
    const uses = "ghcr-manager/ghcr-cleanup-manager@v1.1.12";
    it(`${scenario.id}: the rules leave what rules written by hand leave`, () => {
      assert.deepEqual(digests(leftByRules(scenario, uses)), digests(leftBy(scenario) ?? []));
    });
    // Where the peer takes off a tag, the computation has the image with that tag go.
    if (needTagRemoval[scenario.id] !== undefined || deletesWhatThePeerUntags[scenario.id] !== undefined) continue;
    it(`${scenario.id}: the old step is computed as it is`, () => {
      const left = leftByOldStep(scenario, uses);
      assert.deepEqual([left.length, tagsOf(left).length], [scenario.expected.manifestCount, scenario.expected.tagCount]);
    });
  }
});
