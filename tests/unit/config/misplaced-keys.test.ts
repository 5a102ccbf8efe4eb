import assert from "node:assert/strict";
import { misplacedKeys } from "../../../components/config/misplaced-keys";
import { dropPullRequests } from "../../support/builders/policy";

const rules = [dropPullRequests];
const policy = { owner: "acme", package: "app", rules };
const nothing = { certain: [], likely: [] };

describe("settings in the namespace of another program", () => {
  for (const [config, says] of [
    [{ "ghcr:policies": [policy] }, "ghcr:policies: is read by no policy: did you mean `ghcr-retention:policies`?"],
    [{ "shop:policies": [policy] }, "shop:policies, or plain `policies`: is read by no policy: did you mean `ghcr-retention:policies`?"],
    [{ "shop:policies": [{ package: "app", use: ["company"] }] }, "did you mean `ghcr-retention:policies`?"],
    [{ "ghcr:organizations": [{ owner: "acme", packages: ["*"], rules }] }, "did you mean `ghcr-retention:organizations`?"],
    [{ "ghcr:ruleSets": { company: rules } }, "did you mean `ghcr-retention:ruleSets`?"],
    // The stack's own policies hide nothing.
    [{ "ghcr-retention:policies": [policy], "ghcr:policies": [policy] }, "did you mean `ghcr-retention:policies`?"],
  ] as const) {
    it(`are named, where they are ours by their form: ${JSON.stringify(Object.keys(config))}`, () => {
      const { certain, likely } = misplacedKeys(config, "shop");
      assert.deepEqual([certain.length, likely], [1, []]);
      assert.ok(certain[0]?.includes(says), certain[0]);
    });
  }

  for (const config of [
    { "shop:policies": [{ owner: "acme", name: "app" }] },
    { "shop:defaults": { minimumAge: "3d", grace: "7d" } },
    { "shop:githubApiUrl": "https://github.example/api/v3" },
    { "shop:deletionsPerMinute": "60" },
  ]) {
    const [key = ""] = Object.keys(config);
    const name = key.replace("shop:", "");

    it(`are a warning, where they may be another program's: ${key}`, () => {
      const text = `${key}, or plain \`${name}\`: is read by no policy: if it is meant for them, write \`ghcr-retention:${name}\``;
      assert.deepEqual(misplacedKeys(config, "shop"), { certain: [], likely: [text] });
    });

    it(`are no matter where ours has that key, too: ${key}`, () => {
      assert.deepEqual(misplacedKeys({ ...config, [`ghcr-retention:${name}`]: "set" }, "shop"), nothing);
    });
  }

  it("are left alone where they look like nothing of ours", () => {
    const config = {
      "aws:region": "eu-central-1",
      "github:token": "secret",
      "github:owner": "acme",
      "shop:policies": [{ name: "read-only", statements: [] }],
      "iam:policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      "shop:organizations": "acme",
      "shop:ruleSets": { waf: [{ action: "block" }] },
      "shop:defaults": { size: "small" },
      "shop:constructor": [policy],
      plain: [policy],
    };
    assert.deepEqual(misplacedKeys(config, "shop"), nothing);
  });
});
