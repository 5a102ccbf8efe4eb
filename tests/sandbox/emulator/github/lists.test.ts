import assert from "node:assert/strict";
import { z } from "zod";
import { callApi, linksIn, tagsIn, versionsIn } from "../../../support/emulator/calls";
import { useSandbox } from "../../../support/emulator/running-sandbox";

const versions = "/orgs/logto-io/packages/container/logto/versions";

function seeds(count: number, pkg = "logto-io/logto") {
  return Array.from({ length: count }, (_, place) => ({ package: pkg, tags: [`v${place}`] }));
}

describe("the list of a package's versions", () => {
  const sandbox = useSandbox();

  it("is newest first, by creation and then by id", async () => {
    sandbox().seed([
      { package: "logto-io/logto", tags: ["second"], createdAt: "2023-02-01T00:00:00Z" },
      { package: "logto-io/logto", tags: ["first"], createdAt: "2023-01-01T00:00:00Z" },
      { package: "logto-io/logto", tags: ["third"], createdAt: "2023-02-01T00:00:00Z" },
    ]);
    assert.deepEqual(tagsIn(await callApi(sandbox(), versions)), [["third"], ["second"], ["first"]]);
  });

  it("has pages of 30, and of 100 at most", async () => {
    sandbox().seed(seeds(130));
    assert.equal(versionsIn(await callApi(sandbox(), versions)).length, 30);
    assert.equal(versionsIn(await callApi(sandbox(), `${versions}?per_page=500`)).length, 100);
  });

  it("links its pages absolutely: next and last, then all four, then first and prev", async () => {
    sandbox().seed(seeds(25));
    const { id } = sandbox().store.owners.get("logto-io");
    const url = `${sandbox().githubApiUrl}${versions.replace("/orgs/logto-io", `/organizations/${id}`)}`;
    const page = (number: number) => `${url}?per_page=10&page=${number}`;
    const links = async (number: number) => linksIn(await callApi(sandbox(), `${versions}?per_page=10&page=${number}`));
    assert.deepEqual(await links(1), { next: page(2), last: page(3) });
    assert.deepEqual(await links(2), { prev: page(1), next: page(3), last: page(3), first: page(1) });
    assert.deepEqual(await links(3), { prev: page(2), first: page(1) });
    assert.deepEqual(versionsIn(await callApi(sandbox(), `${versions}?per_page=10&page=4`)), []);
  });

  it("needs no Link on a single page", async () => {
    sandbox().seed(seeds(3));
    assert.deepEqual(linksIn(await callApi(sandbox(), versions)), {});
  });

  it("follows its links to every version, once", async () => {
    sandbox().seed(seeds(250));
    const seen: number[] = [];
    let next: string | undefined = `${sandbox().githubApiUrl}${versions}?per_page=100`;
    while (next !== undefined) {
      const answer = await callApi(sandbox(), next.slice(sandbox().githubApiUrl.length));
      seen.push(...versionsIn(answer).map(({ id }) => id));
      next = linksIn(answer).next;
    }
    assert.equal(seen.length, 250);
    assert.equal(new Set(seen).size, 250);
  });

  it("has no tags field missing, also for untagged versions", async () => {
    sandbox().seed([{ package: "logto-io/logto" }]);
    assert.deepEqual(tagsIn(await callApi(sandbox(), versions)), [[]]);
  });

  it("answers 304 to the ETag it gave, until something changes", async () => {
    sandbox().seed(seeds(3));
    const first = await callApi(sandbox(), versions);
    const etag = first.headers.get("etag") ?? "";
    const again = await callApi(sandbox(), versions, { headers: { "if-none-match": etag } });
    assert.equal(again.status, 304);
    assert.equal(again.headers.get("x-ratelimit-used"), "1", "an unchanged answer is free");
    sandbox().seed(seeds(1));
    const changed = await callApi(sandbox(), versions, { headers: { "if-none-match": etag } });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("etag"), etag);
  });

  it("can be asked for under each kind of owner, the wrong kind being not found", async () => {
    sandbox().setOwner("gao-sun", "User");
    sandbox().seed([...seeds(1), ...seeds(1, "gao-sun/logto")]);
    assert.equal((await callApi(sandbox(), "/users/gao-sun/packages/container/logto/versions")).status, 200);
    const wrong = await callApi(sandbox(), "/orgs/gao-sun/packages/container/logto/versions");
    assert.deepEqual([wrong.status, wrong.message], [404, "Package not found."]);
    assert.equal((await callApi(sandbox(), "/users/logto-io/packages/container/logto/versions")).message, "Package not found.");
  });

  it("takes a package's slash as %2F only", async () => {
    sandbox().seed(seeds(1, "logto-io/team/logto"));
    assert.equal((await callApi(sandbox(), "/orgs/logto-io/packages/container/team%2Flogto/versions")).status, 200);
    assert.equal((await callApi(sandbox(), "/orgs/logto-io/packages/container/team/logto/versions")).status, 404);
  });

  it("compares owners without case", async () => {
    sandbox().seed(seeds(1, "Logto-IO/logto"));
    assert.equal((await callApi(sandbox(), "/orgs/LOGTO-io/packages/container/logto/versions")).status, 200);
  });

  it("shows what was seen in the wild: one tag on two versions", async () => {
    sandbox().seed(seeds(2));
    sandbox().setPackage({ package: "logto-io/logto", versions: [{ version: "v0", alsoListedTags: ["v1"] }] });
    assert.deepEqual(tagsIn(await callApi(sandbox(), versions)), [["v1"], ["v0", "v1"]]);
  });
});

describe("the list of an owner's packages", () => {
  const sandbox = useSandbox();
  const names = (body: unknown) =>
    z
      .array(z.object({ name: z.string() }))
      .parse(body)
      .map(({ name }) => name);

  beforeEach(() => {
    sandbox().seed([...seeds(1, "logto-io/a"), ...seeds(1, "logto-io/team/b"), ...seeds(1, "logto-io/c"), ...seeds(1, "other/d")]);
    sandbox().setPackage({ package: "logto-io/c", visibility: "public" });
  });

  it("holds the owner's own, page by page", async () => {
    const first = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container&per_page=2");
    assert.deepEqual(names(first.body), ["a", "team/b"]);
    assert.ok(linksIn(first).next?.endsWith("package_type=container&per_page=2&page=2"));
  });

  it("filters by visibility", async () => {
    const publics = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container&visibility=public");
    assert.deepEqual(names(publics.body), ["c"]);
  });

  it("wants a package type", async () => {
    assert.equal((await callApi(sandbox(), "/orgs/logto-io/packages")).status, 422);
    assert.deepEqual((await callApi(sandbox(), "/orgs/logto-io/packages?package_type=npm")).body, []);
  });

  it("is closed to a workflow's GITHUB_TOKEN", async () => {
    const token = sandbox().createToken({ kind: "installation" });
    const answer = await callApi(sandbox(), "/orgs/logto-io/packages?package_type=container", { token });
    assert.deepEqual([answer.status, answer.message], [400, "Invalid argument."]);
  });

  it("tells the owner's kind", async () => {
    sandbox().setOwner("gao-sun", "User");
    const type = async (login: string) => z.object({ type: z.string() }).parse((await callApi(sandbox(), `/users/${login}`)).body).type;
    assert.equal(await type("gao-sun"), "User");
    assert.equal(await type("logto-io"), "Organization");
  });
});
