import assert from "node:assert/strict";
import { z } from "zod";
import { callApi, linksIn, versionsIn } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const package_ = "/orgs/logto-io/packages/container/logto";
const versions = `${package_}/versions`;

/** What people recorded of GitHub's answers, where its documentation is silent or says otherwise. */
describe("an answer of the API, as it was recorded", () => {
  const sandbox = useSandbox();
  let ids: number[] = [];
  beforeEach(() => {
    ids = sandbox()
      .seed(Array.from({ length: 25 }, (_, place) => ({ package: "logto-io/logto", tags: [`v${place}`] })))
      .map(({ id }) => id);
  });

  it("names no accepted scopes, and says in its message which are missing", async () => {
    const token = sandbox().createToken({ scopes: ["repo"] });
    const list = await callApi(sandbox(), versions, { token });
    assert.equal(list.headers.get("x-accepted-oauth-scopes"), "");
    assert.deepEqual([list.status, list.message], [403, "You need at least read:packages scope to get a package's versions."]);
    const packages = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container", { token });
    assert.deepEqual([packages.status, packages.message], [403, "You need at least read:packages scope to list packages."]);
  });

  for (const kind of ["installation", "fine-grained"] as const) {
    it(`does not list packages for a token that cannot, and calls that an invalid argument: ${kind}`, async () => {
      const token = sandbox().createToken({ kind });
      const answer = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container", { token });
      assert.equal(answer.status, 400);
      assert.deepEqual(answer.body, {
        message: "Invalid argument.",
        documentation_url: "https://docs.github.com/rest/packages/packages",
        status: "400",
      });
    });
  }

  it("names no user for the token of a workflow", async () => {
    const answer = await callApi(sandbox(), "/user", { token: sandbox().createToken({ kind: "installation" }) });
    assert.deepEqual([answer.status, answer.message], [403, "Resource not accessible by integration"]);
  });

  it("counts versions for one package, not in a list of packages", async () => {
    const count = z.object({ version_count: z.int().optional() });
    assert.equal(count.parse((await callApi(sandbox(), package_)).body).version_count, 25);
    const list = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container");
    assert.deepEqual(z.array(count).parse(list.body), [{}]);
  });

  it("links an organisation by its id, where pages can be asked for as well", async () => {
    const { next = "", last = "" } = linksIn(await callApi(sandbox(), `${versions}?per_page=10`));
    const { id } = z.object({ id: z.int() }).parse((await callApi(sandbox(), "/orgs/logto-io")).body);
    const url = `${sandbox().githubApiUrl}/organizations/${id}/packages/container/logto/versions`;
    assert.deepEqual([next, last], [`${url}?per_page=10&page=2`, `${url}?per_page=10&page=3`]);
    const second = await callApi(sandbox(), next.slice(sandbox().githubApiUrl.length));
    assert.equal(versionsIn(second).length, 10);
    assert.equal((await callApi(sandbox(), "/organizations/999999/packages/container/logto/versions")).status, 404);
  });

  it("is empty past the end, and still names the last page", async () => {
    const past = await callApi(sandbox(), `${versions}?per_page=10&page=9`);
    assert.deepEqual(past.body, []);
    assert.match(linksIn(past).last ?? "", /\bpage=3$/);
    assert.equal(linksIn(past).next, undefined);
  });

  it("takes page 0 for the first", async () => {
    const pages = await Promise.all([0, 1].map((page) => callApi(sandbox(), `${versions}?per_page=10&page=${page}`)));
    assert.deepEqual(pages[0]?.body, pages[1]?.body);
    assert.deepEqual(linksIn(pages[0] ?? assert.fail()), linksIn(pages[1] ?? assert.fail()));
  });

  it("tells the version of the API, and refuses one that there is not", async () => {
    const answer = (version?: string) =>
      callApi(sandbox(), versions, version === undefined ? {} : { headers: { "x-github-api-version": version } });
    for (const version of [undefined, "2022-11-28", "2026-03-10"]) {
      assert.equal((await answer(version)).headers.get("x-github-api-version-selected"), version ?? "2022-11-28");
    }
    assert.equal((await answer("2001-01-01")).status, 400);
  });

  describe("to a token of a workflow", () => {
    it("which has about 520 characters", async () => {
      const token = sandbox().createToken({ kind: "installation" });
      assert.match(token, /^ghs_\d+_eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.equal(token.length, 520);
      assert.equal((await callApi(sandbox(), versions, { token })).status, 200);
    });

    it("past its limit has no header of the limit", async () => {
      const token = sandbox().createToken({ kind: "installation" });
      sandbox().setLimits({ enforce: true, hourly: 1 });
      assert.equal((await callApi(sandbox(), versions, { token })).headers.get("x-ratelimit-limit"), "1");
      const refused = await callApi(sandbox(), versions, { token });
      assert.deepEqual([refused.status, refused.message], [403, "API rate limit exceeded for installation ID 17536452."]);
      assert.deepEqual(
        [...refused.headers.keys()].filter((name) => /ratelimit|retry-after/.test(name)),
        [],
      );
    });

    it("has none of them at all, as the switch says", async () => {
      sandbox().setSwitches({ installationRateHeaders: false });
      const answer = await callApi(sandbox(), versions, { token: sandbox().createToken({ kind: "installation" }) });
      assert.deepEqual([answer.status, answer.headers.get("x-ratelimit-limit")], [200, null]);
      assert.equal((await callApi(sandbox(), versions)).headers.get("x-ratelimit-limit"), "5000");
    });
  });

  describe("about an organisation with a policy for tokens", () => {
    it("refuses a classic token without single sign-on, and says where to authorise it", async () => {
      sandbox().setOwner("logto-io", "Organization", "single-sign-on");
      const answer = await callApi(sandbox(), versions);
      assert.deepEqual(
        [answer.status, answer.message],
        [
          403,
          "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
        ],
      );
      assert.match(
        answer.headers.get("x-github-sso") ?? "",
        /^required; url=https:\/\/github\.com\/orgs\/logto-io\/sso\?authorization_request=\w+$/,
      );
      assert.equal((await callApi(sandbox(), versions, { token: sandbox().createToken({ kind: "installation" }) })).status, 200);
    });

    it("refuses a classic token where these are forbidden", async () => {
      sandbox().setOwner("logto-io", "Organization", "no-classic");
      const answer = await callApi(sandbox(), versions);
      assert.equal(answer.status, 403);
      assert.match(answer.message ?? "", /^`logto-io` forbids access via a personal access token \(classic\)\. /);
    });
  });

  describe("about deleted versions", () => {
    const deleted = `${versions}?state=deleted`;
    beforeEach(() => callApi(sandbox(), `${versions}/${ids[0]}`, { method: "DELETE" }));

    it("is for every token that may read, or only for one that may write", async () => {
      const reader = sandbox().createToken({ scopes: ["read:packages"] });
      const readingJob = sandbox().createToken({ kind: "installation", role: "read" });
      const writer = sandbox().createToken({ scopes: ["write:packages"] });
      const statuses = async () =>
        Promise.all([reader, readingJob, writer].map(async (token) => (await callApi(sandbox(), deleted, { token })).status));
      assert.deepEqual(await statuses(), [200, 200, 200]);
      sandbox().setSwitches({ deletedListsToReaders: false });
      assert.deepEqual(await statuses(), [403, 403, 200]);
      assert.equal((await callApi(sandbox(), versions, { token: reader })).status, 200);
    });

    it("says when each was deleted, or not", async () => {
      const times = async () => versionsIn(await callApi(sandbox(), deleted)).map(({ deleted_at }) => deleted_at);
      assert.deepEqual(await times(), ["2023-12-01T00:00:00Z"]);
      sandbox().setSwitches({ deletedListsTimes: false });
      assert.deepEqual(await times(), [undefined]);
    });
  });

  it("has new stamps of all versions after a change of the package, as the switch says", async () => {
    sandbox().advanceClock(3600);
    const stamps = async () => [...new Set(versionsIn(await callApi(sandbox(), versions)).map(({ updated_at }) => updated_at))];
    sandbox().setPackage({ package: "logto-io/logto", visibility: "public" });
    assert.deepEqual(await stamps(), ["2023-12-01T00:00:00Z"]);
    sandbox().setSwitches({ updatedAtOnPackageChange: true });
    sandbox().setPackage({ package: "logto-io/logto", repository: "logto-io/logto" });
    assert.deepEqual(await stamps(), ["2023-12-01T01:00:00Z"]);
  });
});
