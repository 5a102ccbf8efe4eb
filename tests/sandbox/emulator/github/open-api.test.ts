import assert from "node:assert/strict";
import type { Sandbox } from "../../../../sandbox";
import { pushMultiArchImage } from "../../../../sandbox";
import { callApi, targetOf, versionsIn } from "../../../support/emulator/calls";
import { GitHubDescription } from "../../../support/emulator/github/open-api";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const kinds = [
  { kind: "an organisation", described: "/orgs/{org}", asked: "/orgs/logto-io", owner: "logto-io" },
  { kind: "a user", described: "/users/{username}", asked: "/users/gao-sun", owner: "gao-sun" },
  { kind: "the authenticated user", described: "/user", asked: "/user", owner: "octocat" },
];
const one = "/{package_type}/{package_name}";

describe("GitHub's OpenAPI description of the sandbox's answers", function () {
  this.timeout(60_000);
  const sandbox = useSandbox();
  let description: GitHubDescription;
  before(() => {
    description = new GitHubDescription();
  });

  interface Asked {
    readonly token?: string;
    readonly body?: string;
    /** How GitHub's own answers were seen to differ from its description. */
    readonly differs?: string;
  }

  async function fits(running: Sandbox, method: string, described: string, asked: string, status: number, options: Asked = {}) {
    const { differs, ...sent } = options;
    const answer = await callApi(running, asked, { method, ...sent });
    assert.equal(answer.status, status, `${method} ${asked}: ${answer.message}`);
    if (status === 204) {
      assert.ok(description.statuses(method, described).includes("204"));
      assert.equal(answer.bytes.length, 0);
    } else {
      assert.deepEqual(description.problems(method, described, status, answer.body), differs === undefined ? [] : [differs]);
    }
  }

  for (const { kind, described, asked, owner } of kinds) {
    describe(`for ${kind}`, () => {
      const packages = `${asked}/packages`;
      const versions = `${packages}/container/team%2Flogto/versions`;
      let id = 0;
      beforeEach(async () => {
        sandbox().setOwner("gao-sun", "User");
        sandbox().setOwner("octocat", "User");
        const target = targetOf(sandbox(), `${owner}/team/logto`);
        await pushMultiArchImage(target, { seed: "one", tags: ["v1"] });
        await pushMultiArchImage(target, { seed: "two", tags: ["v2", "prod"] });
        id = versionsIn(await callApi(sandbox(), `${versions}`))[1]?.id ?? 0;
      });

      it("lists packages, without the count of versions that it describes", () =>
        fits(sandbox(), "GET", `${described}/packages`, `${packages}?package_type=container`, 200, {
          differs: "/0 must have required property 'version_count'",
        }));
      it("gets a package", () => fits(sandbox(), "GET", `${described}/packages${one}`, `${packages}/container/team%2Flogto`, 200));
      it("lists versions", () => fits(sandbox(), "GET", `${described}/packages${one}/versions`, `${versions}?per_page=100`, 200));
      it("gets a version", () =>
        fits(sandbox(), "GET", `${described}/packages${one}/versions/{package_version_id}`, `${versions}/${id}`, 200));
      it("deletes a version, lists it as deleted, and restores it", async () => {
        const version = `${described}/packages${one}/versions/{package_version_id}`;
        await fits(sandbox(), "DELETE", version, `${versions}/${id}`, 204);
        await fits(sandbox(), "GET", `${described}/packages${one}/versions`, `${versions}?state=deleted`, 200);
        await fits(sandbox(), "POST", `${version}/restore`, `${versions}/${id}/restore`, 204);
      });
      it("deletes a package and restores it", async () => {
        const asksFor = `${packages}/container/team%2Flogto`;
        await fits(sandbox(), "DELETE", `${described}/packages${one}`, asksFor, 204);
        await fits(sandbox(), "POST", `${described}/packages${one}/restore`, `${asksFor}/restore`, 204);
      });
      it("refuses an unknown token", () =>
        fits(sandbox(), "GET", `${described}/packages${one}/versions`, `${versions}`, 401, { token: "ghp_unknown" }));
      it("refuses a token without the scope", () => {
        const token = sandbox().createToken({ scopes: ["repo"] });
        return fits(sandbox(), "GET", `${described}/packages${one}/versions`, `${versions}`, 403, { token });
      });
      it("does not find what is not there", () =>
        fits(sandbox(), "GET", `${described}/packages${one}/versions`, `${packages}/container/nothing/versions`, 404));
    });
  }

  it("records a deployment and lists it", async () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const where = { logical_environment: "production", cluster: "eu-1", deployment_name: "shop-web" };
    const body = JSON.stringify({ name: "app", digest, status: "deployed", ...where });
    const described = "/orgs/{org}/artifacts/metadata/deployment-record";
    await fits(sandbox(), "POST", described, "/orgs/logto-io/artifacts/metadata/deployment-record", 200, { body });
    const list = "/orgs/{org}/artifacts/{subject_digest}/metadata/deployment-records";
    for (const decommissionedRecords of ["omitted", "listed"] as const) {
      sandbox().setSwitches({ decommissionedRecords });
      await fits(sandbox(), "GET", list, `/orgs/logto-io/artifacts/${encodeURIComponent(digest)}/metadata/deployment-records`, 200);
    }
  });
  it("describes a user", () => fits(sandbox(), "GET", "/users/{username}", "/users/gao-sun", 200));
  it("describes an organisation", () => fits(sandbox(), "GET", "/orgs/{org}", "/orgs/logto-io", 200));
  it("describes the authenticated user", () => fits(sandbox(), "GET", "/user", "/user", 200));
  it("describes a membership of the authenticated user", async () => {
    const described = "/user/memberships/orgs/{org}";
    const token = sandbox().createToken({ scopes: ["read:org"], organizationRole: "admin" });
    await fits(sandbox(), "GET", described, "/user/memberships/orgs/logto-io", 200, { token });
    await fits(sandbox(), "GET", described, "/user/memberships/orgs/logto-io", 403);
  });
  it("tells the rate limit", () => fits(sandbox(), "GET", "/rate_limit", "/rate_limit", 200));
});
