import type { Content, Sandbox } from "../../../../sandbox";
import { buildImage, buildIndex, descriptorOf } from "../../../../sandbox";
import type { Oracle } from "./oracle";
import type { Scheduler } from "./scheduler";
import { type Piece, repository, signatureOf, type World } from "./worlds";

/** What an action acts on. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly scheduler: Scheduler;
  readonly oracle: Oracle;
  readonly world: World;
}

/** A step of an action, which nobody interrupts. Says what came of it; `undefined` ends the action. */
type Step = (stage: Stage) => string | undefined;

/** What somebody else does, or what befalls a run, in one step or in several with others in between. */
export interface Action {
  readonly actor: "pusher" | "person" | "GitHub" | "machine";
  readonly name: string;
  readonly steps: readonly Step[];
}

const newPart = buildImage("linux/amd64", { seed: "new" }).manifest;
const dummy = buildImage("linux/amd64", { seed: "dummy" }).manifest;

function action(actor: Action["actor"], name: string, ...steps: readonly Step[]): Action {
  return { actor, name, steps };
}

function pieceOf({ pieces, name: world }: World, name: string): Piece {
  const found = pieces[name];
  if (found === undefined) throw new Error(`${world} has no ${name}`);
  return found;
}

/** The parts of `gone`, as far as this world has them. */
function partsOfGone({ pieces }: World): string[] {
  return ["a", "inner", "b"].filter((name) => pieces[name] !== undefined);
}

function digestOf(world: World, name: string): string {
  return pieceOf(world, name).content.digest;
}

function packageOf({ sandbox }: Stage) {
  const found = sandbox.store.find(repository);
  if (found === undefined) throw new Error(`no package ${repository}`);
  return found;
}

function isThere(stage: Stage, name: string): boolean {
  return packageOf(stage).byDigest(digestOf(stage.world, name)) !== undefined;
}

function pushed({ sandbox, oracle }: Stage, { digest, mediaType, bytes }: Content, tag?: string): string {
  oracle.somebody(() => sandbox.store.push({ repository, digest, mediaType, manifest: bytes, tag }));
  if (tag !== undefined) oracle.tagged(tag, digest);
  return "201";
}

function push(content: (world: World) => Content, tag?: string): Step {
  return (stage) => pushed(stage, content(stage.world), tag);
}

/** A client looks for what it needs and pushes what is missing, before it pushes what needs it. */
function pushMissing(names: (world: World) => readonly string[]): Step {
  return (stage) => {
    const missing = names(stage.world).filter((name) => !isThere(stage, name));
    for (const name of missing) pushed(stage, pieceOf(stage.world, name).content);
    return missing.length === 0 ? "all there" : `pushes ${missing.join(", ")}`;
  };
}

function lookFor(name: string): Step {
  return (stage) => (isThere(stage, name) ? "there" : undefined);
}

function deleteByHand(name: string): Step {
  return (stage) => {
    const pkg = packageOf(stage);
    const version = pkg.byDigest(digestOf(stage.world, name));
    if (version === undefined) return "404";
    stage.oracle.somebody(() => stage.sandbox.store.delete(pkg, version));
    return "204";
  };
}

function restoreByHand(name: string): Step {
  return (stage) => {
    const pkg = packageOf(stage);
    const version = pkg.deletedByDigest(digestOf(stage.world, name));
    if (version === undefined || isThere(stage, name)) return "404";
    stage.oracle.somebody(() => stage.sandbox.store.restore(pkg, version));
    return "204";
  };
}

function lag(times: number | null): Step {
  return ({ sandbox, oracle }) => {
    sandbox.addFault({ id: "lag", times, effect: { kind: "stale-list" } });
    oracle.lagsFromNow();
    return "";
  };
}

const content = (name: string) => (world: World) => pieceOf(world, name).content;

function newIndex(world: World): Content {
  const parts = ["a", "kept"].map((name) => descriptorOf(pieceOf(world, name).content));
  return buildIndex(parts, { annotations: { name: "v9" } });
}

export const actions = {
  push: action(
    "pusher",
    "pushes an index over an old child",
    pushMissing(() => ["a"]),
    push(newIndex, "v9"),
  ),
  pushNew: action(
    "pusher",
    "pushes an image, its part first",
    push(() => newPart),
    push(() => buildIndex([descriptorOf(newPart)]), "v8"),
  ),
  move: action("pusher", "moves prod to what is going", lookFor("gone"), push(content("gone"), "prod")),
  tag: action("pusher", "tags an untagged version that is going", lookFor("spare"), push(content("spare"), "v2")),
  sign: action(
    "pusher",
    "signs what is going",
    lookFor("gone"),
    push((world) => signatureOf(pieceOf(world, "gone").content, "new")),
  ),
  pushAgain: action("pusher", "pushes what is going once more", pushMissing(partsOfGone), push(content("gone"), "pr-1")),
  pushPart: action("pusher", "pushes a part once more", push(content("a"))),
  untag: action(
    "person",
    "puts prod on something else",
    push(() => dummy, "prod"),
  ),
  deletePart: action("person", "deletes a part of what is going", deleteByHand("a")),
  deleteGoing: action("person", "deletes what is going", deleteByHand("gone")),
  deleteKept: action("person", "deletes a part of prod", deleteByHand("kept")),
  restorePart: action("person", "restores a part", restoreByHand("a")),
  restoreAll: action("person", "restores an image", restoreByHand("a"), restoreByHand("gone")),
  refuse: action("GitHub", "refuses to delete the image from now on", (stage) => {
    const id = packageOf(stage).byDigest(digestOf(stage.world, "gone"))?.id;
    if (id === undefined) return undefined;
    const match = { method: "DELETE", pattern: `/versions/${id}$` };
    stage.sandbox.addFault({ id: "refusal", match, times: null, effect: { kind: "refuse" } });
    return "";
  }),
  lag: action("GitHub", "lists what was there until now, twice", lag(2)),
  lagOn: action("GitHub", "lists what was there until now, for good", lag(null)),
  fail: action("GitHub", "carries out the next change and answers 500", ({ sandbox }) => {
    sandbox.addFault({ id: "500", match: { method: ["DELETE", "POST", "PUT"] }, effect: { kind: "status", status: 500, handled: true } });
    return "";
  }),
  drop: action("GitHub", "carries out the next request and loses the answer", ({ sandbox }) => {
    sandbox.addFault({ id: "drop", effect: { kind: "drop", handled: true } });
    return "";
  }),
  kill: action("machine", "kills the apply", ({ scheduler, oracle }) => {
    scheduler.kill("apply");
    oracle.killed("apply");
    return "";
  }),
} as const satisfies Record<string, Action>;
export type ActionName = keyof typeof actions;
