import assert from "node:assert/strict";
import type { Graph, Node } from "../../../components/graph/graph";
import { connect } from "../../../components/inventory/connection";
import { takeInventory } from "../../../components/inventory/take-inventory";
import { neighboursNamedBy } from "../../../components/plan/neighbours";
import { computePlan, type Plan } from "../../../components/plan/plan";
import { dayOf } from "../../../components/plan/plan-id";
import type { PolicyInput } from "../../../components/rules/policy";
import type { Sandbox } from "../../../sandbox";
import { policyOf, type RuleInput } from "../builders/policy";
import { callApi } from "../emulator/calls";

/** The day after which everything pushed is old. */
export const planDay = "2024-03-01T00:00:00Z";

export const keepProd: RuleInput = { name: "keep-prod", action: "keep", tags: ["prod"] };
export const dropDangling: RuleInput = { name: "drop-dangling", action: "delete", dangling: true };
export const dropBroken: RuleInput = { name: "drop-broken", action: "delete", broken: true };
export const dropUntagged: RuleInput = { name: "drop-untagged", action: "delete", untagged: true };
export const dropRest: RuleInput = { name: "drop-rest", action: "delete", olderThan: "30d" };

/** What a look at a package came to. */
export interface World {
  readonly graph: Graph;
  readonly plan: Plan;
}

/** Looks and plans months after everything was pushed: `prod` stays and everything else goes, unless told. */
export async function worldOf(
  sandbox: Sandbox,
  { rules = [keepProd, dropRest], repository = "logto-io/logto", readAll = false, ...more }: WorldOptions = {},
): Promise<World> {
  sandbox.setClock(planDay);
  const [owner = "", ...name] = repository.split("/");
  const policy = policyOf(rules, { owner, package: name.join("/"), ...more });
  const { githubApiUrl, registryUrl, token } = sandbox;
  const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 10);
  const planOf = (graph: Graph) => computePlan(graph, policy, { asOf: dayOf(graph.inventory.now) });
  const { graph } = await takeInventory(
    connection,
    { owner: policy.owner, name: policy.package },
    {
      neighbours: neighboursNamedBy(policy.rules),
      manifestsToRead: (graph) => (readAll ? unreadIn(graph) : planOf(graph).unread),
      unreadable: policy.unreadable,
    },
  );
  return { graph, plan: planOf(graph) };
}

export interface WorldOptions extends Partial<PolicyInput> {
  readonly rules?: RuleInput[];
  readonly repository?: string;
  /** Also what decides nothing. */
  readonly readAll?: boolean;
}

function unreadIn({ nodes }: Graph): string[] {
  return nodes.filter(({ manifest }) => manifest === undefined).map(({ version }) => version.digest);
}

export function nodeAt({ graph }: World, digest: string): Node {
  const node = graph.nodes[graph.byDigest.get(digest) ?? -1];
  assert.ok(node, `${digest} is not in the package`);
  return node;
}

/** What a version is for those that keep it: `["linux/arm64"]`. */
export function labelsOf({ graph }: World, digest: string): string[] {
  const place = graph.byDigest.get(digest);
  return graph.keeps.flatMap((edges) => edges.filter(({ to }) => to === place).map(({ as }) => as)).sort();
}

/** Deletes what the plan says, in its order and as the API allows; then nothing may be left to do. */
export async function carryOut(sandbox: Sandbox, { plan, graph }: World, options: WorldOptions = {}): Promise<void> {
  const { owner, name } = graph.inventory.package;
  for (const { id } of plan.deletions.inOrder()) {
    const path = `/orgs/${owner}/packages/container/${encodeURIComponent(name)}/versions/${id}`;
    assert.equal((await callApi(sandbox, path, { method: "DELETE" })).status, 204);
  }
  const after = await worldOf(sandbox, options);
  assert.deepEqual(after.plan.deletions.digests(), []);
}

/** Somebody deletes a version through GitHub's API, asking nobody. */
export async function deleteByHand(sandbox: Sandbox, digest: string, repository = "logto-io/logto"): Promise<void> {
  const [owner, ...name] = repository.split("/");
  const id = sandbox.package(repository)?.versions.find((version) => version.digest === digest)?.id;
  const path = `/orgs/${owner}/packages/container/${encodeURIComponent(name.join("/"))}/versions/${id}`;
  assert.equal((await callApi(sandbox, path, { method: "DELETE" })).status, 204);
}
