import assert from "node:assert/strict";
import { connect } from "../../../../components/inventory/connection";
import { type ListedPackage, listPackages } from "../../../../components/inventory/github/list-packages";
import { type FaultRequest, type Sandbox, startSandbox } from "../../../../sandbox";

describe("the list of an owner's packages", () => {
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await startSandbox({ now: "2026-11-23T12:00:00Z" });
    for (let place = 0; place < 250; place++) sandbox.setPackage({ package: `acme/p${place}`, visibility: "private" });
    sandbox.setPackage({ package: "acme/p7", repository: "acme/seven" });
    sandbox.setOwner("Octo", "User");
    sandbox.setPackage({ package: "octo/tool", visibility: "public" });
  });
  afterEach(() => sandbox.clearFaults());
  after(() => sandbox.close());

  function list(owner: string, token = sandbox.token): Promise<ListedPackage[]> {
    const { githubApiUrl, registryUrl } = sandbox;
    return listPackages(connect({ githubApiUrl, registryUrl, deletionsPerMinute: 60_000, cacheFolder: undefined }, token, 1).github, owner);
  }

  const pages = { surface: "api", path: "/api/orgs/acme/packages" } as const satisfies FaultRequest["match"];

  it("holds the packages of all pages, with visibility and repository", async () => {
    const packages = await list("acme");
    assert.equal(packages.length, 250);
    assert.deepEqual(
      packages.find(({ name }) => name === "p7"),
      { name: "p7", visibility: "private", repository: "acme/seven" },
    );
  });

  it("is asked for where a user's packages are", async () => {
    assert.deepEqual(await list("octo"), [{ name: "tool", visibility: "public" }]);
  });

  it("is read again until two lists one after the other agree", async () => {
    sandbox.addFault({ match: pages, after: 1, times: 1, effect: { kind: "body", body: "[]" } });
    assert.equal((await list("acme")).length, 250);
  });

  it("is empty where the owner has none, and GitHub names page 0 as the last", async () => {
    const link = `<${sandbox.githubApiUrl}/organizations/1001/packages?package_type=container&per_page=100&page=0>; rel="last"`;
    sandbox.addFault({ match: { path: "/orgs/nobody/packages" }, times: null, effect: { kind: "body", body: "[]", headers: { link } } });
    assert.deepEqual(await list("nobody"), []);
  });

  it("is not believed where it never agrees", async () => {
    sandbox.addFault({ match: { ...pages, pattern: "page=2" }, times: null, effect: { kind: "body", body: "[]" } });
    await assert.rejects(list("acme"), /acme: the list of packages could not be read consistently in 5 attempts/);
  });

  it("cannot be had with GITHUB_TOKEN, whose 400 the error explains, with the way out", async () => {
    const token = sandbox.createToken({ kind: "installation" });
    await assert.rejects(
      list("acme", token),
      /^RetentionError: acme: GitHub answered 400: Invalid argument\. So GitHub answers a token that may not list the owner's packages: GITHUB_TOKEN cannot list them, .* Set a classic token with read:packages .* or name the packages one by one, without patterns, which needs no list\.$/,
    );
  });

  it("is not to blame on the token where a 400 says something else", async () => {
    sandbox.addFault({ match: pages, effect: { kind: "status", status: 400, body: { message: "Bad request" } } });
    await assert.rejects(list("acme"), /^RetentionError: acme: GitHub answered 400: Bad request; run again later\.$/);
  });
});
