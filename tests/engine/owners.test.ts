import assert from "node:assert/strict";
import { type Sandbox, startSandbox } from "../../sandbox";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import { type Outcome, Stack } from "../support/engine/stack";
import { now, PackageWorld, policyFor, small } from "../support/engine/world";

describe("packages of organisations and users in one stack", function () {
  this.timeout(120_000);

  const repositories = ["Acme-Corp/app", "Acme-Corp/team/app", "Octo/tool"];
  const worlds = new Map<string, PackageWorld>();
  let sandbox: Sandbox;
  let stack: Stack;
  let up: Outcome;

  before(async () => {
    sandbox = await startSandbox({ now });
    sandbox.setOwner("Acme-Corp", "Organization");
    sandbox.setOwner("Octo", "User");
    for (const repository of repositories) worlds.set(repository, await new PackageWorld(sandbox, repository).deploy(small));
    stack = await Stack.create(sandbox, { policies: repositories.map((repository) => policyFor(repository, { approval: "automatic" })) });
    up = assertSucceeds(await stack.up());
  });
  after(async () => {
    await stack?.remove();
    await sandbox?.close();
  });

  for (const repository of repositories) {
    it(`carries out the plan of ${repository}`, async () => {
      const world = worlds.get(repository) as PackageWorld;
      assertSays(diagnosticsOf(up, repository.toLowerCase()), "3 versions deleted under this policy");
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      await assertComplete(world, "prod");
    });
  }

  it("asks GitHub for an organisation's packages and for a user's where they are", () => {
    const deletions = sandbox.requests().filter(({ method }) => method === "DELETE");
    const paths = new Set(deletions.map(({ path }) => path.replace(/\/versions\/\d+$/, "")));
    assert.deepEqual([...paths].sort(), [
      "/api/orgs/Acme-Corp/packages/container/app",
      "/api/orgs/Acme-Corp/packages/container/team%2Fapp",
      "/api/users/Octo/packages/container/tool",
    ]);
  });

  it("leaves nothing to do", async () => {
    assertSucceeds(await stack.preview("--expect-no-changes"));
  });
});
