import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compiledPolicies } from "../../support/engine/stack";
import { useEngine } from "../../support/engine/use-engine";
import { policyFor, small } from "../../support/engine/world";

const repository = "logto-io/logto";
const guide = readFileSync(join(__dirname, "..", "..", "..", "docs", "policies.md"), "utf8");

/** The examples of the guide by the heading above them; of several under one, the second gets a number. */
function examples(): Map<string, string> {
  const found = new Map<string, string>();
  for (const section of guide.split(/^#{2,3} /m).slice(1)) {
    const heading = section.slice(0, section.indexOf("\n")).replaceAll("`", "");
    for (const [place, [, text = ""]] of [...section.matchAll(/^```json\n(.+?)^```$/gms)].entries()) {
      found.set(place === 0 ? heading : `${heading} ${place + 1}`, text);
    }
  }
  return found;
}

/** What each says of a policy that disregards all of it: policies by level. */
const expected: Readonly<Record<string, { readonly mandatory: readonly string[]; readonly advisory: readonly string[] }>> = {
  "verifyLive: a second opinion": { mandatory: ["no-untagged-children"], advisory: ["approval-required"] },
  "no-unsafe-cleaners": { mandatory: [], advisory: ["approval-required"] },
  "no-weakened-organization-rules": { mandatory: ["no-weakened-organization-rules"], advisory: ["approval-required"] },
  "approval-required": { mandatory: ["approval-required"], advisory: [] },
  "limits-required": { mandatory: ["limits-required"], advisory: ["approval-required"] },
  "minimum-grace": { mandatory: ["minimum-grace"], advisory: ["approval-required"] },
  "protected-tags": { mandatory: ["protected-tags"], advisory: ["approval-required"] },
  "no-unreviewed-restore": { mandatory: ["no-unreviewed-restore"], advisory: ["approval-required"] },
  "Advise first, enforce later": {
    mandatory: [],
    advisory: ["approval-required", "limits-required", "minimum-grace", "no-unreviewed-restore", "protected-tags"],
  },
  "Advise first, enforce later 2": {
    mandatory: ["approval-required", "limits-required", "minimum-grace", "protected-tags"],
    advisory: ["no-unreviewed-restore"],
  },
};

describe("the examples of config in docs/policies.md, on the real engine", function () {
  this.timeout(300_000);

  const careless = {
    rules: [{ name: "drop-pr-builds", action: "delete" as const, tags: ["pr-*"], olderThan: "7d" }],
    approval: "automatic" as const,
    limits: { deletions: 5000, percent: 100 },
    restore: ["pr-0"],
    onVoid: "warn" as const,
  };
  const engine = useEngine({ packages: { [repository]: small }, stack: { policies: [policyFor(repository, careless)] } });

  it("are all here", () => assert.deepEqual([...examples().keys()].sort(), Object.keys(expected).sort()));

  for (const [heading, text] of examples()) {
    it(`does what it says: ${heading}`, async () => {
      const file = join(engine.stack.folder, "config.json");
      await writeFile(file, text);
      const { exitCode, output } = await engine.stack.preview("--policy-pack", compiledPolicies, "--policy-pack-config", file);
      const levels = { mandatory: namesIn(output, "mandatory"), advisory: namesIn(output, "advisory") };
      assert.deepEqual(levels, expected[heading], output);
      assert.equal(exitCode !== 0, levels.mandatory.length > 0, output);
    });
  }
});

function namesIn(output: string, level: string): string[] {
  const found = [...output.matchAll(new RegExp(`^ *(?:- )?\\[${level}\\].*? ([a-z-]+) {2}\\(`, "gm"))].map(([, name = ""]) => name);
  return [...new Set(found)].sort();
}
