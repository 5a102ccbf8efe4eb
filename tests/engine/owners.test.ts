import assert from "node:assert/strict";
import { assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { policyFor, small } from "../support/engine/world";

describe("packages of organisations and users in one stack", function () {
  this.timeout(300_000);

  const repositories = ["Acme-Corp/app", "Acme-Corp/team/app", "Octo/tool"];
  const engine = useEngine();
  let up: Outcome;

  before(async () => {
    engine.sandbox.setOwner("Acme-Corp", "Organization");
    engine.sandbox.setOwner("Octo", "User");
    for (const repository of repositories) await engine.deploy(repository, small);
    engine.stack.policies = repositories.map((repository) => policyFor(repository, { approval: "automatic" }));
    await engine.stack.writeConfig();
    up = assertSucceeds(await engine.stack.up());
  });

  for (const repository of repositories) {
    it(`carries out the plan of ${repository}`, async () => {
      const world = engine.worldOf(repository);
      assertSays(diagnosticsOf(up, repository.toLowerCase()), /^deleted 3 versions; all /);
      assert.deepEqual(world.deleted(), world.digests("pr1"));
      await assertComplete(world, "prod");
    });
  }

  it("asks GitHub for an organisation's packages and for a user's where they are", () => {
    const deletions = engine.sandbox.requests().filter(({ method }) => method === "DELETE");
    const paths = new Set(deletions.map(({ path }) => path.replace(/\/versions\/\d+$/, "")));
    assert.deepEqual([...paths].sort(), [
      "/api/orgs/Acme-Corp/packages/container/app",
      "/api/orgs/Acme-Corp/packages/container/team%2Fapp",
      "/api/users/Octo/packages/container/tool",
    ]);
  });

  it("leaves nothing to do", async () => {
    assertSucceeds(await engine.stack.preview("--expect-no-changes"));
  });
});
