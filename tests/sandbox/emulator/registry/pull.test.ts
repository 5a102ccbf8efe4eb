import assert from "node:assert/strict";
import { MediaType, pushBlob, pushImage, pushMultiArchImage } from "../../../../sandbox";
import { callRegistry, linksIn, ociErrorIn, targetOf } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";

describe("pulling", () => {
  const sandbox = useSandbox();
  const target = () => targetOf(sandbox(), pkg);
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    callRegistry(sandbox(), `/v2/${pkg}/${path}`, { method, headers });

  it("gives a manifest's exact bytes, type and digest, by tag and by digest", async () => {
    const { built } = await pushMultiArchImage(target(), { seed: "one", tags: ["v1"] });
    for (const reference of ["v1", built.index.digest]) {
      const answer = await get(`manifests/${reference}`);
      assert.deepEqual(answer.bytes, built.index.bytes);
      assert.equal(answer.headers.get("content-type"), MediaType.ociIndex);
      assert.equal(answer.headers.get("docker-content-digest"), built.index.digest);
    }
  });

  it("answers HEAD with the length and no body", async () => {
    const { built } = await pushMultiArchImage(target(), { seed: "one", tags: ["v1"] });
    const answer = await get("manifests/v1", {}, "HEAD");
    assert.deepEqual([answer.status, answer.bytes.length], [200, 0]);
    assert.equal(answer.headers.get("content-length"), String(built.index.bytes.length));
  });

  it("keeps Docker's media types", async () => {
    await pushMultiArchImage(target(), { seed: "one", docker: true, attestations: false, tags: ["v1"] });
    assert.equal((await get("manifests/v1")).headers.get("content-type"), MediaType.dockerList);
  });

  it("serves OCI types only to those who accept them, unless the switch is off", async () => {
    await pushMultiArchImage(target(), { seed: "one", tags: ["v1"] });
    const refused = await get("manifests/v1", { accept: "*/*" });
    assert.deepEqual(ociErrorIn(refused), {
      code: "MANIFEST_UNKNOWN",
      message: "OCI index found, but Accept header does not support OCI indexes",
    });
    sandbox().setSwitches({ acceptEnforced: false });
    assert.equal((await get("manifests/v1", { accept: "*/*" })).status, 200);
  });

  it("knows no manifest that GitHub lists and the registry lost", async () => {
    const digest = await pushImage(target(), { seed: "one", tags: ["v1"] });
    sandbox().setPackage({ package: pkg, versions: [{ version: digest, unknownToRegistry: true }] });
    assert.equal(ociErrorIn(await get("manifests/v1"))?.code, "MANIFEST_UNKNOWN");
    assert.equal(ociErrorIn(await get(`manifests/${digest}`))?.code, "MANIFEST_UNKNOWN");
  });

  it("gives blobs whole and in ranges", async () => {
    const digest = await pushBlob(target(), Buffer.from("0123456789"));
    const range = async (header: string) => {
      const answer = await get(`blobs/${digest}`, { range: header });
      return [answer.status, answer.bytes.toString(), answer.headers.get("content-range")];
    };
    assert.equal((await get(`blobs/${digest}`)).bytes.toString(), "0123456789");
    assert.deepEqual(await range("bytes=2-4"), [206, "234", "bytes 2-4/10"]);
    assert.deepEqual(await range("bytes=7-"), [206, "789", "bytes 7-9/10"]);
    assert.deepEqual(await range("bytes=-3"), [206, "789", "bytes 7-9/10"]);
    assert.deepEqual(await range("bytes=5-99"), [206, "56789", "bytes 5-9/10"]);
    assert.deepEqual(await range("bytes=10-"), [416, "", "bytes */10"]);
    assert.equal(ociErrorIn(await get(`blobs/sha256:${"0".repeat(64)}`))?.code, "BLOB_UNKNOWN");
  });

  it("shows a blob only where it was pushed", async () => {
    const digest = await pushBlob(target(), Buffer.from("mine"));
    const elsewhere = await callRegistry(sandbox(), `/v2/logto-io/other/blobs/${digest}`);
    assert.equal(elsewhere.status, 404);
  });

  it("lists tags in order, 100 at most, linked", async () => {
    sandbox().seed([{ package: pkg, tags: Array.from({ length: 230 }, (_, place) => `v${place}`) }]);
    const seen: string[] = [];
    let next: string | undefined = `/v2/${pkg}/tags/list`;
    while (next !== undefined) {
      const answer = await callRegistry(sandbox(), next);
      const { tags } = answer.body as { tags: string[] };
      assert.ok(tags.length <= 100);
      seen.push(...tags);
      next = linksIn(answer).next;
    }
    assert.deepEqual(seen, Array.from({ length: 230 }, (_, place) => `v${place}`).sort());
    const page = await get("tags/list?n=2&last=v10");
    assert.deepEqual(page.body, { name: pkg, tags: ["v100", "v101"] });
    assert.equal(linksIn(page).next, `/v2/${pkg}/tags/list?last=v101&n=2`);
  });
});

describe("what GHCR's registry does not do", () => {
  const sandbox = useSandbox();

  it("deletes nothing: 405", async () => {
    const digest = await pushImage(targetOf(sandbox(), pkg), { seed: "one", tags: ["v1"] });
    const blob = await pushBlob(targetOf(sandbox(), pkg), Buffer.from("blob"));
    for (const path of [`manifests/${digest}`, "manifests/v1", `blobs/${blob}`]) {
      const answer = await callRegistry(sandbox(), `/v2/${pkg}/${path}`, { method: "DELETE" });
      assert.deepEqual([answer.status, ociErrorIn(answer)?.code], [405, "UNSUPPORTED"], path);
    }
  });

  it("has no referrers: a redirect to another host, which notes who comes", async () => {
    const answer = await callRegistry(sandbox(), `/v2/${pkg}/referrers/sha256:${"0".repeat(64)}`);
    assert.equal(answer.status, 303);
    const location = answer.headers.get("location") ?? "";
    assert.ok(location.startsWith(sandbox().foreignUrl));
    assert.notEqual(new URL(location).hostname, new URL(sandbox().registryUrl).hostname);
    await fetch(location, { headers: { authorization: "Bearer leaked" } });
    const arrived = sandbox()
      .requests()
      .filter(({ surface }) => surface === "foreign");
    assert.deepEqual(
      arrived.map(({ token }) => token),
      ["unknown"],
    );
  });

  for (const [path, known] of [
    [`${pkg}/referrers/sha256:${"0".repeat(64)}`, `${pkg}/referrers/sha256`],
    [`${pkg}/unheard-of`, `${pkg}/unheard-of`],
    ["_catalog", "_catalog"],
  ] as const) {
    it(`sends a request for ${known}, which it does not serve, to a page about a package`, async () => {
      const answer = await callRegistry(sandbox(), `/v2/${path}`);
      const page = `${sandbox().foreignUrl}/-/v2/packages/container/package/${encodeURIComponent(known)}`;
      assert.deepEqual([answer.status, answer.headers.get("location")], [303, page]);
    });
  }

  it("has no referrers: 404, as the switch says", async () => {
    sandbox().setSwitches({ referrers: "not-found" });
    const answer = await callRegistry(sandbox(), `/v2/${pkg}/referrers/sha256:${"0".repeat(64)}`);
    assert.equal(answer.status, 404);
  });
});
