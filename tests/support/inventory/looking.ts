import assert from "node:assert/strict";
import { connect } from "../../../components/inventory/connection";
import { type InventoryOptions, type Observation, takeInventory } from "../../../components/inventory/take-inventory";
import type { FaultMatch, FaultRequest, Sandbox } from "../../../sandbox";

export const name = { owner: "logto-io", name: "logto" };
export const repository = "logto-io/logto";

/** Looks at the package with hardly a wait between tries; reads everything unless told. */
export function lookAt(sandbox: Sandbox, options: Partial<InventoryOptions> = {}, token = sandbox.token): Promise<Observation> {
  const { githubApiUrl, registryUrl } = sandbox;
  const connection = connect({ githubApiUrl, registryUrl, deletionsPerMinute: 100_000, cacheFolder: undefined }, token, 1);
  const readAll: InventoryOptions["manifestsToRead"] = (graph) =>
    graph.nodes.filter(({ manifest }) => manifest === undefined).map(({ version }) => version.digest);
  return takeInventory(connection, name, { manifestsToRead: readAll, unreadable: [], ...options });
}

/** The look fails with exactly this message: a {@link RetentionError}, on one line and without the token. */
export async function assertStops(sandbox: Sandbox, message: string | RegExp, options: Partial<InventoryOptions> = {}): Promise<void> {
  await assert.rejects(lookAt(sandbox, options), (error: Error) => {
    assert.equal(error.name, "RetentionError");
    if (typeof message === "string") assert.equal(error.message, `${repository}${message}`);
    else assert.match(error.message, message);
    assert.equal(error.message.includes(sandbox.token), false);
    assert.equal(error.message.includes("\n"), false);
    return true;
  });
}

/** How often requests whose path fits were made. */
export function countRequests(sandbox: Sandbox, path: string | RegExp): number {
  return sandbox.requests().filter((request) => (typeof path === "string" ? request.path.includes(path) : path.test(request.path))).length;
}

/** A fault that strikes the first so many of the requests; all of them when `times` is null. */
export function strike(sandbox: Sandbox, match: FaultMatch, effect: FaultRequest["effect"], times: number | null = null): void {
  sandbox.addFault({ match, times, effect });
}

/** Everything is there and nothing is obscure. */
export function assertWhole({ graph }: Observation, versions: number): void {
  assert.equal(graph.nodes.length, versions);
  assert.deepEqual(graph.unclassified, []);
}
