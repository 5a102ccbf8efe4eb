import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { restoreCommand } from "../../../components/command-line/restore-command";
import { type Sandbox, startSandbox } from "../../../sandbox";
import { type Captured, captured } from "../../support/command-line/captured";
import { type StandInEngine, standInEngine, within } from "../../support/command-line/stand-in-engine";
import { now, PackageWorld, policyFor } from "../../support/engine/world";
import { SimulatedStack } from "../../support/lifecycle/simulated-stack";

const [app, web, idle] = ["acme/app", "acme/web", "acme/idle"] as const;
const old = (tag: string) => ({ days: 110, tags: [tag], attestations: false });
const prod = { days: 50, tags: ["prod"], attestations: false };
const policyOf = (repository: string) => policyFor(repository, { limits: { percent: 100 } });

/** A resource of the stack's record, as JSON. */
interface Stored {
  readonly inputs: { readonly deletions: Record<string, unknown> };
  readonly outputs: { readonly ledger: Record<string, unknown> };
}

describe("`ghcr-retention restore` in a stack of several packages", function () {
  this.timeout(60_000);

  let sandbox: Sandbox;
  let folder: string;
  let engine: StandInEngine;
  let leave: () => void;
  const worlds = new Map<string, PackageWorld>();
  const plans = new Map<string, string>();
  let stored: object[];

  beforeEach(async () => {
    sandbox = await startSandbox({ now });
    const [both, onlyApp, onlyWeb] = [old("pr-1"), old("pr-2"), old("pr-3")];
    stored = [];
    for (const [repository, deployments] of [
      [app, { both, onlyApp, prod }],
      [web, { both: { ...both, days: 100 }, onlyWeb, prod }],
      [idle, { prod }],
    ] as const) {
      worlds.set(repository, await new PackageWorld(sandbox, repository).deploy(deployments));
      const stack = new SimulatedStack(sandbox, policyOf(repository), 1);
      const plan = (await stack.up()).inputs.pending?.id;
      if (plan !== undefined) {
        plans.set(repository, plan);
        stack.policy = { ...stack.policy, approve: plan };
        await stack.up();
      }
      stored.push({ type: "pulumi-nodejs:dynamic/ghcr:RetentionPolicy", ...stack.stored });
    }
    folder = mkdtempSync(join(tmpdir(), "restore-"));
    engine = standInEngine(folder);
    engine.exports(JSON.stringify({ deployment: { resources: stored } }));
    leave = within(folder);
  });
  afterEach(async () => {
    leave();
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });

  function restore(...args: readonly string[]): Promise<Captured> {
    const { githubApiUrl, registryUrl, token } = sandbox;
    const servers = {
      "ghcr-retention:githubApiUrl": githubApiUrl,
      "ghcr-retention:registryUrl": registryUrl,
      "ghcr-retention:deletionsPerMinute": 60_000,
    };
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config: { ...servers, "ghcr-retention:policies": [app, web, idle].map(policyOf) } }));
    return captured(restoreCommand(), ["--stack", "prod", "--config-file", file, ...args], { GITHUB_TOKEN: token, PATH: engine.path });
  }

  it("lists what can be restored of each package, without naming one", async () => {
    const { code, stdout, stderr } = await restore("--list");
    assert.deepEqual([code, stderr], [0, ""]);
    const [first = "", second = "", third, ...others] = stdout.trimEnd().split("\n\n");
    assert.match(first, /^acme\/app: 2 images can be restored\n/);
    assert.match(first, / pr-1 .*\n?.* pr-2 /s);
    assert.match(second, /^acme\/web: 2 images can be restored\n/);
    assert.deepEqual([third, others], ["acme/idle: nothing that can be restored", []]);
  });

  it("lists one, where it is named", async () => {
    const { stdout } = await restore("--list", "--package", "web");
    assert.match(stdout, /^acme\/web: 2 images can be restored\n[^:]*\n?/);
    assert.doesNotMatch(stdout, /acme\/app/);
  });

  it("lists the others where one cannot be read, and fails", async () => {
    sandbox.addFault({ match: { surface: "api", path: "/packages/container/app" }, times: null, effect: { kind: "status", status: 403 } });
    const { code, stdout, stderr } = await restore("--list");
    assert.equal(code, 1);
    assert.match(stderr, /^warning: .*acme\/app/);
    assert.match(stdout, /^acme\/web: 2 images can be restored\n/);
  });

  it("finds the package of a tag and of a plan by itself", async () => {
    const byTag = await restore("--tag", "pr-3");
    assert.deepEqual([byTag.code, byTag.stderr], [0, ""]);
    assert.match(byTag.stdout, /^restoring 3 versions of acme\/web …\n/);
    assert.deepEqual(worlds.get(web)?.deleted(), worlds.get(web)?.digests("both"));

    const byPlan = await restore("--plan", plans.get(app) ?? "");
    assert.deepEqual([byPlan.code, byPlan.stderr], [0, ""]);
    assert.match(byPlan.stdout, /^restoring 6 versions of acme\/app …\n/);
    assert.deepEqual(worlds.get(app)?.deleted(), []);
  });

  it("brings back the part that somebody else deleted with its image, whichever is named", async () => {
    const { index = "", children = [] } = worlds.get(web)?.image("onlyWeb") ?? {};
    const part = children[0]?.digest ?? "";
    const resources = JSON.parse(JSON.stringify(stored)) as Stored[];
    for (const { inputs, outputs } of resources) for (const record of [inputs.deletions, outputs.ledger]) delete record[part];
    engine.exports(JSON.stringify({ deployment: { resources } }));
    for (const digest of [index, part]) {
      assert.match((await restore("--digest", digest, "--dry-run")).stdout, /^would restore 3 versions of acme\/web/, digest);
    }
    sandbox.addFault({ match: { surface: "api", path: "/packages/container/web" }, times: null, effect: { kind: "status", status: 403 } });
    assert.match((await restore("--digest", index, "--dry-run")).stdout, /^would restore 2 versions of acme\/web/);
  });

  it("asks for the package only where several have the tag", async () => {
    const asked = await restore("--tag", "pr-1");
    assert.equal(asked.code, 1);
    assert.equal(asked.stderr, "2 packages have something to restore by --tag pr-1: name one with --package: acme/app, acme/web\n");
    const named = await restore("--tag", "pr-1", "--package", app);
    assert.match(named.stdout, /^restoring 3 versions of acme\/app …\n/);
  });

  it("searches GitHub's list in all of them where no record is left", async () => {
    engine.exports(JSON.stringify({ deployment: {} }));
    const { code, stdout } = await restore("--tag", "pr-2", "--dry-run");
    assert.equal(code, 0);
    assert.match(stdout, /^would restore 1 version of acme\/app, parts that no record names aside:\n/);
    const { stderr } = await restore("--since", "2026-11-01T00:00:00Z");
    assert.match(
      stderr,
      /^2 packages have something to restore by --since 2026-11-01T00:00:00Z: name one with --package: acme\/app, acme\/web\n/,
    );
    const none = await restore("--tag", "pr-9");
    assert.match(
      none.stderr,
      /^acme\/app, acme\/idle, acme\/web: nothing that GitHub can still restore has the tag pr-9: GitHub lists 12 /,
    );
  });

  it("takes the beginning of a digest, as it lists it, and names the whole for the config", async () => {
    const digest = worlds.get(web)?.image("onlyWeb").index ?? "";
    const { stdout } = await restore("--list", "--package", web);
    const [short = ""] = /sha256:\w{12}(?= .*$)/m.exec(stdout.split("\n").find((line) => line.includes(" pr-3 ")) ?? "") ?? [];
    assert.ok(digest.startsWith(short) && short.length === 19, stdout);
    const onRecord = await restore("--digest", short);
    assert.match(onRecord.stdout, /^restoring 3 versions of acme\/web …\n/);
    assert.ok(onRecord.stdout.includes(`policies[1].restore[0]' ${digest}\n`), onRecord.stdout);

    engine.exports(JSON.stringify({ deployment: {} }));
    const both = worlds.get(app)?.image("both").index ?? "";
    assert.match((await restore("--digest", both.slice(0, 19), "--dry-run")).stdout, /^would restore 1 version of acme\/app/);
    for (const wrong of ["pr-1", "4731c7fb", "sha256:47", "sha256:"])
      assert.match((await restore("--digest", wrong)).stderr, /: expected a digest such as sha256:4731c7fbd52e/);
  });

  it("says what to do where the engine is not signed in, and keeps its words", async () => {
    const words = "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions";
    writeFileSync(join(engine.path, "pulumi"), `#!/bin/sh\necho '${words}' >&2\nexit 255\n`, { mode: 0o755 });
    for (const args of [["--list"], ["--tag", "pr-1"], ["--plan", "2026-11-23-7f3a9c21b4d0"]]) {
      const { code, stderr } = await restore(...args);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^the record of the stack prod could not be read \(`pulumi stack export`: error: PULUMI_ACCESS_TOKEN must be set/,
      );
      assert.match(stderr, /Sign in with `pulumi login`, or `pulumi login --local` \(docs\/state\.md\)/);
    }
  });
});
