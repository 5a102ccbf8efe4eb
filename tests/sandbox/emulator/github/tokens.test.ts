import assert from "node:assert/strict";
import { callApi } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const versions = "/orgs/logto-io/packages/container/logto/versions";

describe("the API's tokens", () => {
  const sandbox = useSandbox();
  let id = 0;
  beforeEach(() => {
    const [old] = sandbox().seed([{ package: "logto-io/logto" }, { package: "logto-io/logto", tags: ["prod"] }]);
    id = old?.id ?? 0;
  });

  const scopes = [
    { scopes: ["read:packages"], list: 200, remove: 403, restore: 403 },
    { scopes: ["read:packages", "delete:packages"], list: 200, remove: 204, restore: 403 },
    { scopes: ["write:packages", "delete:packages"], list: 200, remove: 204, restore: 204 },
    { scopes: ["read:packages", "write:packages"], list: 200, remove: 403, restore: 404 },
    { scopes: ["delete:packages"], list: 403, remove: 403, restore: 403 },
    { scopes: [], list: 403, remove: 403, restore: 403 },
  ];
  for (const expected of scopes) {
    it(`with [${expected.scopes.join(", ")}]: list ${expected.list}, delete ${expected.remove}, restore ${expected.restore}`, async () => {
      const token = sandbox().createToken({ scopes: expected.scopes });
      assert.equal((await callApi(sandbox(), versions, { token })).status, expected.list);
      assert.equal((await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", token })).status, expected.remove);
      assert.equal((await callApi(sandbox(), `${versions}/${id}/restore`, { method: "POST", token })).status, expected.restore);
    });
  }

  it("tell a classic token's scopes, and say which are missing", async () => {
    const token = sandbox().createToken({ scopes: ["read:packages"] });
    const answer = await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", token });
    assert.equal(answer.headers.get("x-oauth-scopes"), "read:packages");
    assert.match(answer.message ?? "", /delete:packages/);
  });

  it("of a workflow tell no scopes and go by their role", async () => {
    const admin = sandbox().createToken({ kind: "installation" });
    const answer = await callApi(sandbox(), versions, { token: admin });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("x-oauth-scopes"), null);
    const reader = sandbox().createToken({ kind: "installation", role: "read" });
    assert.equal((await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", token: reader })).message, "Package not found.");
    assert.equal((await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", token: admin })).status, 204);
  });

  it("may have their role on some packages only", async () => {
    const token = sandbox().createToken({ packages: ["logto-io/other"] });
    assert.equal((await callApi(sandbox(), versions, { token })).status, 200);
    assert.equal((await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", token })).message, "Package not found.");
  });

  it("without any role see no private package", async () => {
    const token = sandbox().createToken({ role: "none" });
    assert.equal((await callApi(sandbox(), versions, { token })).message, "Package not found.");
    sandbox().setPackage({ package: "logto-io/logto", visibility: "public" });
    assert.equal((await callApi(sandbox(), versions, { token })).status, 200);
  });

  it("of the fine-grained kind are refused", async () => {
    const token = sandbox().createToken({ kind: "fine-grained" });
    const answer = await callApi(sandbox(), versions, { token });
    assert.deepEqual([answer.status, answer.message], [403, "Resource not accessible by personal access token"]);
  });

  it("are needed, known, and not expired", async () => {
    assert.equal((await callApi(sandbox(), versions, { token: null })).message, "Requires authentication");
    assert.equal((await callApi(sandbox(), versions, { token: "ghp_wrong" })).message, "Bad credentials");
    const token = sandbox().createToken({ expiresAt: "2023-12-02T00:00:00Z" });
    const answer = await callApi(sandbox(), versions, { token });
    assert.equal(answer.headers.get("github-authentication-token-expiration"), "2023-12-02 00:00:00 UTC");
    sandbox().advanceClock(24 * 3600);
    assert.deepEqual((await callApi(sandbox(), versions, { token })).status, 401);
  });
});

describe("the API's limits", () => {
  const sandbox = useSandbox();

  it("are told with every answer, on the sandbox's clock", async () => {
    const first = await callApi(sandbox(), "/users/logto-io");
    const second = await callApi(sandbox(), "/users/logto-io");
    assert.equal(first.headers.get("date"), "Fri, 01 Dec 2023 00:00:00 GMT");
    assert.equal(first.headers.get("x-ratelimit-limit"), "5000");
    assert.equal(second.headers.get("x-ratelimit-remaining"), "4998");
    assert.equal(second.headers.get("x-ratelimit-used"), "2");
    assert.equal(second.headers.get("x-ratelimit-resource"), "core");
    assert.equal(second.headers.get("x-ratelimit-reset"), String(Date.parse("2023-12-01T01:00:00Z") / 1000));
    sandbox().advanceClock(3600);
    assert.equal((await callApi(sandbox(), "/users/logto-io")).headers.get("x-ratelimit-used"), "1");
  });

  it("refuse past the hour's quota when enforced", async () => {
    sandbox().setLimits({ enforce: true, hourly: 2 });
    await callApi(sandbox(), "/users/logto-io");
    await callApi(sandbox(), "/users/logto-io");
    const refused = await callApi(sandbox(), "/users/logto-io");
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("x-ratelimit-remaining"), "0");
    assert.equal(refused.headers.get("retry-after"), null);
  });

  it("count 5 points for a DELETE and refuse past the minute's points", async () => {
    sandbox().setLimits({ enforce: true, pointsPerMinute: 11, retryAfterSeconds: 7 });
    const remove = () => callApi(sandbox(), "/orgs/logto-io/packages/container/none", { method: "DELETE" });
    assert.equal((await remove()).status, 404);
    assert.equal((await remove()).status, 404);
    const refused = await remove();
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get("retry-after"), "7");
    assert.match(refused.message ?? "", /secondary rate limit/);
    assert.equal((await callApi(sandbox(), "/users/logto-io")).status, 200, "a GET still fits");
  });

  it("refuse too many requests at once", async () => {
    sandbox().setLimits({ enforce: true, concurrent: 2 });
    sandbox().setLatency(20);
    const answers = await Promise.all(Array.from({ length: 4 }, () => callApi(sandbox(), "/users/logto-io")));
    assert.ok(answers.some(({ status }) => status === 403));
  });
});
