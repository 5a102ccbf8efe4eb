import assert from "node:assert/strict";
import { z } from "zod";
import type { PushedImage } from "../../../sandbox";
import { dropPullRequests } from "../../support/builders/policy";
import { ExplainStage, policy } from "../../support/command-line/explain-stage";
import { runCompiled } from "../../support/command-line/run";
import { writesTo } from "../../support/emulator/writes";
import { useStage } from "../../support/use-stage";

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

  const stage = useStage(() => ExplainStage.open());

  describe("when a tag is named", () => {
    it("says that the image stays, and by which rule", async () => {
      const out = await stage().explained("logto", "prod");
      assert.match(out, /^the version tagged prod, v1\.4\.2 stays: kept by keep-releases\n\n/);
      assert.match(out, new RegExp(`^ {2}digest +${stage().prod.index}$`, "m"));
      assert.match(out, /^ {2}kind +image$/m);
      assert.match(out, /^ {2}age +53 days at the start of 2026-11-23 \(created 2026-10-01T00:00:00Z, /m);
      assert.match(out, /^ {2}rules +keep-releases \(keep\): applies$/m);
      assert.match(out, /^ {2}needed by +none$/m);
      assert.match(out, /^ {2}needs +linux\/amd64 sha256:[0-9a-f]{12}$/m);
    });
    it("says that the image goes, and by which rule", async () => {
      assert.match(
        await stage().explained("logto-io/logto", "pr-1"),
        /^pr-1 goes once approved: pr-1, 53 days old \(drop-pr\); plan 2026-11-23-\w{12} waits for approval\n/,
      );
    });
  });

  describe("when the plan is over the limits", () => {
    it("says that nobody can approve it, and by which limit", async () => {
      const strict = stage().configFile({ "ghcr-retention:policies": [{ ...policy, limits: { percent: 50 } }] }, "strict.yaml");
      assert.match(
        await stage().printed("logto", "pr-1", "--config-file", strict),
        /^pr-1 stays for now: pr-1, 53 days old \(drop-pr\); but plan \S+ cannot be approved: it deletes 54\.6% of the package's 11 versions/,
      );
    });
  });

  describe("when an organisation's policy protects an image in use by its reference", () => {
    it("stays, as it does in a preview", async () => {
      const reference = `${new URL(stage().sandbox.registryUrl).host}/logto-io/logto:pr-1`;
      const organization = { owner: "logto-io", packages: ["logto"], rules: [dropPullRequests], protect: [reference] };
      const inUse = stage().configFile(
        { "ghcr-retention:policies": undefined, "ghcr-retention:organizations": [organization] },
        "in-use.yaml",
      );
      assert.match(await stage().printed("logto", "pr-1", "--config-file", inUse), /^pr-1 stays: protected by the policy\n/);
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
      const file = stage().configFile(change, "Pulumi.organization.yaml");
      const out = await stage().printed("logto-io/logto", "pr-1", "--config-file", file);
      assert.match(out, /^pr-1 stays: protected by the policy\n/);
      await stage().refuses(/no policy for logto-io\/other/, ["logto-io/other", "pr-1", "--config-file", file]);
    });
  });

  describe("when a digest is named", () => {
    it("says why an untagged image goes", async () => {
      assert.match(
        await stage().explained("logto", stage().lone),
        /^sha256:[0-9a-f]{12} goes once approved: untagged, 53 days old, nothing needs it \(drop-untagged\); /,
      );
    });
    it("says what a child is for, and for which image", async () => {
      const child = stage().prod.children.find(({ platform }) => platform === "linux/arm64");
      const out = await stage().explained("logto", child?.digest.slice(0, 19) ?? "");
      assert.match(out, /^sha256:[0-9a-f]{12} stays: linux\/arm64 of prod, v1\.4\.2\n/);
      assert.match(out, /^ {2}kind +child$/m);
      assert.match(out, /^ {2}needed by +linux\/arm64 of prod, v1\.4\.2$/m);
    });
    it("tells an attestation from a platform", async () => {
      assert.match(
        await stage().explained("logto", stage().pr.attestations[0]?.digest ?? ""),
        / goes once approved: attestation of linux\/amd64 of pr-1; /,
      );
    });
  });

  describe("when data is asked for", () => {
    it("prints it as JSON and nothing else", async () => {
      const said = Explained.parse(JSON.parse(await stage().explained("logto", "prod", "--json")));
      assert.deepEqual([said.digest, [...said.tags].sort(), said.role], [stage().prod.index, ["prod", "v1.4.2"], "root"]);
      assert.deepEqual(said.verdict, {
        kind: "stays",
        reason: { kind: "kept-by-rule", rule: "keep-releases" },
        text: "stays: kept by keep-releases",
      });
      assert.deepEqual(said.rules, [{ rule: "keep-releases", action: "keep", holds: true }]);
      assert.deepEqual([said.asOf, said.createdAt, said.ageSeconds], ["2026-11-23", "2026-10-01T00:00:00Z", 53 * 86_400]);
      assert.deepEqual(
        said.needs.map(({ digest }) => digest).sort(),
        [...stage().prod.children, ...stage().prod.attestations].map(({ digest }) => digest).sort(),
      );
    });
    it("names in full what a part goes with, or stays for", async () => {
      const partOf = async ({ children }: PushedImage) =>
        Explained.parse(JSON.parse(await stage().explained("logto", children[0]?.digest ?? "", "--json")));
      const going = await partOf(stage().pr);
      const staying = await partOf(stage().prod);
      assert.deepEqual(going.verdict.reason, {
        kind: "part",
        as: "linux/amd64",
        of: "pr-1",
        text: "linux/amd64 of pr-1",
        above: stage().pr.index,
        image: stage().pr.index,
      });
      assert.match(String(going.verdict.plan), /^2026-11-23-\w{12}$/);
      assert.match(
        JSON.stringify(staying.verdict.reason),
        new RegExp(`"chain":\\["linux/amd64"\\],"keeper":{"digest":"${stage().prod.index}","tags":\\[`),
      );
    });
  });

  describe("when a readable digest is named as unreadable", () => {
    it("changes nothing: it is void as long as the digest can be read", async () => {
      const [child] = stage().prod.children;
      const named = stage().configFile(
        { "ghcr-retention:policies": [{ ...policy, unreadable: [stage().prod.index, child?.digest] }] },
        "named.yaml",
      );
      for (const reference of ["prod", "pr-1", stage().lone, child?.digest ?? ""]) {
        const out = await stage().printed("logto", reference, "--config-file", named);
        assert.equal(out, await stage().explained("logto", reference));
      }
    });
  });

  describe("when it runs as a command", () => {
    it("finds the stack's file where it stands, and writes nothing beside it", async () => {
      stage().configFile({}, "Pulumi.live.yaml");
      const { code, stdout, stderr } = await runCompiled(["explain", "logto", "pr-1", "--stack", "live"], stage().env, stage().folder);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^warning: `pulumi stack export` failed: /m);
      assert.match(stdout, /^pr-1 goes once approved: /);
    });
    it("fails with one line and exit code 1", async () => {
      const { code, stdout, stderr } = await runCompiled(["explain", "logto", "nothing", "-c", stage().configFile()], stage().env);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, /^ghcr-retention: logto-io\/logto has no version with the name "nothing", and .*\n$/m);
    });
    it("asks nothing of GitHub but to read", () => assert.deepEqual(writesTo(stage().sandbox), []));
  });
});
