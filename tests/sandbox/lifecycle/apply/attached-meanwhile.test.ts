import assert from "node:assert/strict";
import {
  buildArtifact,
  type Content,
  fallbackTagOf,
  type Sandbox,
  type SeedVersion,
  type SwitchChanges,
  startSandbox,
} from "../../../../sandbox";
import { assertComplete } from "../../../support/engine/pull";
import { now, PackageWorld, policyFor } from "../../../support/engine/world";
import { bundleLabel, lockLayer, oneLayerImage } from "../../../support/inventory/bundles";
import { seedBlobs } from "../../../support/lifecycle/seed-blobs";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

/** The usual rules delete `pr1` and `pr2`. */
const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 100, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
  main: { days: 30, tags: ["main-1"], attestations: false },
} as const;

const repository = "acme/app";

describe("what somebody attaches to a version just before its deletion", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  afterEach(() => sandbox.close());

  /** Deletes while somebody pushes just before the first deletion. Returns what the update fails with. */
  async function deleteMeanwhile(switches: SwitchChanges, push: (going: Content) => SeedVersion): Promise<string> {
    sandbox = await startSandbox({ now, switches });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    const versions = [push(world.image("pr1").built.index)];
    sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "push", versions } });
    stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic", limits: { percent: 100 } }), 1);
    return stack.up().then(
      () => "",
      (error: Error) => error.message,
    );
  }

  function assertAllThere(): void {
    assert.deepEqual(world.deleted(), []);
    assert.deepEqual(stack.outputs.ledger, {});
  }

  const tagged = (tag: string) => (going: Content) => ({ package: repository, tags: [tag], manifest: going.bytes.toString() });
  const signed = (tags: (digest: string) => string[]) => (going: Content) => {
    const { bytes } = buildArtifact({ seed: "signature", artifactType: "application/vnd.example.signature", subject: going }).manifest;
    return { package: repository, tags: tags(going.digest), manifest: bytes.toString() };
  };

  /** A package with an approved plan, in which an image that goes has a signature. */
  async function approveSigned(): Promise<{ readonly index: Content; readonly old: Content; readonly oldTag: string }> {
    sandbox = await startSandbox({ now, switches: { tagsReturnOnRestore: false } });
    world = await new PackageWorld(sandbox, repository).deploy(deployments);
    const { index } = world.image("pr1").built;
    const { manifest: old, blobs } = buildArtifact({ seed: "old", artifactType: "application/vnd.example.signature", subject: index });
    seedBlobs(sandbox, repository, blobs);
    const oldTag = `${fallbackTagOf(index.digest)}.sig`;
    const createdAt = "2026-08-05T00:00:00Z";
    sandbox.seed([{ package: repository, tags: [oldTag], manifest: old.bytes.toString(), createdAt }]);
    stack = new SimulatedStack(sandbox, policyFor(repository, { limits: { percent: 100 } }), 1);
    await stack.upAndApprove();
    return { index, old, oldTag };
  }

  it("brings everything back when it is a bundle whose layer names it", async () => {
    const message = await deleteMeanwhile({}, (going) => {
      const { manifest, blobs } = oneLayerImage({ layer: lockLayer([going.digest]), labels: bundleLabel });
      seedBlobs(sandbox, repository, blobs);
      return { package: repository, tags: ["v2"], manifest: manifest.bytes.toString() };
    });
    assert.match(message, /after the deletion an image was not complete \(v2 lacks sha256:[0-9a-f]+\)\. All 6 versions/);
    assertAllThere();
    await assertComplete(world, "main-1", "pr-1", "pr-2", "prod", "v2");
  });

  it("brings everything back when it is a new tag", async () => {
    const message = await deleteMeanwhile({}, tagged("v2"));
    assert.match(message, /after the deletion an image was not complete \(the tag v2 lacks sha256:[0-9a-f]+\)\. All 6 versions/);
    assertAllThere();
    await assertComplete(world, "main-1", "pr-1", "pr-2", "prod", "v2");
  });

  it("puts the tags back where GitHub does not", async () => {
    const message = await deleteMeanwhile({ tagsReturnOnRestore: false }, tagged("v2"));
    assert.match(message, /every retained image is complete again/);
    assert.deepEqual(world.tags(), ["main-1", "pr-1", "pr-2", "prod", "v2"]);
  });

  it("puts such a tag back right after its image, before anything can be killed in between", async () => {
    await deleteMeanwhile({ tagsReturnOnRestore: false }, tagged("v2"));
    const sent = sandbox.requests().map(({ method, path }) => `${method} ${path.replace(/^.*\/(versions|manifests)\//, "$1/")}`);
    const put = sent.indexOf("PUT manifests/v2");
    assert.deepEqual(
      sent.slice(put - 3, put).map((request) => request.replace(/\d+\/restore|sha256:\w+/, "…")),
      ["POST versions/…", "HEAD manifests/v2", "GET manifests/…"],
    );
  });

  it("brings everything back when it is a tag that was to stay, also where GitHub does not list the tags of deleted versions", async () => {
    const message = await deleteMeanwhile({ deletedListsTags: false }, tagged("prod"));
    assert.match(message, /\(the tag prod is lost\)\. All 6 versions/);
    assertAllThere();
    await assertComplete(world, "main-1", "pr-1", "pr-2", "prod");
  });

  for (const deletedListsTags of [true, false]) {
    const does = deletedListsTags
      ? "puts a tag back"
      : "says that a tag is lost, where GitHub does not list those of deleted versions, and was";
    it(`${does} on a version that is pushed again after its deletion`, async () => {
      sandbox = await startSandbox({ now, switches: { deletedListsTags } });
      world = await new PackageWorld(sandbox, repository).deploy(deployments);
      const { index, children } = world.image("pr1").built;
      const seed = ({ bytes }: Content, tags: string[]) => ({ package: repository, tags, manifest: bytes.toString() });
      const again = [...children.map(({ manifest }) => seed(manifest, [])), seed(index, ["pr-1"])];
      const match = { method: "DELETE" };
      sandbox.addFault({ match, effect: { kind: "push", versions: [seed(index, ["prod"])] } });
      sandbox.addFault({ match, after: 3, effect: { kind: "push", versions: again } });
      stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic", limits: { percent: 100 } }), 1);
      await assert.rejects(stack.up(), deletedListsTags ? /\(the tag prod lacks sha256:[0-9a-f]+\)/ : /\(the tag prod is lost\)/);
      if (deletedListsTags) assert.equal(sandbox.store.find(repository)?.byTag("prod")?.digest, index.digest);
    });
  }

  it("puts a tag back on a version that is pushed again, where nothing else is to be restored", async () => {
    const { pr1, prod, main } = deployments;
    /** The run, and somebody who pushes all of the image again once it has read so often. */
    const run = async (reads: number) => {
      sandbox = await startSandbox({ now });
      world = await new PackageWorld(sandbox, repository).deploy({ pr1, prod, main });
      const { index, children } = world.image("pr1").built;
      const seed = ({ bytes }: Content, tags: string[]) => ({ package: repository, tags, manifest: bytes.toString() });
      const again = [...children.map(({ manifest }) => seed(manifest, [])), seed(index, ["pr-1"])];
      sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "push", versions: [seed(index, ["v2"])] } });
      sandbox.addFault({ match: { method: "GET" }, after: reads, effect: { kind: "push", versions: again } });
      sandbox.clearRequests();
      stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic", limits: { percent: 100 } }), 1);
      await assert.rejects(stack.up(), /\(the tag v2 lacks sha256:[0-9a-f]+\)/);
      return index.digest;
    };
    await run(1_000);
    const methods = sandbox.requests().map(({ method }) => method);
    await sandbox.close();
    const digest = await run(methods.slice(0, methods.lastIndexOf("DELETE")).filter((method) => method === "GET").length);
    assert.equal(sandbox.store.find(repository)?.byTag("v2")?.digest, digest);
    assert.ok(!sandbox.requests().some(({ path }) => path.endsWith("/restore")));
  });

  it("brings everything back when it is a new tag, also a part that somebody else deleted at the same time", async () => {
    const message = await deleteMeanwhile({}, (going) => {
      const deletePart = () => {
        const pkg = sandbox.store.find(repository) ?? assert.fail();
        const part = world.digests("pr1").flatMap((digest) => pkg.byDigest(digest) ?? [])[0] ?? assert.fail();
        sandbox.store.delete(pkg, part);
      };
      sandbox.addFault({ match: { method: "DELETE" }, after: 1, effect: { kind: "call", call: () => void deletePart() } });
      return tagged("v2")(going);
    });
    assert.match(
      message,
      /All 5 versions deleted in this run were restored; 1 deleted by an earlier run or by somebody else was restored; every/,
    );
    assertAllThere();
    await assertComplete(world, "main-1", "pr-1", "pr-2", "prod", "v2");
  });

  it("says that tags may be missing where they cannot be put back", async () => {
    const message = await deleteMeanwhile({ tagsReturnOnRestore: false }, (going) => {
      sandbox.addFault({ match: { method: "PUT" }, times: null, effect: { kind: "status", status: 403 } });
      return signed(() => [])(going);
    });
    assert.match(
      message,
      /6 of the 6 versions deleted in this run were restored; tags may be missing: .*; every retained image is complete again\.$/,
    );
    assert.deepEqual(world.deleted(), []);
  });

  it("brings everything back when it is a signature that names its subject", async () => {
    const message = await deleteMeanwhile(
      {},
      signed(() => []),
    );
    assert.match(message, /after the deletion an image was not complete \(.* lacks sha256:[0-9a-f]+\)\. All 6 versions/);
    assertAllThere();
  });

  it("brings everything back when it is a signature whose tag names it", async () => {
    const message = await deleteMeanwhile(
      {},
      signed((digest) => [`${fallbackTagOf(digest)}.sig`]),
    );
    assert.match(message, /after the deletion an image was not complete/);
    assertAllThere();
  });

  describe("and the run that deleted it with its old signature was killed", () => {
    async function deleteAndKill(push: (going: Content) => SeedVersion) {
      const { index, old, oldTag } = await approveSigned();
      sandbox.seed([push(index)]);
      const pkg = sandbox.store.find(repository) ?? assert.fail();
      const image = [index.digest, ...world.digests("pr1"), old.digest];
      for (const digest of image) {
        const version = pkg.byDigest(digest);
        if (version !== undefined) sandbox.store.delete(pkg, version);
      }
      return {
        assertBack: () => {
          for (const digest of image) assert.ok(pkg.byDigest(digest));
          assert.ok(pkg.byTag(oldTag), "the old signature has its tag again");
          assert.deepEqual(Object.keys(stack.outputs.ledger).sort(), world.deleted());
        },
      };
    }

    it("brings both back when it is a signature, and goes on", async () => {
      const { assertBack } = await deleteAndKill(signed(() => []));
      await stack.up();
      assert.match(stack.outputs.notices?.join("\n") ?? "", /^incomplete: .* names \d versions that were deleted under this policy/m);
      assertBack();
    });

    it("brings both back when it is a tag", async () => {
      const { assertBack } = await deleteAndKill(tagged("v2"));
      await assert.rejects(stack.up(), /the tag v2 lacks .* every retained image is complete again\.$/);
      assertBack();
    });
  });

  it("brings its old signature back as well when GitHub's answer to its deletion was lost", async () => {
    const { index, old, oldTag } = await approveSigned();
    const id = sandbox.store.find(repository)?.byDigest(old.digest)?.id;
    sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "push", versions: [signed(() => [])(index)] } });
    const match = { method: "DELETE", pattern: `/versions/${id}$` };
    sandbox.addFault({ match, effect: { kind: "status", status: 500, handled: true } });
    await assert.rejects(stack.up(), /every retained image is complete again\.$/);
    assertAllThere();
    assert.ok(sandbox.store.find(repository)?.byTag(oldTag), "the old signature has its tag again");
  });
});
