import assert from "node:assert/strict";
import { z } from "zod";
import { pushImage } from "../../../../sandbox";
import { callRegistry, ociErrorIn, targetOf } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";

describe("signing in to the registry", () => {
  const sandbox = useSandbox();
  const manifest = `/v2/${pkg}/manifests/v1`;
  beforeEach(async () => {
    await pushImage(targetOf(sandbox(), pkg), { seed: "one", tags: ["v1"] });
  });

  async function issued(password: string | undefined): Promise<string> {
    const basic = password === undefined ? {} : { authorization: `Basic ${Buffer.from(`anyone:${password}`).toString("base64")}` };
    const answer = await fetch(`${sandbox().registryUrl}/token?scope=repository:${pkg}:pull`, { headers: basic });
    return z.object({ token: z.string() }).parse(await answer.json()).token;
  }
  const pullAs = (token: string) => callRegistry(sandbox(), manifest, { token: null, headers: { authorization: `Bearer ${token}` } });

  it("is asked for with a challenge, for /v2/ and for a repository", async () => {
    const { host } = new URL(sandbox().registryUrl);
    const challenge = async (path: string, method = "GET") =>
      (await callRegistry(sandbox(), path, { token: null, method })).headers.get("www-authenticate");
    const realm = `Bearer realm="${sandbox().registryUrl}/token",service="${host}"`;
    assert.equal(await challenge("/v2/"), realm);
    assert.equal(await challenge(manifest), `${realm},scope="repository:${pkg}:pull"`);
    assert.equal(await challenge(`/v2/${pkg}/blobs/uploads/`, "POST"), `${realm},scope="repository:${pkg}:pull,push"`);
  });

  it("works through the token endpoint", async () => {
    assert.equal((await pullAs(await issued(sandbox().token))).status, 200);
  });

  it("works with base64 of the token, and not with the token as it is", async () => {
    assert.equal((await pullAs(Buffer.from(sandbox().token).toString("base64"))).status, 200);
    assert.equal((await pullAs(sandbox().token)).status, 401);
  });

  it("is refused to a wrong password", async () => {
    const basic = `Basic ${Buffer.from("anyone:wrong").toString("base64")}`;
    const answer = await callRegistry(sandbox(), "/token", { token: null, headers: { authorization: basic } });
    assert.deepEqual([answer.status, ociErrorIn(answer)?.code], [403, "DENIED"]);
  });

  describe("by POST, as containerd and buildx ask first", () => {
    const ask = (password: string) =>
      callRegistry(sandbox(), "/token", {
        token: null,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({
          grant_type: "password",
          service: "127.0.0.1",
          scope: `repository:${pkg}:pull`,
          username: "anyone",
          password,
        }).toString(),
      });

    it("is not allowed, as on GHCR, so that they ask by GET", async () => {
      const answer = await ask(sandbox().token);
      assert.deepEqual([answer.status, ociErrorIn(answer)?.code], [405, "UNSUPPORTED"]);
    });

    it("works as on other registries, as the switch says", async () => {
      sandbox().setSwitches({ tokenByPost: "issue" });
      const { access_token } = z.object({ access_token: z.string() }).parse((await ask(sandbox().token)).body);
      assert.equal((await pullAs(access_token)).status, 200);
      assert.equal((await ask("wrong")).status, 403);
    });
  });

  it("refuses classic tokens where the organisation forbids them", async () => {
    sandbox().setOwner("logto-io", "Organization", "no-classic");
    const answer = await callRegistry(sandbox(), manifest);
    assert.deepEqual([answer.status, ociErrorIn(answer)?.code], [403, "DENIED"]);
    assert.match(ociErrorIn(answer)?.message ?? "", /`logto-io` forbids access via a personal access token \(classic\)/);
    assert.equal((await callRegistry(sandbox(), manifest, { token: sandbox().createToken({ kind: "installation" }) })).status, 200);
  });

  it("takes the token of a workflow, with its 520 characters", async () => {
    const token = sandbox().createToken({ kind: "installation" });
    assert.equal((await pullAs(await issued(token))).status, 200);
    assert.equal((await callRegistry(sandbox(), manifest, { token })).status, 200);
  });

  it("anonymously opens public packages only, and still needs a token", async () => {
    const anonymous = await issued(undefined);
    assert.equal((await pullAs(anonymous)).status, 401);
    sandbox().setPackage({ package: pkg, visibility: "public" });
    assert.equal((await callRegistry(sandbox(), manifest, { token: null })).status, 401);
    assert.equal((await pullAs(anonymous)).status, 200);
    const push = await callRegistry(sandbox(), `/v2/${pkg}/blobs/uploads/`, {
      method: "POST",
      token: null,
      headers: { authorization: `Bearer ${anonymous}` },
    });
    assert.equal(push.status, 401);
  });

  it("goes by scope and role", async () => {
    const push = (token: string) => callRegistry(sandbox(), `/v2/${pkg}/blobs/uploads/`, { method: "POST", token });
    const reader = sandbox().createToken({ scopes: ["read:packages"] });
    assert.equal((await callRegistry(sandbox(), manifest, { token: reader })).status, 200);
    assert.equal(ociErrorIn(await push(reader))?.code, "DENIED");
    assert.equal((await push(sandbox().createToken({ role: "read" }))).status, 403);
    assert.equal((await push(sandbox().createToken({ kind: "installation", role: "write" }))).status, 202);
    const nobody = sandbox().createToken({ scopes: ["repo"] });
    assert.equal((await callRegistry(sandbox(), manifest, { token: nobody })).status, 403);
    const fineGrained = sandbox().createToken({ kind: "fine-grained" });
    assert.equal((await callRegistry(sandbox(), manifest, { token: fineGrained })).status, 403);
  });

  it("ends when the GitHub token does", async () => {
    const token = sandbox().createToken({ expiresAt: "2023-12-02T00:00:00Z" });
    const bearer = await issued(token);
    assert.equal((await pullAs(bearer)).status, 200);
    sandbox().advanceClock(24 * 3600);
    assert.equal((await pullAs(bearer)).status, 401);
  });

  it("leaves no token in the log", async () => {
    await pullAs(await issued(sandbox().token));
    assert.ok(!JSON.stringify(sandbox().requests()).includes(sandbox().token));
    assert.deepEqual(
      sandbox()
        .requests()
        .slice(-2)
        .map(({ token }) => token),
      ["classic", "classic"],
    );
  });
});
