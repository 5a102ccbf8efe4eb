import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { policies } from "../../../policies/policies";
import { analyze } from "../../support/policies/analyze";
import { retentionPolicy, validInputs } from "../../support/policies/inputs";

const root = join(__dirname, "..", "..", "..");

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function manifest(...folders: readonly string[]): Manifest {
  return JSON.parse(readFileSync(join(root, ...folders, "package.json"), "utf8")) as Manifest;
}

describe("the pack", () => {
  it("names each policy once", () => {
    const names = policies.map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
    for (const name of names) assert.match(name, /^[a-z][a-z-]*$/);
  });

  for (const policy of policies) {
    it(`says what ${policy.name} is for and what to do about it`, () => {
      assert.ok(policy.description && policy.displayName && policy.severity && policy.tags && policy.remediationSteps);
      assert.match(policy.framework?.reference ?? "", /^S[1-7]$/);
    });

    it(`describes the config of ${policy.name}, each part with a default`, () => {
      for (const [key, schema] of Object.entries(policy.configSchema?.properties ?? assert.fail())) {
        assert.ok(schema.type && schema.description && schema.default !== undefined, key);
      }
    });
  }

  it("refuses by itself only what loses images, advises what is safer, and leaves an organisation's own numbers to it", () => {
    assert.deepEqual(Object.fromEntries(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel])), {
      "no-untagged-children": "mandatory",
      "no-unsafe-cleaners": "mandatory",
      "no-untagged-children-elsewhere": "mandatory",
      "no-weakened-organization-rules": "mandatory",
      "approval-required": "advisory",
      "limits-required": "disabled",
      "minimum-grace": "disabled",
      "protected-tags": "disabled",
      "no-unreviewed-restore": "disabled",
    });
  });

  it("says nothing of a usual policy, unconfigured", async () => {
    assert.deepEqual((await analyze(policies, retentionPolicy, validInputs())).verdicts, []);
  });

  it("has the version of the component, and the versions of its dependencies", () => {
    const component = manifest();
    const locked: { readonly packages: Readonly<Record<string, { readonly version?: string }>> } = JSON.parse(
      readFileSync(join(root, "package-lock.json"), "utf8"),
    );
    const pack = manifest("policies");
    assert.equal(pack.version, component.version);
    for (const [name, version] of Object.entries(pack.dependencies)) {
      assert.equal(locked.packages[`node_modules/${name}`]?.version, version, name);
    }
  });
});
