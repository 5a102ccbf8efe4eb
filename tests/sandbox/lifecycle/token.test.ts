import assert from "node:assert/strict";
import { observePackage } from "../../../components/observe/observe-package";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { SimulatedStack } from "../../support/lifecycle/simulated-stack";

const repository = "acme/app";

describe("the kinds of tokens", function () {
  this.timeout(30_000);

  let sandbox: Sandbox;
  let world: PackageWorld;
  let stack: SimulatedStack;

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    world = await new PackageWorld(sandbox, repository).deploy(small);
    stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic" }));
  });
  afterEach(() => sandbox.close());

  it("are asked for before any request", async () => {
    sandbox.clearRequests();
    const endpoints = {
      githubApiUrl: sandbox.githubApiUrl,
      registryUrl: sandbox.registryUrl,
      deletionsPerMinute: 60_000,
      cacheFolder: undefined,
    };
    const outcome = await observePackage({ endpoints, token: undefined }, policyFor(repository));
    assert.match(
      outcome.kind === "failed" ? outcome.observationError : "",
      /^no token: set GITHUB_TOKEN, or `pulumi config set --secret ghcr-retention:token`; a preview needs the scope read:packages$/,
    );
    assert.deepEqual(sandbox.requests(), []);
  });

  it("are refused before any request where they are fine-grained, with what to use instead", async () => {
    stack.token = sandbox.createToken({ kind: "fine-grained" });
    sandbox.clearRequests();
    assert.match(
      (await stack.preview()).observationError ?? "",
      /^the token is a fine-grained one .* use a classic token \(ghp_…\) with read:packages/,
    );
    await assert.rejects(stack.up(), /^RetentionError: the token is a fine-grained one/);
    assert.deepEqual(sandbox.requests(), []);
  });

  for (const [what, token] of Object.entries({
    "a line break": "ghp_one\nghp_two",
    "a space": "ghp_one two",
    nothing: " ",
    "a letter of no token": "ghp_ä",
  })) {
    it(`are refused before any request where they hold ${what}, and are not repeated`, async () => {
      stack.token = token;
      sandbox.clearRequests();
      const { observationError } = await stack.preview();
      assert.match(observationError ?? "", /^the token is empty, or holds a space, a line break or another character that no token has/);
      assert.equal(/ghp_(one|two|ä)/.test(observationError ?? ""), false);
      assert.deepEqual(sandbox.requests(), []);
    });
  }

  it("may end with a line break, as files do", async () => {
    stack.token = `${sandbox.createToken()}\n`;
    assert.equal((await stack.preview()).observationError, undefined);
  });

  for (const scopes of [["read:packages"], ["write:packages"]]) {
    it(`preview with ${scopes}`, async () => {
      stack.token = sandbox.createToken({ scopes });
      const { observationError, inputs } = await stack.preview();
      assert.equal(observationError, undefined);
      assert.deepEqual(Object.keys(inputs.deletions).sort(), world.digests("pr1"));
    });
  }

  for (const [scopes, has] of [
    [[], "no scope"],
    [["repo", "delete:packages"], "repo, delete:packages"],
  ] as const) {
    it(`say what they have and what is expected: ${has}`, async () => {
      stack.token = sandbox.createToken({ scopes: [...scopes] });
      assert.match(
        (await stack.preview()).observationError ?? "",
        new RegExp(`^acme/app: GitHub answered 403: .*: the token has ${has}; expected read:packages\\.$`),
      );
    });
  }

  it("say what is expected where a deletion is refused for its scope all the same", async () => {
    stack.token = sandbox.createToken({ scopes: ["read:packages"] });
    // The scopes are told with the owner; here they change before the first deletion.
    const promised = { "x-oauth-scopes": "read:packages, delete:packages, write:packages" };
    sandbox.addFault({ match: { path: "/users/acme" }, times: null, effect: { kind: "body", headers: promised } });
    await assert.rejects(stack.up(), /: the token has read:packages; expected delete:packages\.$/);
    assert.deepEqual(world.deleted(), []);
  });

  it("take one that may not restore, and say so before the first deletion", async () => {
    stack.token = sandbox.createToken({ scopes: ["read:packages", "delete:packages"] });
    const saidByThen: boolean[] = [];
    const call = () => {
      saidByThen.push(stack.said.some((text) => text.includes("may delete but not restore")));
      return undefined;
    };
    sandbox.addFault({ match: { method: "DELETE" }, effect: { kind: "call", call } });
    await stack.up();
    assert.deepEqual(saidByThen, [true]);
    assert.deepEqual(world.deleted(), world.digests("pr1"));
  });

  it("leave no trace in what a preview hands to the update: it may run with another", async () => {
    const { inputs } = await stack.preview();
    sandbox.setSwitches({ deletedListsToReaders: false });
    for (const scopes of [["read:packages"], ["read:packages", "delete:packages"]]) {
      stack.token = sandbox.createToken({ scopes });
      assert.deepEqual((await stack.preview()).inputs, inputs);
    }
  });

  it("take GITHUB_TOKEN of a workflow with the Admin role", async () => {
    stack.token = sandbox.createToken({ kind: "installation" });
    await stack.up();
    assert.deepEqual(world.deleted(), world.digests("pr1"));
  });

  it("stop at the first deletion without the Admin role", async () => {
    stack.token = sandbox.createToken({ kind: "installation", role: "write" });
    await assert.rejects(stack.up(), /Package not found.*the token has no admin right/);
    assert.deepEqual(world.deleted(), []);
  });

  it("stop before the first deletion without the scope for it", async () => {
    stack.token = sandbox.createToken({ scopes: ["read:packages", "write:packages"] });
    sandbox.clearRequests();
    await assert.rejects(stack.up(), /the token has no scope delete:packages; nothing is deleted/);
    assert.ok(sandbox.requests().every(({ method }) => method === "GET"));
  });
});
