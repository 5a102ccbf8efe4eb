import assert from "node:assert/strict";
import type { PolicyInput } from "../../../../components/rules/policy";
import { pushContent, type Sandbox, type SwitchChanges, startSandbox } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { now, PackageWorld, policyFor } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";

/** The usual rules delete `pr1`, `pr2` and the first `prod`; `prod` and `main` stay. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1", "pr-one"] },
  prodBefore: { days: 80, tags: ["prod"] },
  pr2: { days: 70, tags: ["pr-2"] },
  prod: { days: 50, tags: ["prod"] },
  main: { days: 30, tags: ["main-1"] },
} as const;
const kept = ["main-1", "prod"];

describe("a restoration", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  let planId: string;

  beforeEach(() => deleteThem({}));
  afterEach(() => sandbox.close());

  /** A package after its plan was approved and carried out. */
  async function deleteThem(switches: SwitchChanges): Promise<void> {
    await sandbox?.close();
    sandbox = await startSandbox({ now, switches });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }));
    planId = (await stack.up()).inputs.pending?.id ?? "";
    stack.policy = { ...stack.policy, approve: planId };
    await stack.up();
    assert.deepEqual(world.deleted(), world.digests("pr1", "pr2", "prodBefore"));
  }

  function restore(...references: NonNullable<PolicyInput["restore"]>): void {
    stack.policy = { ...stack.policy, restore: references };
  }

  const ledger = () => Object.keys(stack.outputs.ledger).sort();

  describe("when a tag is named", () => {
    it("previews the whole image, and brings back nothing yet", async () => {
      restore("pr-1");
      const { inputs, changes } = await stack.preview();
      assert.equal(changes, true);
      assert.deepEqual(Object.keys(inputs.restoring ?? {}).sort(), world.digests("pr1"));
      assert.deepEqual(Object.keys(inputs.deletions).sort(), world.digests("pr2", "prodBefore"));
      assert.deepEqual(world.deleted(), world.digests("pr1", "pr2", "prodBefore"));
    });

    it("brings back the image with its parts and all its tags, and nothing else", async () => {
      restore("pr-1");
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr2", "prodBefore"));
      assert.deepEqual(ledger(), world.digests("pr2", "prodBefore"));
      await assertComplete(world, ...kept, "pr-1", "pr-one");
      assert.doesNotMatch(stack.said.join("\n"), /warning/);
      assert.equal((await stack.preview()).changes, false);
    });

    it("brings parts back before the index that needs them", async () => {
      restore("pr-1");
      const ids = new Map(sandbox.package(repository)?.deleted.map(({ id, digest }) => [String(id), digest]));
      sandbox.clearRequests();
      await stack.up();
      const restored = sandbox.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/restore"));
      const order = restored.map(({ path }) => ids.get(path.split("/").at(-2) ?? ""));
      assert.equal(order.length, 5);
      assert.equal(order.at(-1), world.image("pr1").index);
    });

    it("pulls all of it, layers included", async () => {
      restore("pr-1");
      sandbox.clearRequests();
      await stack.up();
      const pulled = new Set(
        sandbox
          .requests()
          .filter(({ method, path }) => method === "GET" && path.includes("/blobs/"))
          .map(({ path }) => path.split("/").at(-1)),
      );
      const { children, attestations } = world.image("pr1").built;
      for (const part of [...children, ...attestations]) for (const { digest } of part.blobs) assert.ok(pulled.has(digest), digest);
    });
  });

  describe("when a digest is named", () => {
    it("brings back the image that it is a part of", async () => {
      restore(world.image("pr2").children[0]?.digest ?? "");
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore"));
      await assertComplete(world, ...kept, "pr-2");
    });
  });

  describe("when a plan is named", () => {
    it("brings back all that it deleted, but for tags that are elsewhere by now", async () => {
      restore(planId);
      await stack.up();
      assert.deepEqual(world.deleted(), []);
      assert.deepEqual(ledger(), []);
      await assertComplete(world, ...kept, "pr-1", "pr-2", "pr-one");
      assert.ok(world.present().includes(world.image("prodBefore").index));
    });
  });

  describe("when somebody has brought it back by hand before", () => {
    it("leaves the ledger with all its parts, although nobody has read them since", async () => {
      await deleteThem({ tagsReturnOnRestore: false });
      const pkg = sandbox.store.find(repository);
      const gone = new Set(world.digests("pr1"));
      for (const version of pkg?.deleted.all() ?? []) if (pkg && gone.has(version.digest)) sandbox.store.restore(pkg, version);
      // It is young by that, so the rules ask for none of its parts.
      for (const tag of ["pr-1", "pr-one"]) await world.tag("pr1", tag);
      restore("pr-1");
      await stack.up();
      assert.deepEqual(ledger(), world.digests("pr2", "prodBefore"));
      await assertComplete(world, ...kept, "pr-1", "pr-one");
      assert.equal((await stack.preview()).changes, false);
    });
  });

  describe("when it stays in the policy", () => {
    it("is protected, and goes again only once it is taken out and approved anew", async () => {
      restore("pr-1");
      await stack.up();
      sandbox.advanceClock(3 * 86_400);
      const { inputs } = await stack.up();
      assert.equal(inputs.pending, undefined);
      restore();
      const next = await stack.up();
      assert.deepEqual(Object.keys(next.inputs.pending?.deletions ?? {}).sort(), world.digests("pr1"));
      assert.deepEqual(world.deleted(), world.digests("pr2", "prodBefore"));
    });
  });

  describe("when GHCR behaves in one way or the other", () => {
    const ways: readonly SwitchChanges[] = [
      { tagsReturnOnRestore: false },
      { tagsReturnOnRestore: true },
      { tagsReturnOnRestore: false, deletedListsTags: false },
      { updatedAtOnRestore: true, tagsReturnOnRestore: false },
      { requireChildren: true, tagsReturnOnRestore: false },
    ];
    for (const way of ways) {
      it(`brings back the same: ${JSON.stringify(way)}`, async () => {
        await deleteThem(way);
        restore("pr-1", "pr-2");
        await stack.up();
        assert.deepEqual(world.deleted(), world.digests("prodBefore"));
        await assertComplete(world, ...kept, "pr-1", "pr-2", "pr-one");
        assert.equal((await stack.preview()).changes, false);
      });
    }

    for (const way of [
      { repushOfDeleted: "revive" },
      { repushOfDeleted: "new-version", deletedListedAfterRepush: true },
      { repushOfDeleted: "new-version", deletedListedAfterRepush: false },
    ] satisfies SwitchChanges[]) {
      it(`takes what somebody pushed again as it is: ${JSON.stringify(way)}`, async () => {
        await deleteThem({ ...way, tagsReturnOnRestore: false });
        const [part] = world.image("pr1").built.children;
        if (part) await pushContent(world.target, part.manifest);
        restore("pr-1");
        await stack.up();
        assert.ok(world.digests("pr1").every((digest) => world.present().includes(digest)));
        await assertComplete(world, ...kept, "pr-1", "pr-one");
        assert.equal((await stack.preview()).changes, false);
      });
    }
  });

  describe("when a tag is on another image by now", () => {
    it("leaves it there, and brings back the image", async () => {
      await world.tag("main", "pr-1");
      restore("pr-1");
      await stack.up();
      const holder = sandbox.package(repository)?.versions.find(({ tags }) => tags.includes("pr-1"));
      assert.equal(holder?.digest, world.image("main").index);
      assert.match(
        stack.said.join("\n"),
        /warning: acme\/shop:pr-1 has moved to sha256:[0-9a-f]{12} and stays there; pull the restored image by sha256:[0-9a-f]{64}/,
      );
      assert.deepEqual(world.deleted(), world.digests("pr2", "prodBefore"));
      assert.equal((await stack.preview()).changes, false);
    });
  });

  describe("when it breaks off", () => {
    it("goes on with the rest: what is back without its tags gets them", async () => {
      await deleteThem({ tagsReturnOnRestore: false });
      restore("pr-1");
      const refused = { kind: "status" as const, status: 403, body: { message: "denied" } };
      sandbox.addFault({ match: { method: "PUT", path: "/manifests/pr-" }, effect: refused });
      await assert.rejects(stack.up(), /acme\/shop:pr-(1|one): the registry answered 403 to putting the tag back/);
      assert.deepEqual(world.deleted(), world.digests("pr2", "prodBefore"));
      await stack.up();
      await assertComplete(world, ...kept, "pr-1", "pr-one");
      assert.equal((await stack.preview()).changes, false);
    });

    it("puts the tags back that a run which was killed had not come to", async () => {
      await deleteThem({ tagsReturnOnRestore: false });
      restore("pr-1");
      const { stored } = stack;
      sandbox.addFault({ match: { method: "PUT", path: "/manifests/pr-" }, effect: { kind: "status", status: 403 } });
      await assert.rejects(stack.up(), /putting the tag back/);
      stack.stored = stored;
      await stack.up();
      await assertComplete(world, ...kept, "pr-1", "pr-one");
      assert.deepEqual(ledger(), world.digests("pr2", "prodBefore"));
    });

    it("restores what is still missing, and nothing twice", async () => {
      restore("pr-1");
      sandbox.addFault({ match: { method: "POST", path: "/restore" }, after: 2, effect: { kind: "drop", handled: true } });
      const refused = { kind: "status" as const, status: 404, body: { message: "Package not found." } };
      sandbox.addFault({ match: { method: "POST", path: "/restore" }, after: 4, times: 1, effect: refused });
      await assert.rejects(stack.up(), /Package not found/);
      sandbox.clearFaults();
      await stack.up();
      await assertComplete(world, ...kept, "pr-1", "pr-one");
      assert.deepEqual(ledger(), world.digests("pr2", "prodBefore"));
    });
  });

  describe("when the run that deleted it was killed, and stored nothing", () => {
    for (const deletedListsTags of [true, false]) {
      it(`brings back the image with its tags all the same: ${deletedListsTags ? "GitHub names them" : "GitHub names them no more"}`, async () => {
        await sandbox.close();
        sandbox = await startSandbox({ now, switches: { tagsReturnOnRestore: false, deletedListsTags } });
        world = await new PackageWorld(sandbox, repository).deploy(deployments);
        stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }));
        stack.policy = { ...stack.policy, approve: (await stack.up()).inputs.pending?.id };
        const { stored } = stack;
        sandbox.addFault({ match: { method: "DELETE" }, after: 8, times: null, effect: { kind: "refuse", reason: "not-admin" } });
        await assert.rejects(stack.up(), /Package not found/);
        sandbox.clearFaults();
        stack.stored = stored;

        restore("pr-1");
        await stack.up();
        await assertComplete(world, ...kept, ...world.tags().filter((tag) => tag.startsWith("pr-")));
        assert.ok(["pr-1", "pr-one"].every((tag) => world.tags().includes(tag)));
        assert.deepEqual(ledger(), world.deleted());
      });
    }
  });

  describe("when a layer cannot be had", () => {
    const blob = (): string => world.image("pr1").built.children[0]?.blobs[0]?.digest ?? "";
    const effects = {
      "is gone": [
        { kind: "status", status: 404, body: { errors: [{ code: "BLOB_UNKNOWN" }] } },
        /its blob sha256:\w{64} is answered with 404/,
      ],
      "is another": [{ kind: "wrong-digest" }, /its blob sha256:\w{64} has other content than its digest says/],
      "breaks off": [{ kind: "truncate", bytes: 3 }, /its blob sha256:\w{64} breaks off/],
    } as const;
    for (const [what, [effect, message]] of Object.entries(effects)) {
      it(`says so, since the image cannot be pulled: it ${what}`, async () => {
        restore("pr-1");
        sandbox.addFault({ match: { method: "GET", path: `/blobs/${blob()}` }, times: null, effect });
        await assert.rejects(stack.up(), message);

        assert.equal((await stack.preview()).changes, true);
        await assert.rejects(stack.up(), message);
        sandbox.clearFaults();
        await stack.up();
        assert.equal((await stack.preview()).changes, false);
        await assertComplete(world, ...kept, "pr-1", "pr-one");
      });
    }
  });

  describe("when blobs are on another host", () => {
    it("follows there without the token", async () => {
      const elsewhere = await startSandbox({ now });
      try {
        const headers = { location: `http://localhost:1/` };
        const seen: (string | undefined)[] = [];
        elsewhere.addFault({
          match: { path: "/blobs/" },
          times: null,
          effect: {
            kind: "call",
            call: ({ headers }) => {
              seen.push(headers.authorization);
              return { status: 404, headers: {}, body: "" };
            },
          },
        });
        const { port } = new URL(elsewhere.registryUrl);
        headers.location = `http://localhost:${port}/v2/acme/shop/blobs/moved`;
        sandbox.addFault({ match: { method: "GET", path: "/blobs/" }, times: null, effect: { kind: "status", status: 307, headers } });
        restore("pr-1");
        await assert.rejects(stack.up(), /is answered with 404/);
        assert.ok(seen.length > 0);
        assert.deepEqual(new Set(seen), new Set([undefined]));
      } finally {
        await elsewhere.close();
      }
    });
  });

  describe("when GitHub can restore it no longer", () => {
    beforeEach(() => sandbox.advanceClock(31 * 86_400));

    it("says so at preview, and leaves the rest as it is", async () => {
      restore("pr-1");
      const { inputs } = await stack.preview();
      assert.equal(inputs.restoring, undefined);
      const said = (inputs.notices ?? []).join("\n");
      assert.match(said, /restore: sha256:\w{12} \(pr-1, pr-one, \d+ days old \(drop-pr-builds\)\) cannot be restored any more/);
      await stack.up();
      assert.deepEqual(world.deleted(), []);
    });

    it("lets go of the ledger's entries, and says how many", async () => {
      const { inputs, changes } = await stack.preview();
      assert.equal(changes, true);
      assert.deepEqual(inputs.deletions, {});
      assert.match(
        (inputs.notices ?? []).join("\n"),
        /^15 versions leave the ledger on 2026-12-24: GitHub restores what was deleted within/,
      );
      await stack.up();
      assert.deepEqual(stack.outputs.ledger, {});
      assert.equal((await stack.preview()).changes, false);
    });
  });

  describe("when nothing of that name was deleted", () => {
    it("says so, and changes nothing", async () => {
      restore("pr-9");
      const { inputs } = await stack.preview();
      assert.match((inputs.notices ?? []).join("\n"), /nothing that this policy deleted, and GitHub can still restore, is named pr-9/);
    });
  });

  describe("when the token may not write", () => {
    it("restores nothing, and names the scope", async () => {
      stack.token = sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      restore("pr-1");
      await assert.rejects(stack.up(), /the token has no scope write:packages; nothing is restored/);
      assert.equal(world.deleted().length, 15);
      assert.deepEqual(ledger(), world.deleted());

      restore();
      stack.token = sandbox.token;
      await stack.up();
      assert.deepEqual(ledger(), world.deleted());
      assert.deepEqual(Object.keys(stack.stored?.inputs.deletions ?? {}).sort(), world.deleted());
      restore("pr-1");
      await stack.up();
      await assertComplete(world, ...kept, "pr-1", "pr-one");
    });
  });
});
