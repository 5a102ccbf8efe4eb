import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { stringify } from "yaml";
import { planCommand } from "../../../components/command-line/plan-command";
import { reviewCommand } from "../../../components/command-line/review-command";
import { PlanList } from "../../../components/listing/plan-list";
import { type Captured, captured } from "../../support/command-line/captured";
import { standInEngine, within } from "../../support/command-line/stand-in-engine";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { now, PackageWorld, policyFor, shop, small } from "../../support/engine/world";

const ajv = new Ajv2020({ allErrors: true });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(join(__dirname, "..", "..", "..", "schema", "plan.schema.json"), "utf8")));

describe("`ghcr-retention plan`", function () {
  this.timeout(120_000);

  const sandbox = useSandbox({ now });
  let folder: string;
  /** Where `pulumi` is. */
  let path: string;
  let leave: () => void;
  let app: PackageWorld;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
    path = standInEngine(folder).path;
    leave = within(folder);
    app = await new PackageWorld(sandbox(), "acme/app").deploy(shop);
    await new PackageWorld(sandbox(), "acme/team/web").deploy(small);
  });
  afterEach(() => {
    leave();
    rmSync(folder, { recursive: true });
  });

  function run(command: typeof planCommand, args: readonly string[], change: object = {}, cache = "cache"): Promise<Captured> {
    const { githubApiUrl, registryUrl, token } = sandbox();
    const policies = [policyFor("acme/app"), policyFor("acme/team/web")];
    const config = {
      "ghcr-retention:githubApiUrl": githubApiUrl,
      "ghcr-retention:registryUrl": registryUrl,
      "ghcr-retention:policies": policies,
      ...change,
    };
    const file = join(folder, "Pulumi.prod.yaml");
    writeFileSync(file, stringify({ config }));
    const env = { GITHUB_TOKEN: token, GHCR_RETENTION_CACHE: join(folder, cache), PATH: path };
    return captured(command(), ["--stack", "prod", "--config-file", file, ...args], env);
  }

  const plan = (...args: readonly string[]) => run(planCommand, args);

  it("prints no line that approves, where the stack's record cannot be read", async () => {
    assert.match((await plan()).stdout, /To approve exactly this:\n {2}pulumi config set/);
    writeFileSync(join(path, "pulumi"), "#!/bin/sh\necho 'error: PULUMI_ACCESS_TOKEN must be set' >&2\nexit 255\n", { mode: 0o755 });
    const { code, stdout, stderr } = await plan();
    assert.match(stderr, /^warning: `pulumi stack export` failed: error: PULUMI_ACCESS_TOKEN must be set\. Sign in with `pulumi login`/m);
    assert.equal(code, 1);
    assert.match(stdout, /\n\nwaiting for approval, nothing is deleted until then\./);
    assert.doesNotMatch(stdout, /To approve|pulumi config set/);
    assert.match(stderr, /the record of the stack prod could not be read/);
  });

  async function listed(...args: readonly string[]): Promise<PlanList> {
    const { code, stdout, stderr } = await plan("--json", ...args);
    assert.equal(code, 0, stderr);
    const list: unknown = JSON.parse(stdout);
    assert.ok(validate(list), JSON.stringify(validate.errors));
    return PlanList.parse(list);
  }

  async function manifestReads(during: () => Promise<unknown>): Promise<number> {
    sandbox().clearRequests();
    await during();
    return sandbox()
      .requests()
      .filter(({ method, path }) => method === "GET" && path.includes("/manifests/")).length;
  }

  it("prints what a preview prints, for each package", async () => {
    const { code, stdout, stderr } = await plan();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^acme\/app\n\nplan 2026-11-23-[0-9a-f]{12}: delete 15 of 40 versions \(3 images\), keep 25\n\n {2}image /);
    assert.match(stdout, /\n\nfrees at most [\d.]+ k?B: 20 manifests were not read \(`npx ghcr-retention plan --sizes` reads them\)\n\n/);
    assert.match(stdout, /To approve exactly this:\n {2}pulumi config set --path 'ghcr-retention:policies\[0\]\.approve' /);
    assert.match(stdout, /\n\nacme\/team\/web\n\nplan /);
  });

  it("fails without the stack's record: what is approved, or waits out its grace, is not known then", async () => {
    path = "";
    const { code, stderr } = await plan("--json");
    assert.equal(code, 1);
    assert.match(stderr, /the record of the stack prod could not be read \(`pulumi stack export`: the Pulumi CLI was not found/);
  });

  it("lists every version as JSON of the published schema, with the decision that a review shows", async () => {
    const { packages, schemaVersion, stack } = await listed();
    assert.deepEqual([schemaVersion, stack], [1, "prod"]);
    const [one] = packages;
    const [waiting] = one?.plans ?? [];
    assert.equal(one?.versions.length, 40);
    const going = one.versions.filter(({ verdict }) => verdict === "waits");
    assert.deepEqual(going.map(({ digest }) => digest).sort(), app.digests("pr1", "prodBefore", "pr2"));
    assert.deepEqual(new Set(going.map(({ plan }) => plan)), new Set([waiting?.id]));
    assert.deepEqual([waiting?.state, waiting?.deletes, waiting?.frees?.accuracy, waiting?.frees?.unread], ["waiting", 15, "at-most", 20]);
    const { stdout: markdown } = await run(reviewCommand, []);
    assert.ok(markdown.includes(`**Plan \`${waiting?.id}\` waits for approval**: delete 15 of 40 versions (3 images), keep 25`), markdown);
  });

  it("says of each version what it is, why it goes or stays, and since when", async () => {
    const [one] = (await listed("acme/app")).packages;
    const find = (digest: string) => one?.versions.find((version) => version.digest === digest);
    const { index, children } = app.image("pr2");
    const pr = find(index);
    assert.deepEqual(
      [pr?.tags, pr?.role, pr?.kind, pr?.verdict, pr?.reason.kind, pr?.because, pr?.rules],
      [["pr-2"], "root", "index", "waits", "tagged-image", "pr-2, 19 days old (drop-pr-builds)", ["drop-pr-builds"]],
    );
    assert.equal(pr?.ageSeconds, 19 * 86_400 + 12 * 3_600);
    assert.equal(pr?.createdAt, "2026-11-03T12:00:00Z");
    const arm = children.find(({ platform }) => platform === "linux/arm64");
    const part = find(arm?.digest ?? "");
    assert.deepEqual(
      [part?.role, part?.platform, part?.reason, part?.because],
      ["child", "linux/arm64", { kind: "part", as: "linux/arm64", of: index }, "linux/arm64 of pr-2"],
    );
    const kept = find(app.image("release1").index);
    assert.deepEqual(
      [kept?.verdict, kept?.reason.kind, kept?.because, kept?.rules],
      ["stays", "kept-by-rule", "kept by keep-releases", ["keep-releases"]],
    );
    const [needed] = app.image("release1").children;
    assert.deepEqual(find(needed?.digest ?? "")?.reason, { kind: "needed", as: needed?.platform, of: app.image("release1").index });
  });

  it("knows the bytes of what was read, and null elsewhere", async () => {
    const [one] = (await listed("acme/app")).packages;
    const bytesOf = (digest: string) => {
      const version = one?.versions.find((each) => each.digest === digest);
      return [typeof version?.contentBytes, typeof version?.freesBytes];
    };
    const { index, children } = app.image("pr2");
    // An index lists no layers, and what a part shares with parts that were not read is not known.
    assert.deepEqual(bytesOf(index), ["number", "number"]);
    assert.deepEqual(bytesOf(children[0]?.digest ?? ""), ["number", "object"]);
    assert.deepEqual(bytesOf(app.image("prod").children[0]?.digest ?? ""), ["object", "object"]);
  });

  it("lists what GitHub can restore", async () => {
    const { index } = app.image("pr1");
    const id = sandbox()
      .package("acme/app")
      ?.versions.find((version) => version.digest === index)?.id;
    const url = `${sandbox().githubApiUrl}/orgs/acme/packages/container/app/versions/${id}`;
    assert.equal((await fetch(url, { method: "DELETE", headers: { authorization: `token ${sandbox().token}` } })).status, 204);
    const [one] = (await listed("app")).packages;
    const gone = one?.versions.find(({ digest }) => digest === index);
    assert.deepEqual([gone?.id, gone?.verdict, gone?.restorableUntil, gone?.role], [id, "restorable", "2026-12-23", null]);
  });

  it("reads with --sizes what a preview leaves out, each once, and is exact then", async () => {
    const reads = await manifestReads(() => plan("--json", "app"));
    const first = await manifestReads(() => plan("--json", "--sizes", "app"));
    assert.deepEqual([reads, first], [20, 20]);
    let exact: PlanList | undefined;
    const again = await manifestReads(async () => {
      exact = await listed("--sizes", "app");
    });
    assert.equal(again, 0);
    const [one] = exact?.packages ?? [];
    assert.equal(one?.plans[0]?.frees?.accuracy, "exact");
    assert.deepEqual(
      one?.versions.filter(({ contentBytes, freesBytes }) => contentBytes === null || freesBytes === null),
      [],
    );
    // A preview reads nothing for it, and knows as much from the cache.
    assert.equal(await manifestReads(() => plan("app")), 0);
    assert.match((await plan("app")).stdout, /\n\nfrees [\d.]+ k?B\n\n/);
  });

  it("decides the same with --sizes as without", async () => {
    const without = await listed("app");
    const sized = await listed("--sizes", "app");
    const decisions = ({ packages }: PlanList) =>
      packages.map(({ plans, versions }) => [
        plans.map(({ id, deletes }) => [id, deletes]),
        versions.map(({ digest, verdict, because }) => [digest, verdict, because]),
      ]);
    assert.deepEqual(decisions(sized), decisions(without));
  });

  it("leaves unread with --sizes what the registry has lost, and says so", async () => {
    const [child] = app.image("prod").children;
    sandbox().setPackage({ package: "acme/app", versions: [{ version: child?.digest ?? "", unknownToRegistry: true }] });
    const { code, stdout, stderr } = await plan("--sizes", "app");
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\n\nfrees at most /);
    assert.match(
      stderr,
      new RegExp(`^acme/app: 1 manifest could not be read, since the registry does not know what GitHub lists: ${child?.digest}$`, "m"),
    );
  });

  it("writes a file, and nothing to the terminal", async () => {
    const path = join(folder, "plan.csv");
    const { stdout, code } = await plan("--csv", "--output", path);
    assert.deepEqual([stdout, code], ["", 0]);
    assert.equal(readFileSync(path, "utf8").split("\r\n").length, 1 + 40 + 6 + 1);
    const refused = await plan("--csv", "--output", join(folder, "missing", "plan.csv"));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /plan\.csv cannot be written: ENOENT.*Name another file after --output/);
  });

  it("plans an organisation's package as the whole organisation's policy does, and lists it alone", async () => {
    const { owner, package: _package, ...shared } = policyFor("acme/app");
    const organization = { owner, packages: ["*"], ...shared };
    const change = { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] };
    const { stdout, code } = await run(planCommand, ["--json", "app"], change);
    assert.equal(code, 0);
    const list = PlanList.parse(JSON.parse(stdout));
    assert.deepEqual(
      list.packages.map(({ package: name, plans }) => [name, plans.length]),
      [["acme/app", 1]],
    );
    const text = await run(planCommand, [], change);
    assert.match(text.stdout, /\n2 packages with 46 versions: 18 planned; /);
    assert.match(text.stdout, /\n\nwhat is planned frees at most /);
  });

  describe("when something is wrong", () => {
    it("lists the packages that can be planned, and fails", async () => {
      const change = { "ghcr-retention:policies": [policyFor("acme/app"), policyFor("acme/gone")] };
      const { code, stdout, stderr } = await run(planCommand, ["--json"], change);
      assert.equal(code, 1);
      assert.match(stderr, /^acme\/gone: not planned, so nothing of it is deleted: acme\/gone: GitHub answered 404/m);
      const list = JSON.parse(stdout);
      assert.ok(validate(list), JSON.stringify(validate.errors));
      assert.deepEqual(
        PlanList.parse(list).packages.map(({ versions, failure }) => [versions.length, failure?.slice(0, 9) ?? null]),
        [
          [40, null],
          [0, "acme/gone"],
        ],
      );
    });
    it("names the packages that the stack has", async () => {
      const { code, stderr } = await plan("other");
      assert.equal(code, 1);
      assert.match(stderr, /no policy for other in the stack's config; there are: acme\/app, acme\/team\/web/);
    });
    it("wants one form at a time", async () => {
      const { code, stderr } = await plan("--json", "--csv");
      assert.equal(code, 1);
      assert.match(stderr, /expected --json or --csv, not both/);
    });
  });
});
