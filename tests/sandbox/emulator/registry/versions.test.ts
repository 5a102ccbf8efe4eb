import assert from "node:assert/strict";
import {
  buildImage,
  buildMultiArchImage,
  type Content,
  pushArtifact,
  pushContent,
  pushImage,
  pushMultiArchImage,
} from "../../../../sandbox";
import { callApi, callRegistry, targetOf } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const pkg = "logto-io/logto";

describe("a push", () => {
  const sandbox = useSandbox();
  const target = () => targetOf(sandbox(), pkg);
  const versions = () => sandbox().package(pkg)?.versions ?? [];
  const version = (digest: string) => versions().find((one) => one.digest === digest);

  it("makes a version for each manifest, the index with the tags", async () => {
    const pushed = await pushMultiArchImage(target(), { seed: "one", tags: ["v1", "prod"] });
    assert.deepEqual(
      new Map(versions().map(({ digest, tags }) => [digest, tags])),
      new Map([
        [pushed.index, ["v1", "prod"]],
        ...[...pushed.children, ...pushed.attestations].map(({ digest }): [string, string[]] => [digest, []]),
      ]),
    );
    assert.equal(versions().length, 5);
  });

  it("dates a version by the first push of its digest", async () => {
    const digest = await pushImage(target(), { seed: "one", tags: ["a"] });
    sandbox().advanceClock(3600);
    await pushImage(target(), { seed: "one", tags: ["b"] });
    assert.equal(versions().length, 1);
    assert.equal(version(digest)?.createdAt, "2023-12-01T00:00:00Z");
    assert.deepEqual(version(digest)?.tags, ["a", "b"]);
  });

  it("takes a moved tag off the version that had it", async () => {
    const old = await pushImage(target(), { seed: "old", tags: ["prod", "v1"] });
    const fresh = await pushImage(target(), { seed: "new", tags: ["prod"] });
    assert.deepEqual(version(old)?.tags, ["v1"]);
    assert.deepEqual(version(fresh)?.tags, ["prod"]);
  });

  for (const moves of [true, false]) {
    it(`moves updated_at of the version that ${moves ? "gains" : "gains or loses"} a tag: ${moves}`, async () => {
      sandbox().setSwitches({ updatedAtOnTagGain: moves, updatedAtOnTagLoss: moves });
      const old = await pushImage(target(), { seed: "old", tags: ["prod"] });
      const other = await pushImage(target(), { seed: "other", tags: ["other"] });
      sandbox().advanceClock(3600);
      await pushImage(target(), { seed: "other", tags: ["prod"] });
      const expected = moves ? "2023-12-01T01:00:00Z" : "2023-12-01T00:00:00Z";
      assert.equal(version(old)?.updatedAt, expected);
      assert.equal(version(other)?.updatedAt, expected);
    });

    it(`moves updated_at when the same is pushed again: ${moves}`, async () => {
      sandbox().setSwitches({ updatedAtOnRepush: moves });
      const digest = await pushImage(target(), { seed: "one", tags: ["prod"] });
      sandbox().advanceClock(3600);
      await pushImage(target(), { seed: "one", tags: ["prod"] });
      assert.equal(version(digest)?.updatedAt, moves ? "2023-12-01T01:00:00Z" : "2023-12-01T00:00:00Z");
    });

    it(`moves updated_at when it is pulled: ${moves}`, async () => {
      sandbox().setSwitches({ updatedAtOnPull: moves });
      const digest = await pushImage(target(), { seed: "one", tags: ["prod"] });
      sandbox().advanceClock(3600);
      await callRegistry(sandbox(), `/v2/${pkg}/manifests/prod`);
      assert.equal(version(digest)?.updatedAt, moves ? "2023-12-01T01:00:00Z" : "2023-12-01T00:00:00Z");
    });

    it(`counts each GET of a manifest as a download, and a HEAD: ${moves}`, async () => {
      sandbox().setSwitches({ headCountsAsDownload: moves });
      const digest = await pushImage(target(), { seed: "one", tags: ["prod"] });
      await callRegistry(sandbox(), `/v2/${pkg}/manifests/prod`);
      await callRegistry(sandbox(), `/v2/${pkg}/manifests/${digest}`);
      await callRegistry(sandbox(), `/v2/${pkg}/manifests/prod`, { method: "HEAD" });
      assert.equal(version(digest)?.downloads, moves ? 3 : 2);
    });
  }

  it("may share a child between indexes", async () => {
    const first = await pushMultiArchImage(target(), { seed: "one", attestations: false, tags: ["a"] });
    const second = await pushMultiArchImage(target(), { seed: "one", attestations: false, platforms: ["linux/amd64"], tags: ["b"] });
    assert.equal(first.children[0]?.digest, second.children[0]?.digest);
    assert.equal(versions().length, 4);
  });

  it("keeps `subject` and says nothing of it", async () => {
    const pushed = await pushMultiArchImage(target(), { seed: "one", tags: ["v1"] });
    const signature = await pushArtifact(target(), { seed: "one", artifactType: "application/vnd.test", subject: pushed.built.index });
    const answer = await callRegistry(sandbox(), `/v2/${pkg}/manifests/${signature.digest}`);
    assert.deepEqual(answer.bytes, signature.bytes);
    const again = await callRegistry(sandbox(), `/v2/${pkg}/manifests/${signature.digest}`, {
      method: "PUT",
      body: signature.bytes,
      headers: { "content-type": signature.mediaType },
    });
    assert.deepEqual([again.status, again.headers.get("oci-subject")], [201, null]);
  });

  it("makes a private package, or as the switch says", async () => {
    await pushImage(target(), { seed: "one", tags: ["v1"] });
    assert.equal(sandbox().package(pkg)?.visibility, "private");
    sandbox().setSwitches({ newPackageVisibility: "public" });
    await pushImage(targetOf(sandbox(), "logto-io/other"), { seed: "one", tags: ["v1"] });
    assert.equal(sandbox().package("logto-io/other")?.visibility, "public");
  });
});

describe("a push of a deleted digest", () => {
  const sandbox = useSandbox();
  const target = () => targetOf(sandbox(), pkg);
  const image = buildImage("linux/amd64", { seed: "one" });
  const deleted = () =>
    sandbox()
      .package(pkg)
      ?.deleted.map(({ id }) => id);
  const now = () =>
    sandbox()
      .package(pkg)
      ?.versions.find(({ digest }) => digest === image.manifest.digest);
  let id = 0;

  beforeEach(async () => {
    await pushImage(target(), { seed: "stays", tags: ["prod"] });
    await pushImage(target(), { seed: "one", tags: ["old"] });
    id = now()?.id ?? 0;
    await callApi(sandbox(), `/orgs/logto-io/packages/container/logto/versions/${id}`, { method: "DELETE" });
    sandbox().advanceClock(3600);
  });

  it("revives the old version, with its date and without its old tags", async () => {
    sandbox().setSwitches({ repushOfDeleted: "revive" });
    await pushContent(target(), image.manifest, ["fresh"]);
    assert.deepEqual([now()?.id, now()?.createdAt, now()?.tags], [id, "2023-12-01T00:00:00Z", ["fresh"]]);
    assert.deepEqual(deleted(), []);
  });

  it("makes a new version, and the deleted one cannot be restored", async () => {
    await pushContent(target(), image.manifest, ["fresh"]);
    assert.notEqual(now()?.id, id);
    assert.equal(now()?.createdAt, "2023-12-01T01:00:00Z");
    assert.deepEqual(deleted(), [id]);
    const restore = await callApi(sandbox(), `/orgs/logto-io/packages/container/logto/versions/${id}/restore`, { method: "POST" });
    assert.equal(restore.status, 400);
  });

  it("makes a new version, and the deleted one is listed no more", async () => {
    sandbox().setSwitches({ deletedListedAfterRepush: false });
    await pushContent(target(), image.manifest, ["fresh"]);
    assert.deepEqual(deleted(), []);
  });
});

describe("a push that is wrong", () => {
  const sandbox = useSandbox();
  const put = (reference: string, content: Content, contentType = content.mediaType) =>
    callRegistry(sandbox(), `/v2/${pkg}/manifests/${reference}`, {
      method: "PUT",
      body: content.bytes,
      headers: { "content-type": contentType },
    });
  const image = buildImage("linux/amd64", { seed: "one" }).manifest;
  const index = buildMultiArchImage({ seed: "one" }).index;
  const text = (bytes: string): Content => ({ ...image, bytes: Buffer.from(bytes) });

  const cases: [string, () => ReturnType<typeof put>, number][] = [
    ["lacks its blobs", () => put("v1", image), 400],
    ["is not JSON", () => put("v1", text("{")), 400],
    ["is not a manifest", () => put("v1", text("{}")), 400],
    ["is announced as another type", () => put("v1", index, image.mediaType), 400],
    ["has another digest", () => put(`sha256:${"0".repeat(64)}`, index), 400],
    ["has a bad tag", () => put(".v1", index), 400],
    ["is larger than 4 MiB", () => put("v1", text(" ".repeat(4 * 1024 * 1024 + 1))), 413],
  ];
  for (const [name, attempt, status] of cases) {
    it(`${name}: ${status}`, async () => {
      assert.equal((await attempt()).status, status);
      assert.deepEqual(sandbox().package(pkg)?.versions ?? [], []);
    });
  }

  it("may lack its blobs or its children, as the switches say", async () => {
    assert.equal((await put("v1", index)).status, 201);
    sandbox().setSwitches({ requireChildren: true, requireBlobs: false });
    assert.equal((await put("v1", index)).status, 400);
    assert.equal((await put("v1", image)).status, 201);
  });
});
