import assert from "node:assert/strict";
import { decideAgain } from "../../../../components/lifecycle/state/decide-again";
import { observePackage } from "../../../../components/observe/observe-package";
import { reportOf } from "../../../../components/report/resource-report";
import { buildImage } from "../../../../sandbox";
import { PackageWorld, policyFor, shop } from "../../../support/engine/world";
import { repository, useDeployedShop } from "../../../support/lifecycle/deployed-shop";
import { SimulatedStack } from "../../../support/lifecycle/simulated-stack";

describe("a policy that asks GitHub where images run", function () {
  this.timeout(60_000);
  const here = useDeployedShop();

  it("asks once for each index and each platform that would go, and for no attestation", async () => {
    await here.stack.preview();
    const expected = ["pr1", "prodBefore", "pr2"].flatMap((name) => {
      const { index, children } = here.world.image(name);
      return [index, ...children.map(({ digest }) => digest)].map(
        (digest) => `/api/orgs/acme/artifacts/${encodeURIComponent(digest)}/metadata/deployment-records`,
      );
    });
    assert.deepEqual(
      here
        .asked()
        .map(({ path }) => path)
        .sort(),
      expected.sort(),
    );
  });

  it("asks nothing where no policy wants it", async () => {
    here.stack.policy = policyFor(repository);
    await here.stack.preview();
    assert.deepEqual(here.asked(), []);
  });

  it("plans none of an image that runs, by its index or by a platform of it", async () => {
    here.report(here.world.image("pr1").index);
    here.report(here.platformOf("pr2"), { deployment_name: "other" });
    assert.deepEqual(await here.pendingOf(), here.world.digests("prodBefore"));
  });

  it("shows where it runs in the table of what is withheld", async () => {
    here.report(here.world.image("pr1").index);
    const endpoints = {
      githubApiUrl: here.sandbox.githubApiUrl,
      registryUrl: here.sandbox.registryUrl,
      deletionsPerMinute: 60_000,
      cacheFolder: undefined,
    };
    const outcome = await observePackage({ endpoints, token: here.sandbox.token }, here.stack.policy, 1);
    assert.ok(outcome.kind === "observed");
    const { inputs } = await here.stack.preview();
    const text = reportOf(inputs, decideAgain(inputs, outcome), { isPreview: true, frees: {}, approveWith: (id) => id });
    assert.match(text, /pr-1 +deployed as shop-web in production \(eu-1\) +drop-pr-builds/);
  });

  for (const decommissionedRecords of ["omitted", "listed"] as const) {
    it(`plans what is decommissioned, where GitHub's list has that ${decommissionedRecords}`, async () => {
      here.sandbox.setSwitches({ decommissionedRecords });
      here.report(here.world.image("pr1").index, { status: "decommissioned" });
      assert.deepEqual(await here.pendingOf(), here.world.digests("pr1", "prodBefore", "pr2"));
    });
  }

  it("keeps what has a record of which GitHub does not list all, or a status that is not known", async () => {
    const record = { deployment_name: "web", status: "decommissioned" };
    for (const [name, body] of Object.entries({
      pr1: { total_count: 2, deployment_records: [record] },
      pr2: { total_count: 1, deployment_records: [{ ...record, status: "retired" }] },
      prodBefore: { deployment_records: [{}] },
    })) {
      const match = { path: encodeURIComponent(here.world.image(name).index) };
      here.sandbox.addFault({ match, times: null, effect: { kind: "body", body: JSON.stringify(body) } });
    }
    assert.deepEqual(await here.pendingOf(), []);
  });

  describe("where GitHub cannot be asked", () => {
    const noticeIn = async () => (await here.stack.preview()).inputs.notices?.filter((text) => text.startsWith("inUse.github"));
    function optional(): void {
      here.stack.policy = { ...here.stack.policy, inUse: { github: "optional" } };
    }

    it("plans nothing where an answer is required, and says once what is missing, after one question", async () => {
      here.lowerToken();
      assert.deepEqual(await here.pendingOf(), []);
      assert.equal(here.asked().length, 1);
      assert.deepEqual(await noticeIn(), [
        "inUse.github: GitHub answered 403: Resource not accessible by personal access token: what it does not answer for stays. Expected a token with " +
          "the permission 'Artifact metadata' (read), such as a workflow's with `permissions: artifact-metadata: read`",
      ]);
    });

    it("plans by the rules where an answer is optional, and says so", async () => {
      here.lowerToken();
      optional();
      assert.deepEqual(await here.pendingOf(), here.world.digests("pr1", "prodBefore", "pr2"));
      assert.match((await noticeIn())?.join() ?? "", /answered 403.*: what it does not answer for may go\./);
    });

    it("asks on where one answer is a 404, which may mean that there is no record", async () => {
      here.sandbox.setSwitches({ unrecordedArtifact: "not-found" });
      optional();
      here.report(here.world.image("prodBefore").index);
      assert.deepEqual(await here.pendingOf(), here.world.digests("pr1", "pr2"));
    });

    it("keeps what an error or the page of a proxy hides, also where an answer is optional", async () => {
      optional();
      here.fail(here.world.image("pr1").index);
      const match = { path: encodeURIComponent(here.world.image("pr2").index) };
      here.sandbox.addFault({ match, times: null, effect: { kind: "status", status: 403, body: "<html>no</html>" } });
      assert.deepEqual(await here.pendingOf(), here.world.digests("prodBefore"));
    });

    for (const github of ["required", "optional"] as const) {
      it(`asks nothing for a user, which has no such records, and says so (${github})`, async () => {
        here.sandbox.setOwner("gao-sun", "User");
        here.world = await new PackageWorld(here.sandbox, "gao-sun/shop").deploy(shop);
        here.stack = new SimulatedStack(here.sandbox, policyFor("gao-sun/shop", { inUse: { github } }), 1);
        assert.deepEqual(await here.pendingOf(), github === "required" ? [] : here.world.digests("pr1", "prodBefore", "pr2"));
        assert.deepEqual(here.asked(), []);
        assert.match(
          (await noticeIn())?.join() ?? "",
          /GitHub keeps deployment records for organisations only, and the owner is a user: what/,
        );
      });
    }
  });

  it("asks once for an image that several packages of an organisation hold", async () => {
    const manifest = buildImage("linux/amd64", { seed: "shared" }).manifest.bytes.toString();
    for (const name of ["acme/one", "acme/two"]) {
      here.sandbox.seed([
        { package: name, tags: ["pr-1"], manifest, createdAt: "2026-08-01T00:00:00Z" },
        { package: name, tags: ["prod"] },
      ]);
    }
    here.sandbox.clearRequests();
    for (const name of ["acme/one", "acme/two"]) {
      here.stack = new SimulatedStack(here.sandbox, policyFor(name, { inUse: { github: "required" } }), 1);
      assert.equal((await here.pendingOf()).length, 1);
    }
    assert.equal(here.asked().length, 1);
  });
});
