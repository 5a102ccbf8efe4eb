import assert from "node:assert/strict";
import { create } from "../../../components/lifecycle/index";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { now, PackageWorld, policyFor, small } from "../../support/engine/world";
import { SimulatedStack } from "../../support/lifecycle/simulated-stack";

const repository = "acme/app";

describe("a policy that leaves its stack", function () {
  this.timeout(30_000);

  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox({ now });
  });
  afterEach(() => sandbox.close());

  /** What the engine shows when it removes the resource. */
  async function removed({ outputs }: Pick<SimulatedStack, "outputs">): Promise<string> {
    const said: string[] = [];
    const reporter = { warn: (text: string) => void said.push(`warning: ${text}`), info: (text: string) => void said.push(text) };
    await create({ reporter }).delete?.(repository, outputs);
    return said.join("\n");
  }

  it("lists what can still be restored and until when, and deletes nothing", async () => {
    const world = await new PackageWorld(sandbox, repository).deploy(small);
    const stack = new SimulatedStack(sandbox, policyFor(repository, { approval: "automatic" }));
    await stack.up();
    const deleted = world.deleted();
    sandbox.clearRequests();

    const text = await removed(stack);
    assert.match(text, /^warning: acme\/app: its policy leaves the stack; nothing is deleted in the registry\. 3 versions that it deleted/);
    assert.match(
      text,
      /^ {2}until 2026-12-23: pr-1, version \d+ \(sha256:[0-9a-f]{12}\), deleted by plan \d{4}-\d{2}-\d{2}-[0-9a-f]{12}$/m,
    );
    assert.deepEqual(sandbox.requests(), []);

    const pkg = sandbox.store.find(repository);
    assert.equal(deleted.length, 3);
    for (const digest of deleted) {
      const version = pkg?.deletedByDigest(digest);
      assert.ok(version !== undefined && text.includes(`version ${version.id} (${digest.slice(0, 19)})`), text);
    }
    assert.match(
      text,
      /\n`npx ghcr-retention restore --package acme\/app --tag …` \(or --digest, --since\) brings them back, as does `restore` under a new policy\.$/,
    );
  });

  it("says that nothing is left where it deleted nothing", async () => {
    await new PackageWorld(sandbox, repository).deploy(small);
    const stack = new SimulatedStack(sandbox, policyFor(repository));
    await stack.up();
    assert.equal(
      await removed(stack),
      "acme/app: its policy leaves the stack; nothing is deleted in the registry, and nothing is left to restore.",
    );
  });

  it("leaves the stack whatever is stored, and says that its ledger cannot be read", async () => {
    await new PackageWorld(sandbox, repository).deploy(small);
    const stack = new SimulatedStack(sandbox, policyFor(repository));
    await stack.up();
    const outputs = { ...stack.outputs, ledger: ["nobody", "wrote", "this"] } as unknown as SimulatedStack["outputs"];
    assert.match(await removed({ outputs }), /^warning: acme\/app: its policy leaves the stack; .* Its ledger cannot be read/);
  });
});
