import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { pushBlob } from "../../../../sandbox";
import { type Answer, callRegistry, ociErrorIn, targetOf } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";
const bytes = Buffer.from("0123456789");

function digest(algorithm = "sha256"): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

describe("uploading a blob", () => {
  const sandbox = useSandbox();
  const uploads = `/v2/${pkg}/blobs/uploads/`;
  const send = (method: string, path: string, body?: Buffer, headers: Record<string, string> = {}) =>
    callRegistry(sandbox(), path, { method, headers, ...(body === undefined ? {} : { body }) });
  const begin = async () => (await send("POST", uploads)).headers.get("location") ?? "";
  const isThere = async () => (await send("HEAD", `/v2/${pkg}/blobs/${digest()}`)).status === 200;
  const told = (answer: Answer) => [answer.status, ociErrorIn(answer)?.code];

  it("works at once, with either digest", async () => {
    assert.equal((await send("POST", `${uploads}?digest=${digest()}`, bytes)).status, 201);
    assert.equal((await send("POST", `${uploads}?digest=${digest("sha512")}`, bytes)).status, 201);
    assert.ok(await isThere());
  });

  it("begins an upload with one POST where the registry takes none, which our own pushes then end", async () => {
    sandbox().setSwitches({ uploadByOnePost: false });
    const answer = await send("POST", `${uploads}?digest=${digest()}`, bytes);
    assert.equal(answer.status, 202);
    assert.ok(!(await isThere()));
    assert.equal(await pushBlob(targetOf(sandbox(), pkg), bytes), digest());
    assert.ok(await isThere());
  });

  it("works as POST and PUT", async () => {
    const answer = await send("PUT", `${await begin()}?digest=${digest()}`, bytes);
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("location"), `/v2/${pkg}/blobs/${digest()}`);
    assert.ok(await isThere());
  });

  it("works in chunks, and tells how far it is", async () => {
    const location = await begin();
    const first = await send("PATCH", location, bytes.subarray(0, 4), { "content-range": "0-3" });
    assert.deepEqual([first.status, first.headers.get("range")], [202, "0-3"]);
    const status = await send("GET", location);
    assert.deepEqual([status.status, status.headers.get("range")], [204, "0-3"]);
    await send("PATCH", location, bytes.subarray(4, 8), { "content-range": "4-7" });
    assert.equal((await send("PUT", `${location}?digest=${digest()}`, bytes.subarray(8))).status, 201);
    assert.ok(await isThere());
  });

  it("refuses a chunk out of order", async () => {
    const location = await begin();
    await send("PATCH", location, bytes.subarray(0, 4), { "content-range": "0-3" });
    const wrong = await send("PATCH", location, bytes.subarray(6), { "content-range": "6-9" });
    assert.deepEqual([wrong.status, wrong.headers.get("range")], [416, "0-3"]);
  });

  it("verifies the digest", async () => {
    assert.deepEqual(told(await send("POST", `${uploads}?digest=sha256:${"0".repeat(64)}`, bytes)), [400, "DIGEST_INVALID"]);
    assert.deepEqual(told(await send("POST", `${uploads}?digest=md5:abc`, bytes)), [400, "DIGEST_INVALID"]);
    assert.deepEqual(told(await send("PUT", await begin(), bytes)), [400, "DIGEST_INVALID"]);
  });

  it("can be cancelled, and is over then", async () => {
    const location = await begin();
    assert.equal((await send("DELETE", location)).status, 204);
    assert.deepEqual(told(await send("GET", location)), [404, "BLOB_UPLOAD_UNKNOWN"]);
  });

  it("is not needed where the blob can be mounted from a repository one may read", async () => {
    await send("POST", `/v2/logto-io/base/blobs/uploads/?digest=${digest()}`, bytes);
    const mounted = await send("POST", `${uploads}?mount=${digest()}&from=logto-io/base`);
    assert.equal(mounted.status, 201);
    assert.ok(await isThere());
    const unknown = await send("POST", `${uploads}?mount=sha256:${"0".repeat(64)}&from=logto-io/base`);
    assert.equal(unknown.status, 202);
  });

  it("refuses a repository's bad name", async () => {
    assert.equal((await send("POST", "/v2/Upper/case/blobs/uploads/")).status, 400);
    assert.equal((await send("POST", "/v2/ownerless/blobs/uploads/")).status, 400);
  });
});
