import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { readStackFile } from "../../../components/command-line/stack-file";
import { parseEndpoints } from "../../../components/config/endpoints";
import { readStackPolicies } from "../../../components/config/stack-policies";
import { day } from "../../../components/rules/duration";
import { parsePolicy } from "../../../components/rules/parse-policy";
import { mutated, mutatedText } from "../../support/fuzz/mutations";
import { assertForPeople, assertPrototypesClean, patience, runs } from "../../support/fuzz/runs";

const rules = [
  { name: "keep-releases", action: "keep", tags: ["v*", "!*-rc*", "/^prod$/"], mostRecent: { count: 3, by: "semver", per: "minor" } },
  { name: "drop-builds", action: "delete", tags: ["pr-*"], olderThan: "14d", age: "updated", annotations: { "a.b": "*x" } },
  { name: "drop-untagged", action: "delete", untagged: true, olderThan: "P30D", platforms: ["linux/*"], semver: ">=1" },
];
const policy = {
  owner: "logto-io",
  package: "team/logto",
  rules,
  protect: ["prod", `sha256:${"ab".repeat(32)}`],
  limits: { deletions: 10, percent: 5 },
  minimumAge: "2d",
  grace: "7d",
  restore: ["pr-3", "2026-11-23-7f3a9c21b4d0"],
  approval: "required",
  approve: "2026-11-23-7f3a9c21b4d0",
};
const stack = {
  policies: [
    { ...policy, use: ["shared"] },
    { owner: "logto-io", package: "other", rules },
  ],
  ruleSets: { shared: [{ name: "keep-shared", action: "keep", tags: ["main"] }] },
  defaults: { use: ["shared"], protect: ["latest"], limits: { deletions: 5 }, grace: "3d", approval: "required" },
};
const endpoints = {
  githubApiUrl: "https://api.github.com",
  registryUrl: "https://ghcr.io",
  deletionsPerMinute: "60",
  cacheDir: "/tmp/cache",
};

function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    assertForPeople(error);
    return undefined;
  } finally {
    assertPrototypesClean();
  }
}

describe("the parsers of the config", function () {
  this.timeout(patience);

  it("give a policy that keeps its promises, or an error for people", () => {
    let taken = 0;
    fc.assert(
      fc.property(mutated(policy), (written) => {
        const parsed = attempt(() => parsePolicy(written));
        if (parsed === undefined) return;
        taken += 1;
        assert.ok(parsed.minimumAge >= day);
        assert.ok(parsed.limits.deletions >= 1 && parsed.limits.percent <= 100);
        assert.ok(["required", "automatic"].includes(parsed.approval));
        // What was written as a keep rule or as protection is never lost on the way.
        const { rules, protect } = written as typeof policy;
        assert.equal(parsed.rules.length, rules.length);
        assert.deepEqual(
          parsed.rules.map(({ action }) => action),
          rules.map(({ action }) => action),
        );
        assert.deepEqual(parsed.protect, protect ?? []);
      }),
      runs(1_000),
    );
    assert.ok(taken > 50, `only ${taken} of the changed policies were taken`);
  });

  it("give the policies of a stack, with all that the defaults protect, or an error for people", () => {
    fc.assert(
      fc.property(mutated(stack), (written) => {
        const { policies, ruleSets, defaults } = (written ?? {}) as Record<string, unknown>;
        const configured = attempt(() => readStackPolicies({ policies, ruleSets, defaults })) ?? [];
        for (const { policy, configPath, weaker } of configured) {
          assert.match(configPath, /^ghcr-retention:policies\[\d+\]$/);
          for (const name of (defaults as { protect?: string[] } | undefined)?.protect ?? []) assert.ok(policy.protect?.includes(name));
          assert.ok(Array.isArray(weaker));
          assert.ok(
            attempt(() => parsePolicy(policy)),
            "what a stack takes, the resource takes",
          );
        }
      }),
      runs(500),
    );
  });

  it("give addresses to which a token may go, or an error for people", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          mutated(endpoints),
          fc.record({
            githubApiUrl: mutatedText("https://api.github.com"),
            registryUrl: fc.oneof(fc.webUrl(), mutatedText("http://127.0.0.1:80")),
          }),
        ),
        (written) => {
          const parsed = attempt(() => parseEndpoints(written));
          for (const address of parsed ? [parsed.githubApiUrl, parsed.registryUrl] : []) {
            const { protocol, hostname } = new URL(address);
            assert.ok(protocol === "https:" || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname), address);
          }
        },
      ),
      runs(500),
    );
  });

  it("refuse what is nested without an end", () => {
    let deep: unknown = "x";
    for (let level = 0; level < 50_000; level++) deep = [deep];
    assert.throws(() => parsePolicy({ ...policy, protect: deep }), /expected no more than 50 levels/);
  });

  describe("in the stack's file", () => {
    const folder = mkdtempSync(join(tmpdir(), "fuzz-config-"));
    const path = join(folder, "Pulumi.dev.yaml");
    after(() => rmSync(folder, { recursive: true }));

    const file = {
      encryptionsalt: "v1:x",
      config: {
        "ghcr-retention:policies": stack.policies,
        "ghcr-retention:ruleSets": stack.ruleSets,
        "ghcr-retention:defaults": stack.defaults,
        "ghcr-retention:token": { secure: "v1:x" },
        "other:key": true,
      },
    };

    it("give policies, or an error for people", () => {
      const text = fc.oneof(
        // YAML has no text for `undefined`.
        mutated(file).map((value) => stringify(value ?? null)),
        mutatedText(stringify(file)),
        fc.string({ unit: "binary" }),
      );
      fc.assert(
        fc.property(text, (yaml) => {
          writeFileSync(path, yaml);
          attempt(() => readStackFile(path));
        }),
        runs(300),
      );
    });

    for (const [what, yaml] of Object.entries({
      "aliases that grow without measure": `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi".replace(/./g, (key) => `${key}: &${key} [${`*${String.fromCharCode(key.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}config: *i\n`,
      "an alias of itself": "config: &a\n  ghcr-retention:policies: [*a]\n",
      "nesting without an end": `config: ${"[".repeat(10_000)}`,
      "a key with escapes": '"config": {"ghcr-retention:policies": [{"\\e]0;owned\\a": 1}]}',
    })) {
      it(`refuse ${what}`, () => {
        writeFileSync(path, yaml);
        assert.throws(
          () => readStackFile(path),
          (error) => {
            assertForPeople(error);
            return true;
          },
        );
      });
    }
  });
});
