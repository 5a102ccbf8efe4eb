import assert from "node:assert/strict";
import type { FaultRequest } from "../../sandbox";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf, errorsOf, planIdIn } from "../support/engine/output";
import { assertComplete } from "../support/engine/pull";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { medium, policyFor, usualRules } from "../support/engine/world";

/** What is left of half an image is matched by no rule: only the approval says that it may go. */
const rules = usualRules.filter(({ name }) => name !== "drop-untagged");

interface Interruption {
  readonly effect: FaultRequest["effect"];
  readonly says: readonly (string | RegExp)[];
  readonly times?: number;
  /** Is its policy in the stack before its plan is approved? */
  readonly onRecord?: boolean;
}

/** What happens to the third deletion, for good unless told. */
const interruptions: Readonly<Record<string, Interruption>> = {
  "a scope that the token lacks": {
    effect: { kind: "status", status: 403, body: { message: "You need at least delete:packages scope." } },
    says: ["GitHub answered 403: You need at least delete:packages scope"],
  },
  "a token that expired": {
    effect: { kind: "status", status: 401, body: { message: "Bad credentials" } },
    says: ["GitHub answered 401: Bad credentials", "Expected a valid token"],
    onRecord: true,
  },
  "an admin right that was taken away": {
    effect: { kind: "refuse", reason: "not-admin" },
    says: ["GitHub answered 404: Package not found.", "no admin right"],
  },
};

describe("an apply that breaks off between two deletions", function () {
  this.timeout(300_000);

  const broken = Object.entries(interruptions).map(([what, one], place) => ({ what, ...one, repository: `acme/broken-${place}` }));
  const answerLost = "acme/answer-lost";
  const undisturbed = "acme/undisturbed";
  const repositories = [...broken.map(({ repository }) => repository), answerLost, undisturbed];
  const engine = useEngine({ packages: Object.fromEntries(repositories.map((repository) => [repository, medium])) });
  let up: Outcome;

  before(async () => {
    const onRecord = broken.filter((one) => one.onRecord).map(({ repository }) => repository);
    engine.stack.policies = onRecord.map((repository) => policyFor(repository, { rules }));
    await engine.stack.writeConfig();
    assertSucceeds(await engine.stack.up());

    engine.stack.policies = repositories.map((repository) => policyFor(repository, { rules }));
    await engine.stack.writeConfig();
    const preview = assertSucceeds(await engine.stack.preview());
    engine.stack.policies = repositories.map((repository) => policyFor(repository, { rules, approve: planIdIn(preview, repository) }));
    await engine.stack.writeConfig();
    for (const { repository, effect } of broken) {
      engine.sandbox.addFault({
        match: { method: "DELETE", path: `/${repository.slice("acme/".length)}/` },
        after: 2,
        times: null,
        effect,
      });
    }
    engine.sandbox.addFault({ match: { method: "DELETE", path: "/answer-lost/" }, after: 2, effect: { kind: "drop", handled: true } });
    up = await engine.stack.up("--continue-on-error");
  });

  describe("when it broke off", () => {
    it("fails, and says what happened to each package", () => {
      assertFails(up);
      for (const { repository, says } of broken) assertSays(errorsOf(up, repository), ...says);
      for (const { repository } of broken)
        assertSays(diagnosticsOf(up, repository), /^deleted 2 of 6 approved versions \(4 left for the next `pulumi up`\); undo: npx/m);
    });

    it("records what was deleted, and what is left", async () => {
      for (const { repository } of broken) {
        const { id, outputs } = await engine.stack.policy(repository);
        assert.equal(id, repository);
        const deleted = engine.worldOf(repository).deleted();
        assert.equal(deleted.length, 2, repository);
        assert.deepEqual(Object.keys(outputs.ledger as object).sort(), deleted);
        const left = engine
          .worldOf(repository)
          .digests("pr1", "pr2")
          .filter((digest) => !deleted.includes(digest));
        assert.deepEqual(Object.keys(outputs.remaining as object).sort(), left);
      }
    });

    it("leaves every image that stays complete", async () => {
      for (const repository of [answerLost, undisturbed]) await assertComplete(engine.worldOf(repository), "main-1", "prod");
      for (const { repository } of broken) await assertComplete(engine.worldOf(repository), ...engine.worldOf(repository).tags());
    });

    it("counts a deletion whose answer was lost", async () => {
      const { outputs } = await engine.stack.policy(answerLost);
      assert.deepEqual(engine.worldOf(answerLost).deleted(), engine.worldOf(answerLost).digests("pr1", "pr2"));
      assert.deepEqual(Object.keys(outputs.ledger as object).sort(), engine.worldOf(answerLost).deleted());
    });
  });

  describe("when it is run again", () => {
    before(async () => {
      engine.sandbox.clearFaults();
      up = assertSucceeds(await engine.stack.up());
    });

    it("goes on without a new approval, to the same end as without a fault", async () => {
      const { outputs } = await engine.stack.policy(undisturbed);
      for (const { repository } of broken) {
        assert.deepEqual(engine.worldOf(repository).deleted(), engine.worldOf(repository).digests("pr1", "pr2"), repository);
        await assertComplete(engine.worldOf(repository), "main-1", "prod");
        const { outputs: resumed } = await engine.stack.policy(repository);
        assert.deepEqual(Object.keys(resumed.ledger as object).sort(), engine.worldOf(repository).deleted());
        assert.deepEqual(resumed.counts, outputs.counts);
        assert.deepEqual(resumed.remaining, {});
        assert.equal(resumed.pending, undefined);
      }
    });

    it("leaves nothing to do", async () => {
      const preview = assertSucceeds(await engine.stack.preview("--expect-no-changes"));
      for (const repository of repositories) assertSays(diagnosticsOf(preview, repository), /^nothing to delete: keep all 6 versions/);
    });
  });
});
