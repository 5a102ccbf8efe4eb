import assert from "node:assert/strict";
import { join } from "node:path";
import { assertFails, assertSays, assertSucceeds } from "../support/engine/output";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";

const deployments = {
  hush: { days: 110, tags: ["pr-hush"], attestations: false },
  pr2: { days: 80, tags: ["pr-2"], attestations: false },
  prod: { days: 50, tags: ["prod"], attestations: false },
} as const;
const program = join(__dirname, "..", "support", "engine", "programs", "arguments");
const rules = [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }];
const names = ["digest", "tag", "whole", "missing", "empty", "later"] as const;

describe("a secret among the arguments of a policy", function () {
  this.timeout(300_000);

  const engine = useEngine({
    packages: Object.fromEntries(names.map((name) => [`acme/${name}`, deployments])),
    stack: { program },
  });
  const policy = (name: string, args: object) => ({
    owner: "acme",
    package: name,
    rules,
    approval: "automatic",
    limits: { percent: 100 },
    ...args,
  });

  /** What the state holds of the policies; the test's own config is in it as well. */
  async function recorded(): Promise<string> {
    const resources = await engine.stack.resources();
    return JSON.stringify(resources.filter(({ type }) => /Retention(Policy)?$/.test(type)));
  }

  describe("in `protect`", () => {
    let preview: Outcome;
    let up: Outcome;
    let digests: string[];
    before(async () => {
      digests = names.map((name) => engine.worldOf(`acme/${name}`).image("hush").index);
      await engine.stack.configure({
        "arguments:policies": {
          digest: { args: policy("digest", { protect: [digests[0], "prod"] }), secret: ["protect[0]"] },
          tag: { args: policy("tag", { protect: ["pr-hush"] }), secret: ["protect[0]"] },
          whole: { args: policy("whole", { protect: ["pr-hush"] }), secret: ["protect"] },
          missing: { args: policy("missing", { protect: ["pr-hush", "nowhere-hush"] }), secret: ["protect[1]"] },
          empty: { args: policy("empty", {}), secret: ["protect", "approve", "grace"] },
          later: { args: policy("later", { protect: ["pr-hush"] }), deployed: ["protect[0]"], secret: ["protect[0]"] },
        },
      });
      preview = assertSucceeds(await engine.stack.preview("--diff"));
      up = assertSucceeds(await engine.stack.up());
    });

    it("keeps what it names", () => {
      for (const name of ["digest", "tag", "whole", "missing", "later"] as const) {
        const world = engine.worldOf(`acme/${name}`);
        assert.deepEqual(world.deleted(), world.digests("pr2"), name);
      }
    });

    it("is nothing where it is `undefined`", () => {
      const world = engine.worldOf("acme/empty");
      assert.deepEqual(world.deleted(), world.digests("hush", "pr2"));
    });

    it("is awaited where it is not known yet", () => {
      assertSays(preview.output, "nothing is planned yet: `protect[0]` is known only once what it comes from is deployed");
    });

    it("is called a secret in tables and warnings", () => {
      assertSays(preview.output, /withheld, since something keeps it:\n.*\n\s+a secret +protected by the policy/);
      assertSays(preview.output, "protect: no version of the package is named a secret");
    });

    it("stands nowhere in clear: not in what is printed, not in the state", async () => {
      const texts = { preview: preview.output, up: up.output, state: await recorded() };
      const clear = ["nowhere-hush", digests[0]?.slice(0, 19) ?? ""];
      for (const [where, text] of Object.entries(texts)) {
        for (const secret of clear) assert.ok(!text.includes(secret), `${secret} in ${where}:\n${text}`);
      }
      // An image that is deleted is named, and so is one that is protected by a name that is no secret.
      const own = (await engine.stack.policy("tag")).inputs;
      assert.ok(!JSON.stringify(own).includes("pr-hush"), JSON.stringify(own));
    });

    it("changes nothing in the next run", async () => {
      assertSucceeds(await engine.stack.preview("--expect-no-changes"));
    });
  });

  describe("where it has no use", () => {
    const cases: Readonly<Record<string, readonly [args: object, secret: string]>> = {
      rules: [{}, "rules"],
      "a rule": [{}, "rules[0].tags[0]"],
      approve: [{ approve: "2026-11-23-0123456789ab" }, "approve"],
      limits: [{ limits: { percent: 77 } }, "limits.percent"],
      owner: [{}, "owner"],
    };
    for (const [what, [args, secret]] of Object.entries(cases)) {
      it(`is refused by one line that names it: ${what}`, async () => {
        await engine.replaceStack({ program, config: { "arguments:policies": { tag: { args: policy("tag", args), secret: [secret] } } } });
        const { output } = assertFails(await engine.stack.preview());
        assertSays(output, `\`${secret}\`: expected no secret, since a preview shows what a policy does`, "pulumi.unsecret");
        assert.doesNotMatch(output, /TypeError|^\s+at /m);
      });
    }

    it("is refused before it is known, and an odd one is not repeated", async () => {
      const later = { args: policy("later", {}), deployed: ["rules"], secret: ["rules"] };
      await engine.replaceStack({ program, config: { "arguments:policies": { later } } });
      assertSays(assertFails(await engine.stack.preview()).output, "`rules`: expected no secret");
      const odd = { args: policy("tag", { protect: ["hush hush"] }), secret: ["protect[0]"] };
      await engine.stack.configure({ "arguments:policies": { odd } });
      const { output } = assertFails(await engine.stack.preview());
      assertSays(output, "protect[0]: ");
      assert.ok(!output.includes("hush hush"), output);
    });
  });

  describe("in an organisation's policy", () => {
    const organization = { owner: "acme", packages: ["tag", "whole"], rules, limits: { percent: 100 }, protect: ["pr-hush"] };

    it("keeps what `protect` names, in every package", async () => {
      const config = { "arguments:organization": { args: organization, secret: ["protect[0]"] } };
      await engine.replaceStack({ program, config });
      const { output } = assertSucceeds(await engine.stack.preview());
      assertSays(output, "2 packages with 12 versions: 0 planned");
      assert.ok(!output.includes("pr-hush"), output);
      assertSucceeds(await engine.stack.up());
      assert.ok(!(await recorded()).includes("pr-hush"), await recorded());
    });

    it("is refused by one line elsewhere", async () => {
      const config = { "arguments:organization": { args: organization, secret: ["rules"] } };
      await engine.replaceStack({ program, config });
      const { output } = assertFails(await engine.stack.preview());
      assertSays(output, "`rules`: expected a value that is known when the program starts");
      assert.doesNotMatch(output, /TypeError|^\s+at /m);
    });
  });
});
