import assert from "node:assert/strict";
import { openRelay, type Relay } from "../../../live/policy/relay";
import { ProbePackage } from "../../../live/scratch/probe-package";
import { pushImage } from "../../../sandbox";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { owner } from "../../support/live/acceptance";

const day = 86_400;

describe("the relay of a live run", () => {
  const sandbox = useSandbox({ now: "2026-11-23T12:00:00Z" });
  let probe: ProbePackage;
  let relay: Relay;
  beforeEach(async () => {
    const { githubApiUrl, registryUrl, token } = sandbox();
    probe = ProbePackage.make(owner);
    for (const repository of [`${probe}`, `${owner}/app`]) {
      for (const tag of ["one", "two"]) await pushImage({ registryUrl, token, repository }, { seed: tag, tags: [tag] });
    }
    relay = await openRelay({ githubApiUrl, package: probe, kind: "orgs", secondsAhead: 3 * day });
  });
  afterEach(() => relay.close());

  const send = (method: string, path: string, token = sandbox().token) =>
    fetch(`${relay.url}${path}`, { method, headers: { authorization: `token ${token}` } });
  const versionsOf = (name: string) => `/orgs/${owner}/packages/container/${name}/versions`;
  const newestOf = (name: string) => sandbox().package(`${owner}/${name}`)?.versions[0]?.id;

  it("answers as GitHub does, with a clock that is ahead", async () => {
    const answer = await send("GET", versionsOf(probe.name));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("date"), "Thu, 26 Nov 2026 12:00:00 GMT");
    assert.equal(((await answer.json()) as unknown[]).length, 2);
    const again = await fetch(`${relay.url}${versionsOf(probe.name)}`, {
      headers: { authorization: `token ${sandbox().token}`, "if-none-match": answer.headers.get("etag") ?? "" },
    });
    assert.equal(again.status, 304);
  });

  it("brings no token of its own", async () => {
    assert.equal((await send("GET", versionsOf(probe.name), "ghp_wrong")).status, 401);
    assert.equal((await fetch(`${relay.url}${versionsOf(probe.name)}`)).status, 401);
  });

  it("passes on what deletes and restores a version of the package", async () => {
    const version = `${versionsOf(probe.name)}/${newestOf(probe.name)}`;
    assert.equal((await send("DELETE", version)).status, 204);
    assert.equal((await send("POST", `${version}/restore`)).status, 204);
    assert.equal(sandbox().package(`${probe}`)?.versions.length, 2);
  });

  it("refuses every other change, before GitHub hears of it", async () => {
    const other = `${versionsOf("app")}/${newestOf("app")}`;
    const own = versionsOf(probe.name);
    sandbox().clearRequests();
    const refused = [
      other,
      `${own}/../../app/versions/${newestOf("app")}`,
      `${own}/%2e%2e/%2e%2e/app/versions/1`,
      own.replace("/versions", ""),
    ];
    for (const path of refused) {
      for (const method of ["DELETE", "POST", "PUT", "PATCH"]) {
        const answer = await send(method, path);
        assert.equal(answer.status, 403, `${method} ${path}`);
        assert.match(await answer.text(), /A live run changes versions of acme\/ghcr-retention-probe-[0-9a-f]{12} alone/);
      }
    }
    assert.deepEqual(sandbox().requests(), []);
  });
});
