import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { explainCommand } from "../../../components/command-line/explain-command";
import { type PushedImage, pushImage, pushMultiArchImage, type Sandbox, startSandbox } from "../../../sandbox";
import { dropPullRequests, dropUntagged, keepReleases } from "../../support/builders/policy";
import { printed, runCompiled } from "../../support/command-line/run";

const policy = { owner: "logto-io", package: "logto", rules: [dropPullRequests, dropUntagged, keepReleases], limits: { percent: 60 } };
/** Whole digests everywhere; a key that is not here is not documented. */
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Relations = z.array(z.strictObject({ as: z.string(), digest: Digest }));
const Explained = z.strictObject({
  schemaVersion: z.literal(1),
  package: z.literal("logto-io/logto"),
  reference: z.string(),
  digest: Digest,
  versionId: z.number(),
  tags: z.array(z.string()),
  role: z.enum(["root", "child", "referrer"]),
  asOf: z.iso.date(),
  verdict: z.looseObject({ kind: z.string(), text: z.string() }),
  ageSeconds: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rules: z.array(z.strictObject({ rule: z.string(), action: z.enum(["keep", "delete"]), holds: z.boolean() })),
  neededBy: Relations,
  needs: Relations,
  misspelt: z.array(z.unknown()),
  missing: z.array(Digest),
  deletedBefore: z.array(z.unknown()),
  notices: z.array(z.string()),
});

describe("`ghcr-retention explain`", function () {
  this.timeout(60_000);

  const environment = { ...process.env };
  let sandbox: Sandbox;
  let folder: string;
  let prod: PushedImage;
  let pr: PushedImage;
  let lone: string;

  before(async () => {
    sandbox = await startSandbox({ now: "2026-10-01T00:00:00Z" });
    const target = { registryUrl: sandbox.registryUrl, token: sandbox.token, repository: "logto-io/logto" };
    prod = await pushMultiArchImage(target, { seed: "prod", tags: ["prod", "v1.4.2"] });
    pr = await pushMultiArchImage(target, { seed: "pr", tags: ["pr-1"] });
    lone = await pushImage(target, { seed: "lone" });
    sandbox.setClock("2026-11-23T05:00:00Z");
    folder = mkdtempSync(join(tmpdir(), "explain-"));
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await sandbox.close();
  });
  beforeEach(() => {
    Object.assign(process.env, { GITHUB_TOKEN: sandbox.token, GHCR_RETENTION_CACHE: join(folder, "cache") });
  });
  afterEach(() => {
    for (const name of ["GITHUB_TOKEN", "GHCR_RETENTION_CACHE"]) {
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    }
  });

  /** Writes the stack's config, with a change, and returns its path. */
  function configFile(change: object = {}, name = "Pulumi.dev.yaml"): string {
    const servers = { "ghcr-retention:githubApiUrl": sandbox.githubApiUrl, "ghcr-retention:registryUrl": sandbox.registryUrl };
    const path = join(folder, name);
    writeFileSync(path, stringify({ config: { ...servers, "ghcr-retention:policies": [policy], ...change } }));
    return path;
  }

  function explained(name: string, reference: string, ...more: readonly string[]): Promise<string> {
    return printed(explainCommand(), [name, reference, "--config-file", configFile(), ...more]);
  }

  function refusal(error: RegExp, ...args: readonly string[]): Promise<void> {
    return assert.rejects(printed(explainCommand(), args), (thrown: Error) => {
      assert.match(thrown.message, error);
      return true;
    });
  }

  describe("when a tag is named", () => {
    it("says that the image stays, and by which rule", async () => {
      const out = await explained("logto", "prod");
      assert.match(out, /^the version tagged prod, v1\.4\.2 stays: kept by keep-releases\n\n/);
      assert.match(out, new RegExp(`^ {2}digest +${prod.index}$`, "m"));
      assert.match(out, /^ {2}kind +image$/m);
      assert.match(out, /^ {2}age +53 days at the start of 2026-11-23 \(created 2026-10-01T00:00:00Z, /m);
      assert.match(out, /^ {2}rules +keep-releases \(keep\): applies$/m);
      assert.match(out, /^ {2}needed by +none$/m);
      assert.match(out, /^ {2}needs +linux\/amd64 sha256:[0-9a-f]{12}$/m);
    });
    it("says that the image goes, and by which rule", async () => {
      assert.match(
        await explained("logto-io/logto", "pr-1"),
        /^pr-1 goes once approved: pr-1, 53 days old \(drop-pr\); plan 2026-11-23-\w{12} waits for approval\n/,
      );
    });
  });

  describe("when the plan is over the limits", () => {
    it("says that nobody can approve it, and by which limit", async () => {
      const strict = configFile({ "ghcr-retention:policies": [{ ...policy, limits: { percent: 50 } }] }, "strict.yaml");
      assert.match(
        await printed(explainCommand(), ["logto", "pr-1", "--config-file", strict]),
        /^pr-1 stays for now: pr-1, 53 days old \(drop-pr\); but plan \S+ cannot be approved: it deletes 54\.6% of the package's 11 versions/,
      );
    });
  });

  describe("when an organisation's policy protects an image in use by its reference", () => {
    it("stays, as it does in a preview", async () => {
      const reference = `${new URL(sandbox.registryUrl).host}/logto-io/logto:pr-1`;
      const organization = { owner: "logto-io", packages: ["logto"], rules: [dropPullRequests], protect: [reference] };
      const inUse = configFile({ "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] }, "in-use.yaml");
      assert.match(await printed(explainCommand(), ["logto", "pr-1", "--config-file", inUse]), /^pr-1 stays: protected by the policy\n/);
    });
  });

  describe("when an organisation's policy selects the package", () => {
    it("judges by that, with its overrides", async () => {
      const organization = {
        owner: "logto-io",
        packages: ["*", "!other"],
        rules: [dropPullRequests],
        overrides: { logto: { protect: ["pr-1"] } },
      };
      const change = { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] };
      const file = configFile(change, "Pulumi.organization.yaml");
      const out = await printed(explainCommand(), ["logto-io/logto", "pr-1", "--config-file", file]);
      assert.match(out, /^pr-1 stays: protected by the policy\n/);
      await refusal(/no policy for logto-io\/other/, "logto-io/other", "pr-1", "--config-file", file);
    });
  });

  describe("when a digest is named", () => {
    it("says why an untagged image goes", async () => {
      assert.match(
        await explained("logto", lone),
        /^sha256:[0-9a-f]{12} goes once approved: untagged, 53 days old, nothing needs it \(drop-untagged\); /,
      );
    });
    it("says what a child is for, and for which image", async () => {
      const child = prod.children.find(({ platform }) => platform === "linux/arm64");
      const out = await explained("logto", child?.digest.slice(0, 19) ?? "");
      assert.match(out, /^sha256:[0-9a-f]{12} stays: linux\/arm64 of prod, v1\.4\.2\n/);
      assert.match(out, /^ {2}kind +child$/m);
      assert.match(out, /^ {2}needed by +linux\/arm64 of prod, v1\.4\.2$/m);
    });
    it("tells an attestation from a platform", async () => {
      assert.match(
        await explained("logto", pr.attestations[0]?.digest ?? ""),
        / goes once approved: attestation of linux\/amd64 of pr-1; /,
      );
    });
  });

  describe("when data is asked for", () => {
    it("prints it as JSON and nothing else", async () => {
      const said = Explained.parse(JSON.parse(await explained("logto", "prod", "--json")));
      assert.deepEqual([said.digest, [...said.tags].sort(), said.role], [prod.index, ["prod", "v1.4.2"], "root"]);
      assert.deepEqual(said.verdict, {
        kind: "stays",
        reason: { kind: "kept-by-rule", rule: "keep-releases" },
        text: "stays: kept by keep-releases",
      });
      assert.deepEqual(said.rules, [{ rule: "keep-releases", action: "keep", holds: true }]);
      assert.deepEqual([said.asOf, said.createdAt, said.ageSeconds], ["2026-11-23", "2026-10-01T00:00:00Z", 53 * 86_400]);
      assert.deepEqual(
        said.needs.map(({ digest }) => digest).sort(),
        [...prod.children, ...prod.attestations].map(({ digest }) => digest).sort(),
      );
    });
    it("names in full what a part goes with, or stays for", async () => {
      const partOf = async ({ children }: PushedImage) =>
        Explained.parse(JSON.parse(await explained("logto", children[0]?.digest ?? "", "--json")));
      const going = await partOf(pr);
      const staying = await partOf(prod);
      assert.deepEqual(going.verdict.reason, {
        kind: "part",
        as: "linux/amd64",
        of: "pr-1",
        text: "linux/amd64 of pr-1",
        above: pr.index,
        image: pr.index,
      });
      assert.match(String(going.verdict.plan), /^2026-11-23-\w{12}$/);
      assert.match(
        JSON.stringify(staying.verdict.reason),
        new RegExp(`"chain":\\["linux/amd64"\\],"keeper":{"digest":"${prod.index}","tags":\\[`),
      );
    });
  });

  describe("when a readable digest is named as unreadable", () => {
    it("changes nothing: it is void as long as the digest can be read", async () => {
      const [child] = prod.children;
      const named = configFile({ "ghcr-retention:policies": [{ ...policy, unreadable: [prod.index, child?.digest] }] }, "named.yaml");
      for (const reference of ["prod", "pr-1", lone, child?.digest ?? ""]) {
        const out = await printed(explainCommand(), ["logto", reference, "--config-file", named]);
        assert.equal(out, await explained("logto", reference));
      }
    });
  });

  describe("when the reference names nothing", () => {
    it("says what was expected", async () => {
      for (const reference of ["latest", "sha256:0000", "s"]) {
        await refusal(
          /^logto-io\/logto has no version with the (name ".+"|digest sha256:0000), and none of what GitHub can still restore does either: it was never there/,
          "logto",
          reference,
          "--config-file",
          configFile(),
        );
      }
    });
  });

  describe("when the token is missing or may not", () => {
    it("says which one to set", async () => {
      delete process.env.GITHUB_TOKEN;
      await refusal(
        /^no token: set GITHUB_TOKEN; this command needs the scope read:packages$/,
        "logto",
        "prod",
        "--config-file",
        configFile(),
      );
    });
    it("says what GitHub says, without the token", async () => {
      process.env.GITHUB_TOKEN = "ghp_wrong";
      await assert.rejects(explained("logto", "prod"), ({ message }: Error) => message.length > 0 && !message.includes("ghp_wrong"));
    });
  });

  describe("when the config does not hold the policy", () => {
    it("names those that it holds", async () => {
      await refusal(/^no policy for app in the stack's config; there are: logto-io\/logto$/, "app", "prod", "--config-file", configFile());
    });
    it("takes a name with its owner for that package, whatever else an organisation's patterns would select", async () => {
      const organization = { owner: "acme", rules: policy.rules };
      const beside = configFile({ "ghcr-retention:policies": [policy], "ghcr-retention:organizations": [organization] }, "beside.yaml");
      assert.match(
        await explained("logto-io/logto", "prod", "--config-file", beside),
        /^the version tagged prod, v1\.4\.2 stays: kept by keep-releases/,
      );
    });
    it("asks for the owner where several have such a package", async () => {
      const both = configFile({ "ghcr-retention:policies": [policy, { ...policy, owner: "acme" }] }, "both.yaml");
      await refusal(/^more than one policy for logto .*: logto-io\/logto, acme\/logto$/, "logto", "prod", "--config-file", both);
    });
  });

  describe("when the config is wrong", () => {
    it("names each path and its fix", async () => {
      const wrong = configFile({ "ghcr-retention:policies": [{ ...policy, minimumAge: "1h" }] }, "wrong.yaml");
      await refusal(/ghcr-retention:policies\[0\]\.minimumAge: expected at least "1d"/, "logto", "prod", "--config-file", wrong);
    });
    for (const [what, text, error] of [
      ["is no YAML", "config: [", /broken\.yaml is not valid YAML: /],
      ["is no map", "- config", /broken\.yaml is not valid:\n {2}the whole: expected a stack's config, which begins with `config:`$/],
      ["has a list for config", "config: [1]", /broken\.yaml is not valid:\n {2}config: expected keys and values$/],
      ["is empty", "", /^the stack's config declares no policy: expected entries under `ghcr-retention:policies`/],
      ["has no entries", "config:\n", /^the stack's config declares no policy: expected entries under `ghcr-retention:policies`/],
    ] as const) {
      it(`says that it ${what}`, async () => {
        const path = join(folder, "broken.yaml");
        writeFileSync(path, text);
        await refusal(error, "logto", "prod", "--config-file", path);
      });
    }
    it("says which file it looked for", async () => {
      await refusal(/^Pulumi\.staging\.yaml cannot be read: name the stack with --stack/, "logto", "prod", "--stack", "staging");
    });
  });

  describe("when it runs as a command", () => {
    it("finds the stack's file where it stands, and writes nothing beside it", async () => {
      configFile({}, "Pulumi.live.yaml");
      const { code, stdout, stderr } = await runCompiled(["explain", "logto", "pr-1", "--stack", "live"], {}, folder);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^warning: `pulumi stack export` failed: /m);
      assert.match(stdout, /^pr-1 goes once approved: /);
    });
    it("fails with one line and exit code 1", async () => {
      const { code, stdout, stderr } = await runCompiled(["explain", "logto", "nothing", "-c", configFile()]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^ghcr-retention: logto-io\/logto has no version with the name "nothing", and .*\n$/m);
    });
    it("asks nothing of GitHub but to read", () => {
      const methods = new Set(
        sandbox
          .requests()
          .map(({ method }) => method)
          .filter((method) => method !== "HEAD"),
      );
      const pushes = sandbox.requests().filter(({ method, path }) => method !== "GET" && method !== "HEAD" && !path.startsWith("/v2/"));
      assert.ok(methods.has("GET"));
      assert.deepEqual(pushes, []);
    });
  });
});
