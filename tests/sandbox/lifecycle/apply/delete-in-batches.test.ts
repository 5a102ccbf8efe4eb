import assert from "node:assert/strict";
import { buildImage, type SeedVersion, startSandbox } from "../../../../sandbox";
import { now, policyFor } from "../../../support/engine/world";
import { requests, usualDeletions } from "../../../support/lifecycle/fault-matrix/points";
import { indexOverApproved, pushed, Scene } from "../../../support/lifecycle/fault-matrix/scene";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

describe("the batches of an apply", function () {
  this.timeout(60_000);

  const repository = "acme/shop";
  const image = (name: string, tags: string[], days: number): SeedVersion => ({
    package: repository,
    tags,
    createdAt: new Date(Date.parse(now) - days * 86_400_000).toISOString(),
    manifest: buildImage("linux/amd64", { seed: name }).manifest.bytes.toString(),
  });
  const several = (count: number, tag: string, days: number) =>
    Array.from({ length: count }, (_, place) => image(`${tag} ${place}`, [`${tag}-${place}`], days));

  /** How many versions one apply deletes between one look at the package and the next. */
  async function batchesOf(expired: number, staying: number, deletions = 1_000): Promise<number[]> {
    const sandbox = await startSandbox({ now });
    try {
      sandbox.seed([...several(expired, "pr", 100), ...several(staying, "main", 1)]);
      const stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }), 1);
      const { inputs } = await stack.up();
      stack.policy = { ...stack.policy, approve: inputs.pending?.id, limits: { percent: 100, deletions } };
      sandbox.clearRequests();
      await stack.up();
      const letters = sandbox.requests().map(({ method, path }) => (method === "DELETE" ? "d" : path.includes("state=active") ? "l" : ""));
      return letters
        .join("")
        .split(/l+/)
        .map((batch) => batch.length)
        .filter((length) => length > 0);
    } finally {
      await sandbox.close();
    }
  }

  it("are of thirty versions where the package is small", async () => {
    assert.deepEqual(await batchesOf(32, 10), [30, 2]);
  });

  it("grow with the pages that are read before each", async () => {
    assert.deepEqual(await batchesOf(44, 557), [42, 2]);
  });

  it("end where the limit of one run is reached", async () => {
    assert.deepEqual(await batchesOf(34, 10, 32), [30, 2]);
  });
});

describe("what an apply finds changed", function () {
  this.timeout(60_000);

  /** With what is deleted before. */
  const everything = 14;
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open("usual");
    await scene.approve();
  });
  afterEach(() => scene.sandbox.close());

  const loseNetwork = () => scene.sandbox.addFault({ times: null, effect: { kind: "drop" } });
  const refuseAll = () => {
    scene.sandbox.addFault({ match: requests.delete, times: null, effect: { kind: "refuse", reason: "not-admin" } });
  };

  /** From now on what was deleted still answers, and counts. */
  function lagBehind(): void {
    const body = JSON.stringify({ id: 1, name: "app", package_type: "container", version_count: everything });
    scene.sandbox.addFault({
      match: requests.count,
      times: null,
      effect: { kind: "body", body, headers: {} },
    });
    scene.sandbox.addFault({ times: null, effect: { kind: "stale-read" } });
  }

  describe("when it breaks off, and somebody pushed what needs a part that is gone", () => {
    it("brings all of it back, and tells both", async () => {
      scene.before("DELETE", 3, () => {
        scene.sandbox.seed([indexOverApproved]);
        refuseAll();
      });
      await assert.rejects(
        scene.stack.up(),
        /answered 404: Package not found.* after the deletion an image was not complete \(v9@sha256:[0-9a-f]{12} lacks .* every retained image is complete again/,
      );
      assert.deepEqual(scene.gone(), []);
      assert.deepEqual(scene.ledger(), []);
      assert.deepEqual(scene.stack.outputs.unproven, []);
    });
  });

  describe("when it breaks off, and somebody else took a version of the plan before", () => {
    it("has that in the ledger, too, as not verified yet", async () => {
      const { digest } = scene.images.pr1.index;
      scene.deleteByHand(digest);
      scene.before("DELETE", 2, refuseAll);
      await assert.rejects(scene.stack.up(), /Package not found/);
      assert.equal(scene.gone().length, 3);
      assert.ok(scene.gone().includes(digest));
      assert.deepEqual(scene.ledger(), scene.gone());
      assert.deepEqual([...(scene.stack.outputs.unproven ?? [])].sort(), scene.gone());
    });
  });

  describe("when a run before broke off unverified", () => {
    beforeEach(async () => {
      scene.before("DELETE", usualDeletions, loseNetwork);
      await assert.rejects(scene.stack.up(), /could not be reached/);
      scene.recover();
      assert.equal(scene.stack.outputs.unproven?.length, usualDeletions);
    });

    it("takes what somebody brought back out of the ledger", async () => {
      const [part = ""] = scene.images.before.children.map(({ manifest }) => manifest.digest);
      scene.restoreByHand(part);
      await scene.stack.up();
      assert.ok(scene.present().includes(part));
      assert.deepEqual(scene.ledger(), [...scene.approved].filter((digest) => digest !== part).sort());
    });

    it("does not take a list that is out of date for that", async () => {
      lagBehind();
      await scene.stack.up();
      assert.deepEqual(scene.ledger(), [...scene.approved].sort());
    });

    it("forgets what GitHub can restore no longer", async () => {
      scene.sandbox.advanceClock(31 * 86_400);
      await scene.stack.up();
      assert.deepEqual(scene.ledger(), []);
      assert.equal(scene.stack.outputs.unproven, undefined);
    });
  });

  describe("when GitHub's list still shows what it deleted", () => {
    it("has it in the ledger all the same", async () => {
      scene.before("DELETE", usualDeletions, lagBehind);
      await scene.stack.up();
      assert.deepEqual(scene.ledger(), [...scene.approved].sort());
    });
  });

  describe("when a version of it is there all the same", () => {
    it("does not believe that it was gone", async () => {
      const effect = { kind: "status", status: 404, body: { message: "Package version not found." } } as const;
      scene.sandbox.addFault({ match: requests.delete, after: usualDeletions - 1, times: 1, effect });
      await scene.stack.up();
      assert.equal(scene.gone().length, usualDeletions - 1);
      assert.deepEqual(scene.ledger(), scene.gone());
      await scene.stack.up();
      assert.deepEqual(scene.gone(), [...scene.approved].sort());
      assert.deepEqual(scene.ledger(), scene.gone());
    });

    it("leaves out of the ledger what somebody pushed again meanwhile", async () => {
      const { before } = scene.images;
      const again = [before.index, ...before.children.map(({ manifest }) => manifest)].map(({ digest }) => digest);
      scene.before("DELETE", usualDeletions, () => {
        const call = () => void scene.sandbox.seed(pushed(before, 0, ["v7"]));
        scene.sandbox.addFault({ match: requests.list, times: 1, effect: { kind: "call", call } });
      });
      await scene.stack.up();
      for (const digest of again) assert.ok(scene.present().includes(digest), digest);
      assert.deepEqual(scene.ledger(), [...scene.approved].filter((digest) => !again.includes(digest)).sort());
    });
  });

  describe("when an hour passes between two deletions", () => {
    it("dates each by GitHub's answer to it", async () => {
      scene.before("DELETE", 2, () => scene.sandbox.advanceClock(3_600));
      await scene.stack.up();
      const lines = scene.ledger().map((digest) => scene.stack.outputs.ledger[digest] ?? "");
      const times = lines.map((line) => /T(\d\d:\d\d)/.exec(line)?.[1]);
      assert.deepEqual(times.sort(), ["12:00", "13:00", "13:00", "13:00", "13:00"]);
    });
  });

  describe("when GitHub does not tell what was deleted", () => {
    it("writes down what somebody else took without its tags and its id", async () => {
      const { digest } = scene.images.pr1.index;
      scene.sandbox.addFault({ match: requests["list of deleted"], times: null, effect: { kind: "status", status: 403 } });
      await scene.stack.up(() => scene.deleteByHand(digest));
      assert.match(scene.stack.outputs.ledger[digest] ?? "", /^0 \S+ \S+: /);
    });
  });
});
