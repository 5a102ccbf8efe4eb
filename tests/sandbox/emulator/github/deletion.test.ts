import assert from "node:assert/strict";
import { type Answer, callApi, callRegistry, versionsIn } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const versions = "/orgs/logto-io/packages/container/logto/versions";
const pkg = "logto-io/logto";

function told(answer: Answer): [number, string | undefined] {
  return [answer.status, answer.message];
}

describe("deleting a version", () => {
  const sandbox = useSandbox();
  const remove = (id: number, token?: string) =>
    callApi(sandbox(), `${versions}/${id}`, { method: "DELETE", ...(token === undefined ? {} : { token }) });

  it("takes it from the list and from the registry, and lists it as deleted", async () => {
    const [old, fresh] = sandbox().seed([
      { package: pkg, tags: ["old"] },
      { package: pkg, tags: ["new"] },
    ]);
    assert.equal((await remove(old?.id ?? 0)).status, 204);
    assert.deepEqual(
      versionsIn(await callApi(sandbox(), versions)).map(({ id }) => id),
      [fresh?.id],
    );
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/old`)).status, 404);
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/${old?.digest}`)).status, 404);
    const deleted = versionsIn(await callApi(sandbox(), `${versions}?state=deleted`));
    assert.deepEqual(
      deleted.map(({ id, deleted_at }) => [id, deleted_at]),
      [[old?.id, "2023-12-01T00:00:00Z"]],
    );
  });

  it("lets a child of a tagged index go without a word", async () => {
    const [child] = sandbox().seed([{ package: pkg }]);
    const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: child?.digest, size: 1 };
    sandbox().seed([{ package: pkg, tags: ["prod"], manifest: { schemaVersion: 2, manifests: [descriptor] } }]);
    assert.equal((await remove(child?.id ?? 0)).status, 204);
  });

  it("is refused for the last tagged version, while untagged ones may go", async () => {
    const [untagged, tagged] = sandbox().seed([{ package: pkg }, { package: pkg, tags: ["prod", "latest"] }, { package: pkg }]);
    assert.deepEqual(told(await remove(tagged?.id ?? 0)), [
      400,
      "You cannot delete the last tagged version of a package. You must delete the package instead.",
    ]);
    assert.equal((await remove(untagged?.id ?? 0)).status, 204);
  });

  it("counts a sha256- tag as a tag", async () => {
    const [tagged] = sandbox().seed([
      { package: pkg, tags: ["prod"] },
      { package: pkg, tags: [`sha256-${"0".repeat(64)}`] },
    ]);
    assert.equal((await remove(tagged?.id ?? 0)).status, 204);
  });

  it("may refuse the last tagged version with the text about downloads", async () => {
    sandbox().setSwitches({ lastTaggedRefusal: "downloads" });
    const [tagged] = sandbox().seed([{ package: pkg, tags: ["prod"] }, { package: pkg }]);
    assert.match((await remove(tagged?.id ?? 0)).message ?? "", /more than 5000 downloads/);
  });

  it("is refused for the last version of all", async () => {
    const [only] = sandbox().seed([{ package: pkg }]);
    assert.deepEqual(told(await remove(only?.id ?? 0)), [
      400,
      "You cannot delete the last version of a package. You must delete the package instead.",
    ]);
  });

  it("is refused over 5,000 downloads, if public", async () => {
    const [popular, , limit] = sandbox().seed([
      { package: pkg, downloads: 5001 },
      { package: pkg, tags: ["prod"] },
      { package: pkg, downloads: 5000 },
    ]);
    sandbox().setPackage({ package: pkg, visibility: "public" });
    assert.deepEqual(told(await remove(popular?.id ?? 0)), [
      400,
      "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact GitHub support for further assistance.",
    ]);
    assert.equal((await remove(limit?.id ?? 0)).status, 204);
    sandbox().setPackage({ package: pkg, visibility: "private" });
    assert.equal((await remove(popular?.id ?? 0)).status, 204);
  });

  it("says 'Package version not found.' for one that is gone, and 'Package not found.' without admin right", async () => {
    const [old] = sandbox().seed([{ package: pkg }, { package: pkg, tags: ["prod"] }]);
    const token = sandbox().createToken({ role: "write" });
    assert.deepEqual(told(await remove(old?.id ?? 0, token)), [404, "Package not found."]);
    await remove(old?.id ?? 0);
    assert.deepEqual(told(await remove(old?.id ?? 0)), [404, "Package version not found."]);
    assert.deepEqual(told(await remove(12345)), [404, "Package version not found."]);
  });

  it("writes the status in the body as a string", async () => {
    assert.deepEqual((await remove(1)).body, {
      message: "Package not found.",
      documentation_url: "https://docs.github.com/rest/packages/packages",
      status: "404",
    });
  });
});

describe("restoring a version", () => {
  const sandbox = useSandbox();
  const restore = (id = 0) => callApi(sandbox(), `${versions}/${id}/restore`, { method: "POST" });
  const deleteOld = async () => {
    const [old] = sandbox().seed([
      { package: pkg, tags: ["old", "older"] },
      { package: pkg, tags: ["prod"] },
    ]);
    await callApi(sandbox(), `${versions}/${old?.id}`, { method: "DELETE" });
    return old?.id ?? 0;
  };
  const tagsOf = (id: number) =>
    sandbox()
      .package(pkg)
      ?.versions.find((version) => version.id === id)?.tags;

  it("brings it back in its place, with its tags", async () => {
    const id = await deleteOld();
    assert.equal((await restore(id)).status, 204);
    assert.deepEqual(tagsOf(id), ["old", "older"]);
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/old`)).status, 200);
    assert.deepEqual(versionsIn(await callApi(sandbox(), `${versions}?state=deleted`)), []);
  });

  it("brings it back without tags, if they do not return", async () => {
    sandbox().setSwitches({ tagsReturnOnRestore: false });
    const id = await deleteOld();
    await restore(id);
    assert.deepEqual(tagsOf(id), []);
  });

  it("leaves a tag where it went meanwhile", async () => {
    const id = await deleteOld();
    sandbox().seed([{ package: pkg, tags: ["old"] }]);
    await restore(id);
    assert.deepEqual(tagsOf(id), ["older"]);
  });

  it("may move updated_at or not", async () => {
    const id = await deleteOld();
    sandbox().advanceClock(3600);
    await restore(id);
    const updated = () =>
      sandbox()
        .package(pkg)
        ?.versions.find((version) => version.id === id)?.updatedAt;
    assert.equal(updated(), "2023-12-01T00:00:00Z");
    sandbox().setSwitches({ updatedAtOnRestore: true });
    await callApi(sandbox(), `${versions}/${id}`, { method: "DELETE" });
    await restore(id);
    assert.equal(updated(), "2023-12-01T01:00:00Z");
  });

  it("is possible for 30 days", async () => {
    const id = await deleteOld();
    sandbox().advanceClock(30 * 24 * 3600 - 1);
    assert.equal(versionsIn(await callApi(sandbox(), `${versions}?state=deleted`)).length, 1);
    sandbox().advanceClock(1);
    assert.deepEqual(told(await restore(id)), [404, "Package version not found."]);
    assert.deepEqual(versionsIn(await callApi(sandbox(), `${versions}?state=deleted`)), []);
  });

  it("is refused for one that is there, and without write:packages", async () => {
    const id = await deleteOld();
    const token = sandbox().createToken({ scopes: ["read:packages", "delete:packages"] });
    assert.equal((await callApi(sandbox(), `${versions}/${id}/restore`, { method: "POST", token })).status, 403);
    await restore(id);
    assert.deepEqual(told(await restore(id)), [404, "Package version not found."]);
  });

  it("may hide the tags of deleted versions in their list", async () => {
    await deleteOld();
    const tags = async () => versionsIn(await callApi(sandbox(), `${versions}?state=deleted`))[0]?.metadata.container.tags;
    assert.deepEqual(await tags(), ["old", "older"]);
    sandbox().setSwitches({ deletedListsTags: false });
    assert.deepEqual(await tags(), []);
  });
});

describe("deleting and restoring a package", () => {
  const sandbox = useSandbox();
  const path = "/orgs/logto-io/packages/container/logto";

  it("hides it from the API and the registry, and brings it back whole", async () => {
    sandbox().seed([{ package: pkg, tags: ["prod"] }]);
    assert.equal((await callApi(sandbox(), path, { method: "DELETE" })).status, 204);
    assert.deepEqual(told(await callApi(sandbox(), path)), [404, "Package not found."]);
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/prod`)).status, 404);
    assert.equal((await callApi(sandbox(), `${path}/restore`, { method: "POST" })).status, 204);
    assert.equal((await callRegistry(sandbox(), `/v2/${pkg}/manifests/prod`)).status, 200);
  });

  it("cannot be restored after 30 days, or when its name is in use again", async () => {
    sandbox().seed([{ package: pkg, tags: ["prod"] }]);
    await callApi(sandbox(), path, { method: "DELETE" });
    sandbox().seed([{ package: pkg, tags: ["prod"] }]);
    assert.equal((await callApi(sandbox(), `${path}/restore`, { method: "POST" })).status, 400);
    await callApi(sandbox(), path, { method: "DELETE" });
    sandbox().advanceClock(30 * 24 * 3600);
    assert.deepEqual(told(await callApi(sandbox(), `${path}/restore`, { method: "POST" })), [404, "Package not found."]);
  });

  it("is refused to a public package with a popular version", async () => {
    sandbox().seed([{ package: pkg, downloads: 5001 }]);
    sandbox().setPackage({ package: pkg, visibility: "public" });
    assert.equal((await callApi(sandbox(), path, { method: "DELETE" })).status, 400);
  });
});
