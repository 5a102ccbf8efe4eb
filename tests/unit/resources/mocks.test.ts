import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { blocksOf } from "../../support/guides/guide";

const root = join(__dirname, "..", "..", "..");
const offline = join(__dirname, "..", "..", "support", "mocks", "offline.cjs");
const [program = "", unitTest = "", call = ""] = blocksOf("library.md", "ts");

/** Prints what is registered, as the mocks see it. */
const registering = (more = "") => `
  import * as pulumi from "@pulumi/pulumi";
  const mocks = {
    newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
      const { __provider, ...registered } = inputs;
      console.log(JSON.stringify({ type, name, inputs: registered }));
      return { id: name, state: inputs };
    },
    call: ({ inputs }: pulumi.runtime.MockCallArgs) => inputs,
    ${more}
  };
  pulumi.runtime.setMocks(mocks).then(() => import("./index"));
`;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

describe("a unit test with Pulumi's mocks", function () {
  this.timeout(60_000);

  let folder: string;
  // Inside the repository, so that the program finds the package by its name.
  before(async () => {
    folder = await mkdtemp(join(root, ".tools", "mocks-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs it to its end; it may neither connect to anybody nor start a thread, and must end by itself. */
  async function run(test: string, index: string, config: Readonly<Record<string, unknown>> = {}) {
    for (const [name, source] of Object.entries({ test, index })) {
      const { outputText } = transpileModule(source, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
      await writeFile(join(folder, `${name}.js`), outputText);
    }
    const { GITHUB_TOKEN: _token, ...env } = process.env;
    const settings = { cwd: folder, env: { ...env, PULUMI_CONFIG: JSON.stringify(config) }, timeout: 30_000 };
    return new Promise<{ failed: boolean; output: string }>((resolve) => {
      execFile(process.execPath, ["--require", offline, "test.js"], settings, (error, stdout, stderr) =>
        resolve({ failed: error !== null, output: stdout + stderr }),
      );
    });
  }

  async function registered(index: string, more = "", config: Readonly<Record<string, unknown>> = {}): Promise<Registered[]> {
    const { failed, output } = await run(registering(more), index, config);
    assert.equal(failed, false, output);
    return output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  }

  const policyOf = (more: string) => `
    import * as pulumi from "@pulumi/pulumi";
    import { OrganizationRetention, RetentionPolicy } from "ghcr-retention";
    const rules = [{ name: "drop-untagged", action: "delete" as const, untagged: true as const, olderThan: "14d" }];
    ${more}
  `;

  it("is what docs/library.md shows: the plan of a package of its own", async () => {
    const { failed, output } = await run(unitTest, program);
    assert.equal(failed, false, output);
    assert.match(output, /^# pass 1$/m);
  });

  it("has the same plan where the policy asks where images run: those of the test run nowhere", async () => {
    const { failed, output } = await run(unitTest, program.replace("rules: [", 'inUse: { github: "required" }, rules: ['));
    assert.equal(failed, false, output);
  });

  it("fails where docs/library.md's plan is another one", async () => {
    const { failed, output } = await run(unitTest.replace('tags: ["prod"]', "tags: []"), program);
    assert.ok(failed, output);
    assert.match(output, /Expected values to be strictly deep-equal/);
  });

  it("registers a policy with its arguments", async () => {
    const [policy, ...others] = await registered(
      policyOf(`
        const image = { image: "ghcr.io/acme/app:1.0", by: "web" };
        new RetentionPolicy("app", { owner: "acme", package: "app", rules, protect: [pulumi.output("prod"), image], limits: { percent: 10 } });
      `),
    );
    assert.deepEqual(others, []);
    assert.equal(policy?.type, "pulumi-nodejs:dynamic/ghcr:RetentionPolicy");
    const { owner, package: name, rules, protect, limits } = policy?.inputs ?? {};
    assert.deepEqual(
      { owner, name, protect, limits },
      { owner: "acme", name: "app", protect: ["prod", { image: "ghcr.io/acme/app:1.0", by: "web" }], limits: { percent: 10 } },
    );
    assert.deepEqual(rules, [{ name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" }]);
  });

  it("fails where a policy is not valid", async () => {
    const { failed, output } = await run(
      registering(),
      policyOf('new RetentionPolicy("app", { owner: "acme", package: "app", rules: [{ ...rules[0], olderThan: "soon" }] as never });'),
    );
    assert.ok(failed, output);
    assert.match(output, /PackageError: app: the retention policy is not valid:\n {2}rules\[0\]\.olderThan: expected a duration/);
  });

  const organization = policyOf('new OrganizationRetention("acme", { owner: "acme", packages: ["*", "!web"], rules });');

  it("registers an organisation's policy with its arguments, and no package that no mock lists", async () => {
    const all = await registered(organization);
    assert.deepEqual(
      all.map(({ type, name }) => [type, name]),
      [["ghcr:index:OrganizationRetention", "acme"]],
    );
    assert.deepEqual(all[0]?.inputs.packages, ["*", "!web"]);
  });

  it("registers the organisation's packages that its mock lists, as docs/library.md shows", async () => {
    const all = await registered(organization, `...(() => { ${call} return { call }; })(),`);
    assert.deepEqual(all.map(({ name }) => name).sort(), ["acme", "acme/shop"]);
    const { owner, package: name } = all.find(({ name }) => name === "acme/shop")?.inputs ?? {};
    assert.deepEqual({ owner, name }, { owner: "acme", name: "shop" });
  });

  it("registers what the stack's config holds", async () => {
    const rules = [{ name: "drop-untagged", action: "delete", untagged: true, olderThan: "14d" }];
    const all = await registered('export * from "ghcr-retention/stack";', "", {
      "ghcr-retention:policies": JSON.stringify([{ owner: "acme", package: "app", rules }]),
      "ghcr-retention:organizations": JSON.stringify([{ owner: "other", packages: ["web"], rules }]),
    });
    assert.deepEqual(all.map(({ name }) => name).sort(), ["acme/app", "other", "other/web"]);
  });
});
