import assert from "node:assert/strict";
import { decideAgain } from "../../../../components/lifecycle/state/decide-again";
import { observePackage } from "../../../../components/observe/observe-package";
import { reportOf } from "../../../../components/report/resource-report";
import { buildImage, type LoggedRequest, type Sandbox, startSandbox } from "../../../../sandbox";
import { now, PackageWorld, policyFor, shop } from "../../../support/engine/world";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

const repository = "acme/shop";
const web = { status: "deployed", logical_environment: "production", cluster: "eu-1", deployment_name: "shop-web" } as const;

/** The same stack, whose previews go over a connection of their own. */
function stackWith({ stored, policy }: SimulatedStack, sandbox: Sandbox, second: number): SimulatedStack {
  const stack = new SimulatedStack(sandbox, policy, second);
  stack.stored = stored;
  return stack;
}

describe("a policy that asks GitHub where images run", function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(shop);
    stack = new SimulatedStack(sandbox, policyFor(repository, { inUse: { github: "required" } }), 1);
  });
  afterEach(() => sandbox.close());

  const report = (digest: string, change: { status?: "decommissioned"; deployment_name?: string } = {}) =>
    sandbox.reportDeployment("acme", { name: "shop", digest, ...web, ...change });
  const platformOf = (name: string) => world.image(name).children[1]?.digest ?? "";
  const asked = (requests: readonly LoggedRequest[] = sandbox.requests()) => requests.filter(({ path }) => path.includes("/artifacts/"));
  function lowerToken(): void {
    stack.token = sandbox.createToken({ artifactMetadata: "none" });
  }
  const pendingOf = async () => Object.keys((await stack.preview()).inputs.pending?.deletions ?? {}).sort();
  const fail = (digest: string, times: number | null = null) =>
    sandbox.addFault({ match: { surface: "api", path: encodeURIComponent(digest) }, times, effect: { kind: "status", status: 502 } });

  it("asks once for each index and each platform that would go, and for no attestation", async () => {
    await stack.preview();
    const expected = ["pr1", "prodBefore", "pr2"].flatMap((name) => {
      const { index, children } = world.image(name);
      return [index, ...children.map(({ digest }) => digest)].map(
        (digest) => `/api/orgs/acme/artifacts/${encodeURIComponent(digest)}/metadata/deployment-records`,
      );
    });
    assert.deepEqual(
      asked()
        .map(({ path }) => path)
        .sort(),
      expected.sort(),
    );
  });

  it("asks nothing where no policy wants it", async () => {
    stack.policy = policyFor(repository);
    await stack.preview();
    assert.deepEqual(asked(), []);
  });

  it("plans none of an image that runs, by its index or by a platform of it", async () => {
    report(world.image("pr1").index);
    report(platformOf("pr2"), { deployment_name: "other" });
    assert.deepEqual(await pendingOf(), world.digests("prodBefore"));
  });

  it("shows where it runs in the table of what is withheld", async () => {
    report(world.image("pr1").index);
    const endpoints = {
      githubApiUrl: sandbox.githubApiUrl,
      registryUrl: sandbox.registryUrl,
      deletionsPerMinute: 60_000,
      cacheFolder: undefined,
    };
    const outcome = await observePackage({ endpoints, token: sandbox.token }, stack.policy, 1);
    assert.ok(outcome.kind === "observed");
    const { inputs } = await stack.preview();
    const text = reportOf(inputs, decideAgain(inputs, outcome), { isPreview: true, approveWith: (id) => id });
    assert.match(text, /pr-1 +deployed as shop-web in production \(eu-1\) +drop-pr-builds/);
  });

  for (const decommissionedRecords of ["omitted", "listed"] as const) {
    it(`plans what is decommissioned, where GitHub's list has that ${decommissionedRecords}`, async () => {
      sandbox.setSwitches({ decommissionedRecords });
      report(world.image("pr1").index, { status: "decommissioned" });
      assert.deepEqual(await pendingOf(), world.digests("pr1", "prodBefore", "pr2"));
    });
  }

  it("keeps what has a record of which GitHub does not list all, or a status that is not known", async () => {
    const record = { deployment_name: "web", status: "decommissioned" };
    for (const [name, body] of Object.entries({
      pr1: { total_count: 2, deployment_records: [record] },
      pr2: { total_count: 1, deployment_records: [{ ...record, status: "retired" }] },
      prodBefore: { deployment_records: [{}] },
    })) {
      const match = { path: encodeURIComponent(world.image(name).index) };
      sandbox.addFault({ match, times: null, effect: { kind: "body", body: JSON.stringify(body) } });
    }
    assert.deepEqual(await pendingOf(), []);
  });

  describe("once a plan is approved", () => {
    beforeEach(async () => {
      await stack.upAndApprove();
      sandbox.clearRequests();
    });

    it("deletes it after asking again", async () => {
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore", "pr2"));
      const firstDeletion = sandbox.requests().findIndex(({ method }) => method === "DELETE");
      assert.equal(asked(sandbox.requests().slice(0, firstDeletion)).length, 9);
    });

    it("leaves what has been deployed since, and says where it runs", async () => {
      await stack.up(() => report(platformOf("pr1")));
      assert.deepEqual(world.deleted(), world.digests("prodBefore", "pr2"));
      const digest = world.image("pr1").index;
      assert.ok(
        stack.said.includes(`warning: acme/shop@${digest} stays: linux/arm64 deployed as shop-web in production (eu-1)`),
        stack.said.join("\n"),
      );
      assert.deepEqual(await pendingOf(), [], "it is approved no more, and does not wait either");
    });

    for (const [what, refuse] of [
      ["a token that may not read them", () => lowerToken()],
      [
        "an error at each attempt",
        () => void sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } }),
      ],
      [
        "an answer that is not understood",
        () => void sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "body", body: "{}" } }),
      ],
      [
        "a page of a proxy",
        () =>
          void sandbox.addFault({
            match: { path: "/artifacts/" },
            times: null,
            effect: { kind: "status", status: 403, body: "<html>no</html>" },
          }),
      ],
      [
        "a connection that breaks off",
        () => void sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "drop" } }),
      ],
      [
        "a 404",
        () =>
          void sandbox.addFault({
            match: { path: "/artifacts/" },
            times: null,
            effect: { kind: "status", status: 404, body: { message: "Not Found" } },
          }),
      ],
    ] as const) {
      it(`deletes nothing where GitHub answers with ${what}, says so once, and goes on under the same approval later`, async () => {
        const { token } = stack;
        await stack.up(refuse);
        assert.deepEqual(world.deleted(), []);
        const said = stack.said.filter((line) => line.includes("not known to run"));
        assert.equal(said.length, 1, stack.said.join("\n"));
        assert.match(said[0] ?? "", /^warning: acme\/shop: 9 approved versions stay, not known to run or not to run: /);
        sandbox.clearFaults();
        stack.token = token;
        await stack.up();
        assert.deepEqual(world.deleted(), world.digests("pr1", "prodBefore", "pr2"));
      });
    }

    it("leaves only what GitHub fails to answer for", async () => {
      await stack.up(() => fail(platformOf("pr1")));
      assert.deepEqual(world.deleted(), world.digests("prodBefore", "pr2"));
    });

    it("deletes what the limit of a run allows, and asks for no more than that", async () => {
      stack.policy = { ...stack.policy, limits: { deletions: 5 } };
      await stack.up(() => sandbox.clearRequests());
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      assert.equal(asked().length, 6, "of two of the three images: those of the first make up less than the limit");
      await stack.up();
      assert.equal(world.deleted().length, 10);
    });

    it("keeps the approval of the rest where GitHub does not answer a preview", async () => {
      stack.policy = { ...stack.policy, limits: { deletions: 5 } };
      await stack.up();
      sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } });
      // Another connection, since previews share answers for some minutes.
      stack = stackWith(stack, sandbox, 1.01);
      await stack.up();
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      sandbox.clearFaults();
      await stack.up();
      assert.equal(world.deleted().length, 10);
    });

    it("has other images go where the oldest runs", async () => {
      stack.policy = { ...stack.policy, limits: { deletions: 5 } };
      await stack.up(() => report(world.image("pr1").index));
      assert.deepEqual(world.deleted(), world.digests("prodBefore"));
    });
  });

  describe("that needs several batches", () => {
    const repository = "acme/many";
    const deletedTags = () => sandbox.package(repository)?.deleted.flatMap(({ tags }) => tags) ?? [];

    function seedMany(images: number): void {
      const seeds = Array.from({ length: images }, (_, place) => ({
        package: repository,
        tags: [`pr-${place}`],
        createdAt: new Date(Date.parse(now) - (100 - place / 2) * 86_400_000).toISOString(),
        manifest: buildImage("linux/amd64", { seed: `many ${place}` }).manifest.bytes.toString(),
      }));
      sandbox.seed([...seeds, { package: repository, tags: ["prod"] }]);
    }

    it("is not asked about to its end where GitHub answers nothing", async () => {
      seedMany(150);
      sandbox.addFault({ match: { path: "/artifacts/" }, times: null, effect: { kind: "status", status: 500 } });
      stack = new SimulatedStack(sandbox, policyFor(repository, { inUse: { github: "optional" }, limits: { percent: 100 } }), 1);
      assert.deepEqual(await pendingOf(), []);
      assert.equal(new Set(asked().map(({ path }) => path)).size, 97);
    });

    /** Approves the deletion of so many images, and has one of them deployed while the first batch goes. */
    async function deleteMany(images: number, deployed: string, deletions: number): Promise<void> {
      seedMany(images);
      const limits = { percent: 100, deletions };
      stack = new SimulatedStack(sandbox, policyFor(repository, { inUse: { github: "required" }, limits }), 1);
      await stack.upAndApprove();
      const { digest = "" } = sandbox.package(repository)?.versions.find(({ tags }) => tags.includes(deployed)) ?? {};
      sandbox.addFault({ match: { method: "DELETE" }, after: 4, effect: { kind: "call", call: () => void report(digest) } });
      await stack.up();
    }

    it("stops between two of them at what has been deployed in the meantime, and says so", async () => {
      await deleteMany(40, "pr-39", 200);
      assert.equal(deletedTags().length, 39);
      assert.ok(!deletedTags().includes("pr-39"));
      const last = stack.said.filter((line) => /stays: deployed as shop-web in production \(eu-1\)$/.test(line));
      assert.equal(last.length, 1, stack.said.join("\n"));
    });

    it("has no other image go instead, which the run did not count on", async () => {
      await deleteMany(50, "pr-39", 40);
      assert.equal(deletedTags().length, 39);
    });
  });

  describe("where GitHub cannot be asked", () => {
    const noticeIn = async () => (await stack.preview()).inputs.notices?.filter((text) => text.startsWith("inUse.github"));
    function optional(): void {
      stack.policy = { ...stack.policy, inUse: { github: "optional" } };
    }

    it("plans nothing where an answer is required, and says once what is missing, after one question", async () => {
      lowerToken();
      assert.deepEqual(await pendingOf(), []);
      assert.equal(asked().length, 1);
      assert.deepEqual(await noticeIn(), [
        "inUse.github: GitHub answered 403: Resource not accessible by personal access token: what it does not answer for stays. Expected a token with " +
          "the permission 'Artifact metadata' (read), such as a workflow's with `permissions: artifact-metadata: read`",
      ]);
    });

    it("plans by the rules where an answer is optional, and says so", async () => {
      lowerToken();
      optional();
      assert.deepEqual(await pendingOf(), world.digests("pr1", "prodBefore", "pr2"));
      assert.match((await noticeIn())?.join() ?? "", /answered 403.*: what it does not answer for may go\./);
    });

    it("asks on where one answer is a 404, which may mean that there is no record", async () => {
      sandbox.setSwitches({ unrecordedArtifact: "not-found" });
      optional();
      report(world.image("prodBefore").index);
      assert.deepEqual(await pendingOf(), world.digests("pr1", "pr2"));
    });

    it("keeps what an error or the page of a proxy hides, also where an answer is optional", async () => {
      optional();
      fail(world.image("pr1").index);
      const match = { path: encodeURIComponent(world.image("pr2").index) };
      sandbox.addFault({ match, times: null, effect: { kind: "status", status: 403, body: "<html>no</html>" } });
      assert.deepEqual(await pendingOf(), world.digests("prodBefore"));
    });

    for (const github of ["required", "optional"] as const) {
      it(`asks nothing for a user, which has no such records, and says so (${github})`, async () => {
        sandbox.setOwner("gao-sun", "User");
        world = await new PackageWorld(sandbox, "gao-sun/shop").deploy(shop);
        stack = new SimulatedStack(sandbox, policyFor("gao-sun/shop", { inUse: { github } }), 1);
        assert.deepEqual(await pendingOf(), github === "required" ? [] : world.digests("pr1", "prodBefore", "pr2"));
        assert.deepEqual(asked(), []);
        assert.match(
          (await noticeIn())?.join() ?? "",
          /GitHub keeps deployment records for organisations only, and the owner is a user: what/,
        );
      });
    }
  });

  describe("when an image that runs is deleted already", () => {
    beforeEach(async () => {
      stack.policy = { ...stack.policy, approval: "automatic" };
      await stack.up();
      report(world.image("pr1").index);
      // Another connection, since previews share answers for some minutes.
      stack = stackWith(stack, sandbox, 1.02);
    });

    const lost = async () => (await stack.preview()).inputs.notices?.filter((text) => text.startsWith("in use, and not in the package"));

    it("is named, with where it runs and how to restore it", async () => {
      const digest = world.image("pr1").index;
      assert.deepEqual(await lost(), [
        `in use, and not in the package: ${digest} is deployed as shop-web in production (eu-1). Unless that runs from another package, ` +
          `\`restore: ["${digest}"]\` brings it back, until 2026-12-23`,
      ]);
    });

    it("is not named where somebody pushed it again, although GitHub lists it as deleted, too", async () => {
      await world.deploy({ pr1: shop.pr1 });
      assert.ok(world.deleted().includes(world.image("pr1").index));
      assert.equal(await lost(), undefined);
    });

    it("is not named while it comes back, nor once it has", async () => {
      stack.policy = { ...stack.policy, restore: ["pr-1"] };
      assert.equal(await lost(), undefined);
      await stack.up();
      assert.ok(world.digests("pr1").every((digest) => world.present().includes(digest)));
      assert.equal(await lost(), undefined);
    });
  });

  it("asks once for an image that several packages of an organisation hold", async () => {
    const manifest = buildImage("linux/amd64", { seed: "shared" }).manifest.bytes.toString();
    for (const name of ["acme/one", "acme/two"]) {
      sandbox.seed([
        { package: name, tags: ["pr-1"], manifest, createdAt: "2026-08-01T00:00:00Z" },
        { package: name, tags: ["prod"] },
      ]);
    }
    sandbox.clearRequests();
    for (const name of ["acme/one", "acme/two"]) {
      stack = new SimulatedStack(sandbox, policyFor(name, { inUse: { github: "required" } }), 1);
      assert.equal((await pendingOf()).length, 1);
    }
    assert.equal(asked().length, 1);
  });
});
