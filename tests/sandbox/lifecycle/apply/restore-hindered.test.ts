import assert from "node:assert/strict";
import { type FaultRequest, startSandbox } from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { now, PackageWorld, policyFor } from "../../../support/engine/world";
import { deployments, kept, repository, useRestoration } from "../../../support/lifecycle/restoration";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

describe("a restoration", function () {
  this.timeout(60_000);

  const here = useRestoration();

  describe("when it breaks off", () => {
    it("goes on with the rest: what is back without its tags gets them", async () => {
      await here.deleteThem({ tagsReturnOnRestore: false });
      here.restore("pr-1");
      const refused = { kind: "status" as const, status: 403, body: { message: "denied" } };
      here.sandbox.addFault({ match: { method: "PUT", path: "/manifests/pr-" }, effect: refused });
      await assert.rejects(here.stack.up(), /acme\/shop:pr-(1|one): the registry answered 403 to putting the tag back/);
      assert.deepEqual(here.world.deleted(), here.world.digests("pr2", "prodBefore"));
      await here.stack.up();
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.equal((await here.stack.preview()).changes, false);
    });

    it("puts the tags back that a run which was killed had not come to", async () => {
      await here.deleteThem({ tagsReturnOnRestore: false });
      here.restore("pr-1");
      const { stored } = here.stack;
      here.sandbox.addFault({ match: { method: "PUT", path: "/manifests/pr-" }, effect: { kind: "status", status: 403 } });
      await assert.rejects(here.stack.up(), /putting the tag back/);
      here.stack.stored = stored;
      await here.stack.up();
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
    });

    it("restores what is still missing, and nothing twice", async () => {
      here.restore("pr-1");
      here.sandbox.addFault({ match: { method: "POST", path: "/restore" }, after: 2, effect: { kind: "drop", handled: true } });
      const refused = { kind: "status" as const, status: 404, body: { message: "Package not found." } };
      here.sandbox.addFault({ match: { method: "POST", path: "/restore" }, after: 4, times: 1, effect: refused });
      await assert.rejects(here.stack.up(), /Package not found/);
      here.sandbox.clearFaults();
      await here.stack.up();
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
      assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
    });
  });

  describe("when the run that deleted it was killed, and stored nothing", () => {
    for (const deletedListsTags of [true, false]) {
      it(`brings back the image with its tags all the same: ${deletedListsTags ? "GitHub names them" : "GitHub names them no more"}`, async () => {
        await here.sandbox.close();
        here.sandbox = await startSandbox({ now, switches: { tagsReturnOnRestore: false, deletedListsTags } });
        here.world = await new PackageWorld(here.sandbox, repository).deploy(deployments);
        here.stack = new SimulatedStack(here.sandbox, policyFor(repository, { limits: { percent: 100 } }));
        here.stack.policy = { ...here.stack.policy, approve: (await here.stack.up()).inputs.pending?.id };
        const { stored } = here.stack;
        here.sandbox.addFault({ match: { method: "DELETE" }, after: 8, times: null, effect: { kind: "refuse", reason: "not-admin" } });
        await assert.rejects(here.stack.up(), /Package not found/);
        here.sandbox.clearFaults();
        here.stack.stored = stored;

        here.restore("pr-1");
        await here.stack.up();
        await assertComplete(here.world, ...kept, ...here.world.tags().filter((tag) => tag.startsWith("pr-")));
        assert.ok(["pr-1", "pr-one"].every((tag) => here.world.tags().includes(tag)));
        assert.deepEqual(here.ledger(), here.world.deleted());
      });
    }
  });

  describe("when GitHub refuses the list of deleted versions", () => {
    const refusal = { match: { path: "state=deleted" }, times: null, effect: { kind: "status", status: 403, body: { message: "denied" } } };

    for (const tagsReturnOnRestore of [true, false]) {
      it(`brings back by the ledger alone: ${tagsReturnOnRestore ? "tags return" : "tags do not return"}`, async () => {
        await here.deleteThem({ tagsReturnOnRestore });
        here.restore("pr-1");
        here.sandbox.addFault(refusal as FaultRequest);
        await here.stack.up();
        await assertComplete(here.world, ...kept, "pr-1", "pr-one");
        assert.deepEqual(here.ledger(), here.world.digests("pr2", "prodBefore"));
        assert.equal((await here.stack.preview()).changes, false);
      });
    }

    it("names what it cannot restore, since no ledger holds its id either, and restores nothing", async () => {
      here.restore("pr-1");
      const { outputs } = here.stack;
      const ledger = Object.entries(outputs.ledger).map(([digest, line]) => [digest, line.replace(/^\d+/, "0")]);
      Object.assign(outputs, { ledger: Object.fromEntries(ledger) });
      here.sandbox.addFault(refusal as FaultRequest);
      await assert.rejects(
        here.stack.up(),
        /acme\/shop@sha256:\w{64} and \d more: the ledger holds no version id, and GitHub's list of deleted versions cannot be read, .*denied/,
      );
      assert.equal(here.world.deleted().length, 15);
    });
  });

  describe("when a layer cannot be had", () => {
    const blob = (): string => here.world.image("pr1").built.children[0]?.blobs[0]?.digest ?? "";
    const effects = {
      "is gone": [
        { kind: "status", status: 404, body: { errors: [{ code: "BLOB_UNKNOWN" }] } },
        /its blob sha256:\w{64} is answered with 404 \(BLOB_UNKNOWN\); run/,
      ],
      "is refused": [
        { kind: "status", status: 403, body: { errors: [{ code: "DENIED", message: "permission_denied: read_package" }] } },
        /its blob sha256:\w{64} is answered with 403 \(DENIED: permission_denied: read_package\); run/,
      ],
      "is behind a proxy": [
        { kind: "status", status: 403, body: "<html><body>Blocked</body></html>" },
        /its blob sha256:\w{64} is answered with 403 \(an HTML page\); run/,
      ],
      "is another": [{ kind: "wrong-digest" }, /its blob sha256:\w{64} has other content than its digest says/],
      "breaks off": [{ kind: "truncate", bytes: 3 }, /its blob sha256:\w{64} breaks off/],
    } as const;
    for (const [what, [effect, message]] of Object.entries(effects)) {
      it(`says so, since the image cannot be pulled: it ${what}`, async () => {
        here.restore("pr-1");
        here.sandbox.addFault({ match: { method: "GET", path: `/blobs/${blob()}` }, times: null, effect });
        await assert.rejects(here.stack.up(), message);

        assert.equal((await here.stack.preview()).changes, true);
        await assert.rejects(here.stack.up(), message);
        here.sandbox.clearFaults();
        await here.stack.up();
        assert.equal((await here.stack.preview()).changes, false);
        await assertComplete(here.world, ...kept, "pr-1", "pr-one");
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
        here.sandbox.addFault({ match: { method: "GET", path: "/blobs/" }, times: null, effect: { kind: "status", status: 307, headers } });
        here.restore("pr-1");
        await assert.rejects(here.stack.up(), /is answered with 404 by localhost:\d+, where the registry has it; run/);
        assert.ok(seen.length > 0);
        assert.deepEqual(new Set(seen), new Set([undefined]));
      } finally {
        await elsewhere.close();
      }
    });
  });

  describe("when GitHub can restore it no longer", () => {
    beforeEach(() => here.sandbox.advanceClock(31 * 86_400));

    it("says so at preview, and leaves the rest as it is", async () => {
      here.restore("pr-1");
      const { inputs } = await here.stack.preview();
      assert.equal(inputs.restoring, undefined);
      const said = (inputs.notices ?? []).join("\n");
      assert.match(said, /restore: sha256:\w{12} \(pr-1, pr-one, \d+ days old \(drop-pr-builds\)\) cannot be restored any more/);
      await here.stack.up();
      assert.deepEqual(here.world.deleted(), []);
    });

    it("lets go of the ledger's entries, and says how many", async () => {
      const { inputs, changes } = await here.stack.preview();
      assert.equal(changes, true);
      assert.deepEqual(inputs.deletions, {});
      assert.match(
        (inputs.notices ?? []).join("\n"),
        /^15 versions leave the ledger on 2026-12-24: GitHub restores what was deleted within/,
      );
      await here.stack.up();
      assert.deepEqual(here.stack.outputs.ledger, {});
      assert.equal((await here.stack.preview()).changes, false);
    });
  });

  describe("when nothing of that name was deleted", () => {
    it("says so, and changes nothing", async () => {
      here.restore("pr-9");
      const { inputs } = await here.stack.preview();
      assert.match((inputs.notices ?? []).join("\n"), /nothing that GitHub can still restore is named pr-9/);
    });
  });

  describe("when the token may not write", () => {
    it("restores nothing, and names the scope", async () => {
      here.stack.token = here.sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
      here.restore("pr-1");
      await assert.rejects(here.stack.up(), /the token has no scope write:packages; nothing is restored/);
      assert.equal(here.world.deleted().length, 15);
      assert.deepEqual(here.ledger(), here.world.deleted());

      here.restore();
      here.stack.token = here.sandbox.token;
      await here.stack.up();
      assert.deepEqual(here.ledger(), here.world.deleted());
      assert.deepEqual(Object.keys(here.stack.stored?.inputs.deletions ?? {}).sort(), here.world.deleted());
      here.restore("pr-1");
      await here.stack.up();
      await assertComplete(here.world, ...kept, "pr-1", "pr-one");
    });
  });
});
