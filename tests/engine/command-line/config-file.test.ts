import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { addEntries } from "../../../components/config-file/add-entries";
import type { CommentedEntry } from "../../../components/config-file/commented-entry";
import { entryOf } from "../../../components/config-file/render-entry";
import { withSchemaLine } from "../../../components/config-file/schema-line";
import { tagForm } from "../../../components/model/digest";
import { patternProblem } from "../../../components/rules/tag-pattern";
import { assertSays, assertSucceeds } from "../../support/engine/output";
import type { Outcome } from "../../support/engine/stack";
import { useEngine } from "../../support/engine/use-engine";
import { small } from "../../support/engine/world";

/** Texts that some reader of YAML takes for something else, or for nothing that it can read. */
const trouble = [
  ...["feature-?*", "2025-03-01", "2025-03-01T10:00:00Z", "1_000", "0b101", "0o7", "0x1F", "010", "08", "1e3", "1.10", "-.5", "+1", ".inf"],
  ...[
    "off",
    "on",
    "yes",
    "No",
    "y",
    "n",
    "true",
    "null",
    "~",
    "NaN",
    "1:30",
    "<<",
    "=",
    "",
    " ",
    "a ",
    " a",
    "-",
    "- a",
    "? a",
    "a: b",
    "a:",
    ":a",
  ],
  ...[
    "#",
    "a #b",
    "a#b",
    "*x",
    "!x",
    "!!str",
    "&a",
    "@a",
    "`a`",
    "%a",
    "|",
    ">",
    "[a]",
    "{a}",
    "a,b",
    "it's",
    'say "x"',
    "a\\b",
    "---",
    "...",
  ],
  ...["tab\there", "line\nbreak", "\r", "\u0085", "\u2028", "\uFEFF", "ümlaut", "emoji😀", "\u0000", "/^v\\d+\\.[0-9]*$/", "1970"],
];
const text = fc.oneof(
  fc.constantFrom(...trouble),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.stringMatching(/^[-0-9_.:eExob+]{1,8}$/),
);
const tag = fc
  .oneof(fc.constantFrom(...trouble), fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,10}$/))
  .filter((one) => tagForm.test(one));
const pattern = fc.oneof(
  tag,
  text,
  tag.map((one) => `${one.slice(0, 100)}?*`),
  text.map((one) => `/^${one.replace(/[^A-Za-z0-9 #:,'"]/g, "\\$&")}$/`),
);
const tags = fc.array(
  pattern.filter((one) => one !== "" && !one.startsWith("!") && patternProblem(one) === undefined),
  { minLength: 1, maxLength: 6 },
);
// In quotes as well, the engine takes `<<` for more than text.
const value = text.filter((one) => one !== "" && one !== "<<");
const annotations = fc.dictionary(
  tag.filter((key) => key !== "__proto__"),
  value,
  { minKeys: 1, maxKeys: 4, noNullPrototype: true },
);
const comment = fc.array(text, { maxLength: 3 });
const entries = fc.array(
  fc.record({ protect: fc.array(tag, { maxLength: 3 }), tags, annotations, comment, unfinished: comment }).map(
    (made): CommentedEntry => ({
      owner: "acme",
      packages: "app",
      comment: made.comment,
      protect: made.protect,
      rules: [
        { rule: { name: "keep-these", action: "keep", tags: made.tags, mostRecent: 3 }, comment: made.comment },
        {
          rule: { name: "drop-those", action: "delete", notTags: made.tags, annotations: made.annotations, olderThan: "30d" },
          comment: [],
        },
      ],
      unfinished: made.unfinished,
      limits: { deletions: 200, percent: 50 },
      grace: "7d",
    }),
  ),
  { minLength: 60, maxLength: 60 },
);

const Config = z.record(z.string(), z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }));

function configIn(outcome: Outcome) {
  return Config.parse(JSON.parse(assertSucceeds(outcome).stdout));
}

describe("what the commands write into a stack's config file", function () {
  this.timeout(300_000);

  const engine = useEngine({ packages: { "acme/app": small }, stack: { policies: [] } });

  /** The file as `pulumi stack init` and `pulumi config set` leave it. */
  function written(): string {
    const { config, ...secrets } = parse(readFileSync(engine.stack.configFile, "utf8")) as { readonly config: Record<string, unknown> };
    const { "ghcr-retention:policies": _none, ...settings } = config;
    // The engine writes settings as text.
    return stringify({ ...secrets, config: Object.fromEntries(Object.entries(settings).map(([key, one]) => [key, String(one)])) });
  }

  for (const seed of [1, 2, 3]) {
    it(`reads back as the same values, and an approval changes one line (seed ${seed})`, async () => {
      const [sample] = fc.sample(entries, { numRuns: 1, seed });
      const named = (sample ?? []).map((entry, place): CommentedEntry => ({ ...entry, packages: `app-${place}` }));
      const before = withSchemaLine(addEntries(written(), named, "Pulumi.test.yaml"), "./schema.json");
      writeFileSync(engine.stack.configFile, before);
      const read = configIn(await engine.stack.config("--json"))["ghcr-retention:policies"]?.objectValue;
      assert.deepEqual(read, named.map(entryOf));

      assertSucceeds(await engine.stack.config("set", "--path", "ghcr-retention:policies[30].approve", "2026-11-23-7f3a9c21b4d0"));
      const [old, young] = [before, readFileSync(engine.stack.configFile, "utf8")].map((file) => file.split("\n"));
      const at = young?.findIndex((line) => line.includes("approve:")) ?? -1;
      assert.equal(young?.[at], "      approve: 2026-11-23-7f3a9c21b4d0");
      assert.deepEqual(young?.toSpliced(at, 1), old);
    });
  }

  it("holds the tags of a workflow as they are, after `migrate`", async () => {
    const workflow = join(engine.stack.folder, "clean.yml");
    writeFileSync(
      workflow,
      stringify({
        on: "workflow_dispatch",
        jobs: {
          clean: {
            "runs-on": "ubuntu-latest",
            steps: [
              {
                uses: "dataaxiom/ghcr-cleanup-action@v1",
                with: { owner: "acme", package: "app", "delete-tags": "feature-?*", "exclude-tags": "2025-03-01,1_000,off" },
              },
            ],
          },
        },
      }),
    );
    await engine.stack.writeConfig();
    writeFileSync(engine.stack.configFile, written());
    assertSucceeds(await engine.stack.command("migrate", workflow));
    const text = readFileSync(engine.stack.configFile, "utf8");
    assert.match(text, /^# yaml-language-server: \$schema=\S+\/schema\/ghcr-retention\.schema\.json\n/);
    const read = configIn(await engine.stack.config("--json"))["ghcr-retention:policies"]?.objectValue;
    const policies = z
      .array(z.looseObject({ protect: z.array(z.string()), rules: z.array(z.looseObject({ tags: z.array(z.string()).optional() })) }))
      .parse(read);
    assert.deepEqual(policies[0]?.protect, ["2025-03-01", "1_000", "off"]);
    assert.ok(policies[0]?.rules.some((rule) => rule.tags?.join() === "feature-?*"));
    assertSays(assertSucceeds(await engine.stack.preview()).output, "keep all");
  });
});
