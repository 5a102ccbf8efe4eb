import assert from "node:assert/strict";
import type { Effect } from "./effects";
import { type Point, usualDeletions } from "./points";
import { repository, Scene } from "./scene";

export interface Cell {
  readonly point: Point;
  readonly effect: Effect;
}

/** What came of the run with the fault. */
export type Outcome = "went on" | "stopped" | "undone";

/** Plays one cell, checks what is there after the run with the fault and after one more without it; throws on anything lost. */
export async function play({ point, effect }: Cell): Promise<Outcome> {
  const scene = await Scene.open(effect.world ?? point.world ?? "usual");
  try {
    await scene.approve();
    if (point.run === "restore" || point.run === "refresh") await scene.stack.up();
    prepare(scene, point);
    scene.sandbox.clearRequests();
    const outcome = await runWithFault(scene, { point, effect });
    assert.ok(struck(scene), "the fault struck nothing");
    noteVanished(scene, point);
    // What somebody deletes while it is being restored is restored by the next run.
    const deletesAgain = point.run === "restore" && effect.kind === "vanish";
    if (point.run !== "refresh" && !deletesAgain) assertNothingLost(scene, point);
    if (outcome === "went on" && point.run === "delete" && point.since !== "the program's look") assertLedgerComplete(scene);
    if (outcome === "stopped" && isBeforeDeletions(point) && effect.kind !== "stale")
      assert.deepEqual(scene.gone(), [...scene.vanished].sort());

    scene.recover();
    if (point.run === "refresh") await scene.stack.refresh();
    await scene.stack.up();
    assertNothingLost(scene, point);
    assertEnd(scene, { point, effect }, outcome);
    assert.equal((await scene.stack.preview()).changes, false, "the next preview has something to do");
    return outcome;
  } finally {
    await scene.sandbox.close();
  }
}

const faultId = "the fault";

async function runWithFault(scene: Scene, { point, effect }: Cell): Promise<Outcome> {
  const { stack, sandbox } = scene;
  const fault = {
    id: faultId,
    match: { ...point.match, ...effect.match },
    after: point.after ?? 0,
    times: effect.times ?? null,
    effect: typeof effect.effect === "function" ? effect.effect(scene) : effect.effect,
  };
  const strike = () => {
    sandbox.addFault(fault);
    effect.afterwards?.(scene);
  };
  const { since } = point;
  if (since === "the program's look") strike();
  const arm = () => {
    if (since === "the apply") strike();
    if (typeof since === "string") return;
    const call = () => {
      strike();
      return undefined;
    };
    sandbox.addFault({ id: "armed", match: { method: since.method }, after: since.count - 1, effect: { kind: "call", call } });
  };
  try {
    if (point.run === "refresh") {
      arm();
      await stack.refresh();
    } else {
      await stack.up(arm);
    }
    return "went on";
  } catch (error) {
    return /after the deletion an image was not complete/.test((error as Error).message) ? "undone" : "stopped";
  }
}

function prepare(scene: Scene, { run }: Point): void {
  const { sandbox, stack, images } = scene;
  if (run === "restore") {
    sandbox.setSwitches({ tagsReturnOnRestore: false });
    stack.policy = { ...stack.policy, restore: [scene.planId] };
  }
  if (run === "refresh") {
    scene.restoreByHand(images.pr1.children[0]?.manifest.digest ?? "");
    scene.restoreByHand(images.pr1.index.digest);
  }
  if (run === "undo") {
    // It is asked for once before the deletions, and four times after them.
    const path = `/manifests/${images.prod.children[0]?.manifest.digest}`;
    sandbox.addFault({ match: { method: "HEAD", path }, after: 1, times: 4, effect: { kind: "status", status: 404 } });
  }
}

function struck({ sandbox }: Scene): boolean {
  return sandbox.faults().some(({ id, struck }) => id === faultId && struck > 0);
}

/** Gone, and deleted by nobody's request: the fault did it. */
function noteVanished(scene: Scene, point: Point): void {
  const byRequest = new Set(
    scene.sandbox
      .requests()
      .filter(({ method, status, faults }) => method === "DELETE" && (status === 204 || faults.length > 0))
      .map(({ path }) => Number(path.split("/").at(-1))),
  );
  // What was deleted before is no business of this run.
  if (point.run === "restore") return;
  const { deleted = [] } = scene.sandbox.package(repository) ?? {};
  const gone = new Set(scene.gone());
  for (const { id, digest } of deleted) if (gone.has(digest) && !byRequest.has(id)) scene.vanished.add(digest);
}

/** What was approved and is gone is in the ledger, whoever deleted it. */
function assertLedgerComplete(scene: Scene): void {
  const gone = scene.gone().filter((digest) => scene.approved.has(digest));
  assert.deepEqual(scene.ledger(), gone, "the ledger after the run");
}

function isBeforeDeletions({ run, since, after }: Point): boolean {
  return run === "delete" && typeof since === "string" && (after ?? 0) === 0;
}

/** Every image that is there is whole, and nothing is gone that nobody approved. */
function assertNothingLost(scene: Scene, { run }: Point): void {
  const present = new Set(scene.present());
  const lacking = [...present].flatMap((digest) =>
    scene
      .childrenOf(digest)
      .filter((child) => !present.has(child) && !scene.vanished.has(child))
      .map((child) => `${scene.tagsOf(digest)} ${digest} lacks ${child}`),
  );
  assert.deepEqual(lacking, []);
  const gone = scene.gone();
  assert.deepEqual(
    gone.filter((digest) => !scene.approved.has(digest) && !scene.vanished.has(digest)),
    [],
    "gone without approval",
  );
  const own = gone.filter((digest) => scene.approved.has(digest));
  const ledger = scene.ledger();
  assert.deepEqual(
    ledger.filter((digest) => !own.includes(digest)),
    [],
    "in the ledger and not gone",
  );
  // What somebody else took is found by the next run at the latest.
  if (run !== "refresh")
    assert.deepEqual(
      own.filter((digest) => !ledger.includes(digest) && !scene.vanished.has(digest)),
      [],
      "gone and not in the ledger",
    );
}

/** What was approved is gone, unless something needs it or the run undid it. */
function assertEnd(scene: Scene, { point, effect }: Cell, outcome: Outcome): void {
  const gone = scene.gone().filter((digest) => scene.approved.has(digest));
  // What somebody else deleted before the run is theirs, and may be in the ledger or not.
  const vanishedEarly = point.since === "the program's look" ? scene.vanished : new Set<string>();
  const ours = (digests: readonly string[]) => digests.filter((digest) => !vanishedEarly.has(digest));
  assert.deepEqual(ours(scene.ledger()), ours(gone), "the ledger at the end");
  if (point.run === "restore") {
    assert.deepEqual(gone, []);
    assert.ok(scene.tagsOf(scene.images.pr1.index.digest).includes("pr-1"), "the tag is not back");
    return;
  }
  if (point.run === "refresh") {
    assert.equal(gone.length, usualDeletions - 2);
    return;
  }
  const refused = scene.stack.outputs.refused;
  const needed = neededNow(scene);
  const left = [...scene.approved].filter((digest) => !gone.includes(digest) && !needed.has(digest) && refused[digest] === undefined);
  assert.deepEqual(left, [], "approved, needed by nothing, and still there");
  const mayRefuse = effect.kind === "refuse" || outcome === "undone" || point.run === "undo";
  if (!mayRefuse) assert.deepEqual(refused, {});
  if (!mayRefuse && effect.kind !== "push" && effect.afterwards === undefined) assert.deepEqual(gone, [...scene.approved].sort());
}

/** Everything below what was not approved, or carries a tag that it did not have. */
function neededNow(scene: Scene): Set<string> {
  const own = ["pr-"];
  const roots = scene
    .present()
    .filter((digest) => !scene.approved.has(digest) || scene.tagsOf(digest).some((tag) => !own.some((prefix) => tag.startsWith(prefix))));
  const needed = new Set<string>();
  const queue = [...roots];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    queue.push(...scene.childrenOf(next));
  }
  return needed;
}
