import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds, diagnosticsOf } from "../support/engine/output";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";

const deployments = {
  pr1: { days: 110, tags: ["pr-1"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;
type Image = keyof typeof deployments;

const dropPullRequests = [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }];
const dropNothing = [{ name: "drop-ancient", action: "delete", tags: ["pr-*"], olderThan: "900d" }];
const dropSecond = [{ name: "drop-second", action: "delete", tags: ["pr-2"], olderThan: "7d" }];

interface Case {
  /** What the first update gives, which deletes nothing. */
  readonly before?: object;
  /** What the program gives then. */
  readonly args: object;
  readonly options?: object;
  readonly transform?: object;
  readonly by?: string;
  /** The property that the preview and the update name. */
  readonly names: string;
  readonly deletes: readonly Image[];
  readonly says?: string;
}

const automatic = { rules: dropPullRequests, approval: "automatic" };
const cases: Readonly<Record<string, Case>> = {
  "ignored-protect": {
    args: { ...automatic, protect: ["pr-1"] },
    options: { ignoreChanges: ["protect"] },
    names: "protect",
    deletes: ["pr1", "pr2"],
  },
  "ignored-rules": {
    before: { rules: dropPullRequests },
    args: { rules: dropNothing, approval: "automatic" },
    options: { ignoreChanges: ["rules"] },
    names: "rules",
    deletes: ["pr1", "pr2"],
  },
  "ignored-approve": {
    args: { rules: dropPullRequests, approve: "2026-11-23-0123456789ab" },
    options: { ignoreChanges: ["approve"] },
    names: "approve",
    deletes: [],
    says: "waiting for approval",
  },
  "ignored-limits": {
    before: { rules: dropNothing, limits: { percent: 10 } },
    args: { ...automatic, limits: { percent: 100 } },
    options: { ignoreChanges: ["limits"] },
    names: "limits",
    deletes: [],
    says: "this plan cannot be approved",
  },
  "stack-transform": { args: automatic, transform: { protect: ["pr-1"] }, by: "stack", names: "protect", deletes: ["pr2"] },
  "component-transform": { args: automatic, transform: { rules: dropSecond }, by: "component", names: "rules", deletes: ["pr2"] },
  "resource-transform": {
    args: automatic,
    transform: { approval: "required" },
    by: "resource",
    names: "approval",
    deletes: [],
    says: "waiting for approval",
  },
  transformation: { args: automatic, transform: { protect: ["pr-2"] }, by: "transformation", names: "protect", deletes: ["pr1"] },
};

describe("a policy that the engine passes on otherwise than the program gives it", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: Object.fromEntries([...Object.keys(cases), "moved"].map((name) => [`acme/${name}`, deployments])),
    stack: { program: join(__dirname, "..", "support", "engine", "programs", "arguments") },
  });
  const policy = (name: string, args: object) => ({ owner: "acme", package: name, limits: { percent: 100 }, ...args });
  const configure = (policies: object) => engine.stack.configure({ "arguments:policies": policies });

  let preview: Outcome;
  let up: Outcome;
  before(async () => {
    const first = Object.entries(cases).map(([name, { before = { rules: dropNothing } }]) => [name, { args: policy(name, before) }]);
    await configure(Object.fromEntries(first));
    assertSucceeds(await engine.stack.up());
    const then = Object.entries(cases).map(([name, { args, ...more }]) => [name, { ...more, args: policy(name, args) }]);
    await configure(Object.fromEntries(then));
    preview = assertSucceeds(await engine.stack.preview());
    up = assertSucceeds(await engine.stack.up());
  });

  for (const [name, { names, deletes, says = `plan 2026-11-23-` }] of Object.entries(cases)) {
    describe(`by ${name.replace("-", " ")}`, () => {
      it("is previewed as it is carried out", () => {
        const said = diagnosticsOf(preview, name);
        assertSays(said, says);
        if (deletes.length > 0) assertSays(said, `delete ${3 * deletes.length} of 9 versions`, "`pulumi up` deletes these.");
        const world = engine.worldOf(`acme/${name}`);
        assert.deepEqual(world.deleted(), world.digests(...deletes));
      });

      it("says so in the preview and in the update", () => {
        for (const outcome of [preview, up])
          assertSays(
            diagnosticsOf(outcome, name),
            `the engine passed on other values of \`${names}\` than the program gave`,
            "ignoreChanges",
          );
      });
    });
  }

  describe("by another package", () => {
    it("fails the preview and the update, and deletes nothing", async () => {
      await configure({ moved: { args: policy("moved", { rules: dropNothing }) } });
      assertSucceeds(await engine.stack.up());
      const args = policy("transformation", automatic);
      await configure({ moved: { args, options: { ignoreChanges: ["package"] } } });
      const before = engine.worldOf("acme/moved").deleted();
      for (const outcome of [await engine.stack.preview(), await engine.stack.up()]) {
        assertSays(
          assertFails(outcome).output,
          'acme/transformation: the program observed it with `package` "transformation", and the engine passed on "moved"',
          "ignoreChanges",
          "Nothing of it is planned or deleted",
        );
      }
      assert.deepEqual(engine.worldOf("acme/moved").deleted(), before);
    });
  });
});
