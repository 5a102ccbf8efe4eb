import assert from "node:assert/strict";
import { lookAtPackage } from "../../components/look-at-package";
import { type Sandbox, startSandbox } from "../../sandbox";
import { now, PackageWorld, policyFor, small } from "../integration/world";
import { SimulatedStack } from "./simulated-stack";

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
    const outcome = await lookAtPackage({ endpoints, token: Promise.resolve(undefined) }, policyFor(repository));
    assert.match("lookError" in outcome ? outcome.lookError : "", /no token: set GITHUB_TOKEN, or `pulumi config set --secret/);
    assert.deepEqual(sandbox.requests(), []);
  });

  it("refuse a fine-grained one with the reason", async () => {
    stack.token = sandbox.createToken({ kind: "fine-grained" });
    assert.match((await stack.preview()).lookError ?? "", /GitHub answered 403.*fine-grained tokens do not reach packages/);
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
