import assert from "node:assert/strict";
import { type FaultRequest, type Sandbox, startSandbox } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { now, PackageWorld, policyFor } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

/** The usual rules delete `pr1` and the first `prod`. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  prodBefore: { days: 80, tags: ["prod"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;

interface Scene {
  readonly world: PackageWorld;
  readonly stack: SimulatedStack;
  /** What the apply failed with. */
  readonly message: string;
}

const refusal = { kind: "status" as const, status: 403, body: { message: "You need at least write:packages scope" } };

/** What goes wrong in the package of each name. */
const plays = {
  lost: (world) => [vanish(world, partOf(world))],
  late: (world) => [unanswered(world, partOf(world), { after: 1, times: 2 })],
  silent: (world) => [unanswered(world, world.image("prod").index, { times: null })],
  gone: (world) => [vanish(world, world.image("prod").index)],
  taken: (world) => [vanish(world, partOf(world), world.image("pr1").children[0]?.digest ?? "")],
  broken: () => [],
  barred: (world) => [
    vanish(world, partOf(world)),
    { match: { method: "POST", path: "/barred/" }, after: 2, times: null, effect: refusal },
  ],
} satisfies Record<string, (world: PackageWorld) => FaultRequest[]>;

/** `linux/amd64` of `prod`. */
function partOf(world: PackageWorld): string {
  return world.image("prod").children[0]?.digest ?? "";
}

/** Somebody deletes them while the plan is carried out. */
function vanish({ repository }: PackageWorld, ...digests: string[]): FaultRequest {
  const path = `/${repository.slice("acme/".length)}/`;
  const versions = digests.map((version) => ({ package: repository, version }));
  return { match: { method: "DELETE", path }, after: 1, effect: { kind: "vanish", versions } };
}

/** The registry says that it does not know it. */
function unanswered({ repository }: PackageWorld, version: string, often: Pick<FaultRequest, "after" | "times">): FaultRequest {
  return { match: { method: "HEAD", path: `${repository}/manifests/${version}` }, ...often, effect: { kind: "status", status: 404 } };
}

describe("an image that is not complete after an apply (S6)", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let scenes: Record<keyof typeof plays, Scene>;

  before(async () => {
    sandbox = await startSandbox({ now });
    const worlds: PackageWorld[] = [];
    for (const name of Object.keys(plays)) worlds.push(await new PackageWorld(sandbox, `acme/${name}`).deploy(deployments));
    const broken = worlds[Object.keys(plays).indexOf("broken")] as PackageWorld;
    sandbox.setPackage({ package: broken.repository, versions: [{ version: partOf(broken), unknownToRegistry: true }] });
    // Each waits for GHCR to become consistent, so they wait together.
    const played = await Promise.all(Object.values(plays).map((play, place) => perform(worlds[place] as PackageWorld, play)));
    scenes = Object.fromEntries(Object.keys(plays).map((name, place) => [name, played[place]])) as typeof scenes;
  });
  after(() => sandbox?.close());

  async function perform(world: PackageWorld, play: (world: PackageWorld) => FaultRequest[]): Promise<Scene> {
    for (const fault of play(world)) sandbox.addFault(fault);
    const stack = new SimulatedStack(sandbox, policyFor(world.repository, { approval: "automatic", limits: { percent: 100 } }), 20);
    const message = await stack.up().then(
      () => "",
      (error: Error) => error.message,
    );
    return { world, stack, message };
  }

  describe("when a part is lost for good", () => {
    it("brings back all that the run deleted, and says which image lacks what", () => {
      const { world, message } = scenes.lost;
      assert.match(message, /after the deletion an image was not complete \(prod lacks sha256:[0-9a-f]{12}\)/);
      assert.match(message, /All 6 versions deleted in this run were restored; NOT COMPLETE YET/);
      assert.deepEqual(world.deleted(), [partOf(world)]);
    });

    it("brings parts back before the index that needs them", () => {
      const { world } = scenes.lost;
      const restored = sandbox.requests().filter(({ method, path }) => method === "POST" && path.includes("/lost/versions/"));
      const order = restored.map(({ path }) => digestOf(world, Number(path.split("/").at(-2))));
      assert.deepEqual([...order].sort(), world.digests("pr1", "prodBefore"));
      const { index, children } = world.image("pr1");
      for (const { digest } of children) assert.ok(order.indexOf(digest) < order.indexOf(index));
    });

    it("holds nothing as deleted, and does not try it again by itself", async () => {
      const { stack, world } = scenes.lost;
      assert.deepEqual(stack.outputs.ledger, {});
      await stack.up();
      assert.deepEqual(world.deleted(), [partOf(world)]);
    });
  });

  describe("when a part only answers late", () => {
    it("waits, and undoes nothing", async () => {
      const { world, message } = scenes.late;
      assert.equal(message, "");
      assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore"));
      await assertComplete(world, "main-1", "prod");
    });
  });

  describe("when GitHub lists the image and the registry does not know it any more", () => {
    it("brings back all that the run deleted", () => {
      const { world, message } = scenes.silent;
      assert.match(message, /prod lacks sha256:[0-9a-f]{12}\)\. All 6 versions deleted in this run were restored/);
      assert.deepEqual(world.deleted(), []);
    });
  });

  describe("when somebody else deleted the image", () => {
    it("is no reason to undo anything", () => {
      const { world, message } = scenes.gone;
      assert.equal(message, "");
      assert.deepEqual(world.deleted(), [...world.digests("pr1", "prodBefore"), world.image("prod").index].sort());
    });
  });

  describe("when somebody else deleted a part of what the run deleted, too", () => {
    it("brings back nothing that would lack it, and nothing that it did not delete itself", () => {
      const { world, stack, message } = scenes.taken;
      const [taken = ""] = world.image("pr1").children.map(({ digest }) => digest);
      const stay = [world.image("pr1").index, taken];
      assert.deepEqual(world.deleted(), [...stay, partOf(world)].sort());
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), [...stay].sort());
      assert.match(
        message,
        /4 of the 5 versions deleted in this run were restored; sha256:\w{12} stays deleted, since somebody else deleted sha256:\w{12} of it; NOT/,
      );
    });
  });

  describe("when the registry did not know that part before", () => {
    it("is no reason to undo anything", () => {
      const { world, message } = scenes.broken;
      assert.equal(message, "");
      assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore"));
    });
  });

  describe("when the way back is barred half-way", () => {
    it("says so, and the ledger holds what is still deleted", () => {
      const { world, stack, message } = scenes.barred;
      assert.match(message, /write:packages/);
      const gone = world.deleted().filter((digest) => digest !== partOf(world));
      assert.equal(gone.length, 4);
      assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), gone);
    });

    it("still says which image is not complete", () => {
      assert.match(scenes.barred.message, /prod lacks sha256:[0-9a-f]{12}.*Only 2 of the 6 versions deleted in this run could be restored/);
    });
  });

  function digestOf(world: PackageWorld, id: number): string {
    return sandbox.package(world.repository)?.versions.find((version) => version.id === id)?.digest ?? "";
  }
});
