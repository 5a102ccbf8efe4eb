import assert from "node:assert/strict";
import { callApi, control } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const digest = `sha256:${"a".repeat(64)}`;
const path = `/orgs/acme/artifacts/${encodeURIComponent(digest)}/metadata/deployment-records`;
const report = { name: "app", digest, status: "deployed", logical_environment: "production", cluster: "eu-1", deployment_name: "shop-web" };

describe("the sandbox's deployment records", () => {
  const sandbox = useSandbox();

  const tell = (changes: object = {}, token?: string) =>
    callApi(sandbox(), "/orgs/acme/artifacts/metadata/deployment-record", {
      method: "POST",
      body: JSON.stringify({ ...report, ...changes }),
      ...(token === undefined ? {} : { token }),
    });

  async function listed(token?: string): Promise<unknown[]> {
    const { body } = await callApi(sandbox(), path, token === undefined ? {} : { token });
    const { total_count, deployment_records } = body as { total_count: number; deployment_records: unknown[] };
    assert.equal(total_count, deployment_records.length);
    return deployment_records;
  }

  it("are none until a deployment is reported, and are listed by digest from then on", async () => {
    assert.deepEqual(await listed(), []);
    assert.equal((await tell()).status, 200);
    assert.deepEqual(await listed(), [
      {
        id: 1,
        digest,
        logical_environment: "production",
        physical_environment: "",
        cluster: "eu-1",
        deployment_name: "shop-web",
        tags: {},
        runtime_risks: [],
        created_at: "2023-12-01T00:00:00Z",
        updated_at: "2023-12-01T00:00:00Z",
        attestation_id: null,
      },
    ]);
  });

  it("follow a deployment to the digest that it runs now", async () => {
    await tell();
    await tell({ digest: `sha256:${"b".repeat(64)}` });
    assert.deepEqual(await listed(), []);
  });

  it("leave out what is decommissioned, or name its status, as the switch says", async () => {
    await tell();
    await tell({ status: "decommissioned" });
    assert.deepEqual(await listed(), []);
    sandbox().setSwitches({ decommissionedRecords: "listed" });
    assert.equal(((await listed())[0] as { status: string }).status, "decommissioned");
  });

  it("can be reported by a test, for a digest that nobody reported yet a 404", async () => {
    sandbox().setSwitches({ unrecordedArtifact: "not-found" });
    assert.equal((await callApi(sandbox(), path)).status, 404);
    assert.equal((await control(sandbox(), "POST deployment-records", { owner: "acme", ...report })).status, 204);
    assert.equal((await listed()).length, 1);
  });

  it("are not there for a user", async () => {
    sandbox().setOwner("gao-sun", "User");
    assert.equal((await callApi(sandbox(), path.replace("acme", "gao-sun"))).status, 404);
  });

  const kinds = [
    { kind: "installation", message: "Resource not accessible by integration" },
    { kind: "fine-grained", message: "Resource not accessible by personal access token" },
    { kind: "classic", message: "Resource not accessible by personal access token" },
  ] as const;
  for (const { kind, message } of kinds) {
    it(`are read by a token of kind ${kind} with the permission, and refused to one without`, async () => {
      const [reader, stranger] = [
        sandbox().createToken({ kind, artifactMetadata: "read" }),
        sandbox().createToken({ kind, artifactMetadata: "none" }),
      ];
      assert.deepEqual(await listed(reader), []);
      assert.equal((await tell({}, reader)).status, 403);
      const refused = await callApi(sandbox(), path, { token: stranger });
      assert.deepEqual([refused.status, refused.message], [403, message]);
    });
  }

  it("are not told in a form that GitHub does not describe", async () => {
    assert.equal((await tell({ digest: "a".repeat(64) })).status, 422);
  });
});
