import assert from "node:assert/strict";
import { z } from "zod";
import { buildMultiArchImage, seedsOf } from "../../../sandbox";
import { callApi, callRegistry, control, tagsIn } from "../../support/emulator/calls";
import { useSandbox } from "../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";
const versions = "/orgs/logto-io/packages/container/logto/versions";

describe("control over HTTP", () => {
  const sandbox = useSandbox({});
  const ok = async (what: string, body?: unknown) => {
    const answer = await control(sandbox(), what, body);
    assert.ok(answer.status === 200 || answer.status === 204, `${what}: ${answer.status} ${answer.message}`);
    return answer.body;
  };
  const seed = (...seeds: object[]) => ok("POST seed", { versions: seeds.map((one) => ({ package: pkg, ...one })) });
  const dateOf = async () => (await callApi(sandbox(), "/users/logto-io")).headers.get("date");

  it("sets the clock and stops it, moves it, and lets it run", async () => {
    await ok("POST clock", { now: "2023-12-01T00:00:00Z" });
    assert.equal(await dateOf(), "Fri, 01 Dec 2023 00:00:00 GMT");
    await ok("POST clock", { advance: 3600 });
    assert.equal(await dateOf(), "Fri, 01 Dec 2023 01:00:00 GMT");
    await seed({});
    assert.equal(sandbox().package(pkg)?.versions[0]?.createdAt, "2023-12-01T01:00:00Z");
    await ok("POST clock", { now: "2024-01-01T00:00:00Z", running: true });
    const start = sandbox().now().getTime();
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(sandbox().now().getTime() > start);
  });

  it("has real time until it is set", () => {
    assert.ok(Math.abs(sandbox().now().getTime() - Date.now()) < 5000);
  });

  it("seeds versions with dates, tags, downloads and manifests", async () => {
    const manifest = { schemaVersion: 2, manifests: [] };
    await seed(
      { manifest, tags: ["index"], createdAt: "2023-01-01T00:00:00Z", updatedAt: "2023-02-01T00:00:00Z", downloads: 7 },
      { tags: ["image"], createdAt: "2023-03-01T00:00:00Z" },
      { digest: `sha256:${"a".repeat(64)}`, tags: ["ghost"], createdAt: "2022-01-01T00:00:00Z" },
    );
    assert.deepEqual(tagsIn(await callApi(sandbox(), versions)), [["image"], ["index"], ["ghost"]]);
    assert.deepEqual((await callRegistry(sandbox(), `/v2/${pkg}/manifests/index`)).body, manifest);
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/ghost`)).status, 404);
    const index = sandbox().package(pkg)?.versions[1];
    assert.deepEqual([index?.updatedAt, index?.downloads], ["2023-02-01T00:00:00Z", 8]);
  });

  it("moves a tag within one seed, and shares one digest", async () => {
    await seed({ manifest: "{}", tags: ["a", "b"] }, { tags: ["b"] }, { manifest: "{}", tags: ["c"] });
    assert.deepEqual(
      sandbox()
        .package(pkg)
        ?.versions.map(({ tags }) => tags),
      [["b"], ["a", "c"]],
    );
  });

  it("seeds an image as buildx pushes it", async () => {
    const image = buildMultiArchImage({ seed: "one" });
    await ok("POST seed", { versions: seedsOf(image, { package: pkg, tags: ["v1"] }) });
    const versions = sandbox().package(pkg)?.versions ?? [];
    assert.equal(versions.length, 5);
    assert.deepEqual([versions[0]?.digest, versions[0]?.tags], [image.index.digest, ["v1"]]);
  });

  it("seeds 20,000 versions at once and pages through them", async () => {
    const seeds = Array.from({ length: 20_000 }, (_, place) => ({ package: pkg, tags: [`v${place}`] }));
    await ok("POST seed", { versions: seeds });
    assert.deepEqual(tagsIn(await callApi(sandbox(), `${versions}?per_page=1&page=20000`)), [["v0"]]);
  });

  it("makes tokens, owners, packages, switches, limits and latency", async () => {
    await seed({ tags: ["v1"] });
    const { token } = z.object({ token: z.string() }).parse(await ok("POST tokens", { scopes: ["read:packages"] }));
    assert.equal((await callApi(sandbox(), versions, { token })).headers.get("x-oauth-scopes"), "read:packages");
    await ok("POST owners", { login: "logto-io", type: "User" });
    assert.equal((await callApi(sandbox(), versions)).status, 404);
    await ok("POST packages", { package: pkg, visibility: "public", versions: [{ version: "v1", downloads: 6000 }] });
    assert.deepEqual([sandbox().package(pkg)?.visibility, sandbox().package(pkg)?.versions[0]?.downloads], ["public", 6000]);
    const switches = await ok("POST switches", { referrers: "not-found" });
    assert.deepEqual(await ok("GET switches"), switches);
    await ok("POST limits", { enforce: true, hourly: 1 });
    await ok("POST latency", { ms: 20 });
    const before = performance.now();
    await callApi(sandbox(), "/users/logto-io");
    assert.ok(performance.now() - before >= 19);
  });

  it("takes one fault or a list, counts them, and forgets them", async () => {
    await ok("POST faults", { effect: { kind: "status", status: 503 } });
    await ok("POST faults", [{ id: "two", effect: { kind: "delay", ms: 1 } }]);
    assert.equal((await callApi(sandbox(), "/users/logto-io")).status, 503);
    assert.deepEqual(await ok("GET faults"), [
      { id: "fault-1", kind: "status", struck: 1 },
      { id: "two", kind: "delay", struck: 1 },
    ]);
    await ok("DELETE faults");
    assert.deepEqual(await ok("GET faults"), []);
  });

  it("logs what was asked, with times and the kind of token, and not itself", async () => {
    await ok("POST clock", { now: "2023-12-01T00:00:00Z" });
    await callApi(sandbox(), "/users/logto-io?x=1");
    await callRegistry(sandbox(), "/v2/", { token: null });
    await callRegistry(sandbox(), "/v2/", { token: "wrong" });
    const entry = z.object({
      surface: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.int(),
      clock: z.string(),
      token: z.string(),
    });
    assert.deepEqual(z.array(entry).parse(await ok("GET requests")), [
      { surface: "api", method: "GET", path: "/api/users/logto-io?x=1", status: 200, clock: "2023-12-01T00:00:00.000Z", token: "classic" },
      { surface: "registry", method: "GET", path: "/v2/", status: 401, clock: "2023-12-01T00:00:00.000Z", token: "anonymous" },
      { surface: "registry", method: "GET", path: "/v2/", status: 401, clock: "2023-12-01T00:00:00.000Z", token: "unknown" },
    ]);
    await ok("DELETE requests");
    assert.deepEqual(await ok("GET requests"), []);
  });

  it("tells where everything is", async () => {
    const { githubApiUrl, registryUrl, foreignUrl } = sandbox();
    assert.deepEqual(await ok("GET addresses"), { githubApiUrl, registryUrl, foreignUrl });
  });

  it("dumps what is there", async () => {
    await ok("POST clock", { now: "2023-12-01T00:00:00Z" });
    await seed({ tags: ["v1"] });
    assert.deepEqual(await ok("GET state"), JSON.parse(JSON.stringify(sandbox().state())));
  });

  it("refuses what it does not understand, and says why", async () => {
    const refused = async (what: string, body?: unknown) => {
      const answer = await control(sandbox(), what, body);
      return [answer.status, answer.message];
    };
    assert.match(String((await refused("POST clock", {}))[1]), /needs now or advance/);
    assert.match(String((await refused("POST switches", { unknown: true }))[1]), /unknown/);
    assert.match(String((await refused("POST faults", { effect: { kind: "magic" } }))[1]), /kind/);
    assert.match(String((await refused("POST packages", { package: pkg, versions: [{ version: "v9" }] }))[1]), /no version v9/);
    assert.equal((await refused("POST nothing"))[0], 404);
    const broken = await fetch(`${sandbox().url}/_sandbox/seed`, { method: "POST", body: "{" });
    assert.equal(broken.status, 400);
  });
});
