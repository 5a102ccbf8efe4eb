import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "../../../scripts/setup/paths.mjs";

const Permissions = z.record(z.string(), z.enum(["read", "write", "none"]));
const Step = z.strictObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const Workflow = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: Permissions,
  jobs: z.record(z.string(), z.looseObject({ permissions: Permissions.optional(), "timeout-minutes": z.number(), steps: z.array(Step) })),
});

const folder = join(root, ".github", "workflows");
const workflows = readdirSync(folder).map((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  return { name, text, workflow: Workflow.parse(parse(text)) };
});

/** Who may do more than read the repository. */
const mayWrite: Readonly<Record<string, readonly string[]>> = {
  "release.yml publish": ["id-token"],
  "release.yml release": ["contents"],
};

function npm(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, stderr);
  return stdout;
}

describe("the workflows", () => {
  for (const { name, text, workflow } of workflows) {
    describe(name, () => {
      const jobs = Object.entries(workflow.jobs);
      const steps = jobs.flatMap(([, job]) => job.steps);

      it("pins each action by its commit, and says which version that is", () => {
        const uses = steps.flatMap(({ uses }) => uses ?? []);
        assert.ok(uses.length > 0);
        for (const one of uses) assert.match(one, /^actions\/[a-z-]+@[0-9a-f]{40}$/);
        for (const line of text.split("\n").filter((line) => line.includes("uses:"))) assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      });

      it("gives each job no more than it needs", () => {
        assert.deepEqual(
          Object.entries(workflow.permissions).filter(([scope, access]) => scope !== "contents" || access !== "read"),
          [],
        );
        for (const [job, { permissions = {} }] of jobs) {
          const written = Object.keys(permissions).filter((scope) => permissions[scope] === "write");
          assert.deepEqual(written, mayWrite[`${name} ${job}`] ?? [], job);
        }
      });

      it("leaves no token in the clone, and stores none", () => {
        for (const { uses, with: options } of steps) {
          if (uses?.startsWith("actions/checkout@")) assert.equal(options?.["persist-credentials"], false);
        }
        assert.equal(/secrets\./.test(text), false);
      });

      it("runs nothing that somebody else wrote into a title, a branch or a comment", () => {
        assert.equal("pull_request_target" in workflow.on || "workflow_run" in workflow.on, false);
        for (const { run = "" } of steps) assert.equal(run.includes("${{"), false, run);
      });

      it("ends every job some time", () => {
        for (const [, job] of jobs) assert.ok(job["timeout-minutes"] <= 60);
      });
    });
  }

  const runsOf = (name: string) =>
    Object.values(workflows.find((one) => one.name === name)?.workflow.jobs ?? {}).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );

  it("test and audit each change, and each release", () => {
    for (const name of ["ci.yml", "release.yml"]) {
      assert.ok(runsOf(name).includes(".ci/run"), name);
      assert.ok(runsOf(name).includes("npm run audit"), name);
    }
  });

  it("audit apart from the tests, which need no list of advisories", () => {
    assert.equal(/audit/.test(readFileSync(join(root, ".ci", "run"), "utf8")), false);
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    assert.match(scripts.audit ?? "", /^npm audit --omit=dev --audit-level=(low|moderate|high)$/);
  });

  it("publish with provenance, and release with the list of parts", () => {
    const runs = runsOf("release.yml");
    assert.ok(runs.some((run) => /^npm publish .*--provenance/.test(run)));
    assert.ok(runs.includes("npm ci --ignore-scripts"));
    const sbom = "ghcr-retention.cdx.json";
    assert.ok(runs.includes(`npm run --silent sbom > ${sbom}`));
    assert.ok(runs.some((run) => run.startsWith("gh release create ") && run.endsWith(` ${sbom}`)));
  });
});

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string().optional(), dev: z.boolean().optional(), integrity: z.string().optional() }),
  ),
});
const Bill = z.object({ bomFormat: z.literal("CycloneDX"), components: z.array(z.looseObject({ purl: z.string() })) });
const Package = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) });

describe("the dependencies", () => {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  const locked = Object.entries(packages).filter(([path]) => path !== "");

  it("are pinned, each one exactly and by what it holds", () => {
    const { dependencies, devDependencies } = Package.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      assert.match(version, /^(npm:[a-z-]+@)?\d+\.\d+\.\d+$/, name);
    for (const [path, { integrity }] of locked) assert.match(integrity ?? "", /^sha512-/, path);
  });

  it("are all on the list of parts that goes with a release", () => {
    const { components } = Bill.parse(JSON.parse(npm("run", "--silent", "sbom")));
    const listed = new Set(components.map(({ purl }) => purl));
    const shipped = locked.filter(([, { dev }]) => dev !== true);
    assert.ok(shipped.length > 100);
    for (const [path, { version }] of shipped) {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length).replace("@", "%40");
      assert.ok(listed.has(`pkg:npm/${name}@${version}`), `${path} is missing`);
    }
  });
});
