import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { migrated } from "../../support/migration/migrated";

const folder = join(__dirname, "..", "..", "corpus", "workflows");

const Step = z.object({ line: z.number(), open: z.array(z.object({ input: z.string(), line: z.number(), reason: z.string() })) });
const Place = z.object({ line: z.number() });
const Report = z.object({
  policies: z.array(
    z.object({
      owner: z.string(),
      package: z.string().optional(),
      packages: z.array(z.string()).optional(),
      protect: z.array(z.string()).default([]),
      rules: z.array(z.looseObject({ name: z.string(), tags: z.array(z.string()).optional(), mostRecent: z.unknown().optional() })),
      from: z.array(Step),
    }),
  ),
  unanswered: z.array(Place.extend({ problem: z.string() })),
  harmless: z.array(Place),
  losesImages: z.array(Place),
  unread: z.array(Place.extend({ kind: z.string() })),
});

/** What `migrate --json` says of a workflow, a line each. */
function summary(stdout: string): string[] {
  const { policies, unanswered, harmless, losesImages, unread } = Report.parse(JSON.parse(stdout));
  return [
    ...policies.map(({ owner, package: name, packages = [], protect, rules }) => {
      const kept = protect.length > 0 ? ` protects ${protect.join(" ")};` : "";
      return `${owner}/${name ?? packages.join(" ")}:${kept} ${rules.map(ruleInShort).join(", ")}`;
    }),
    ...policies.flatMap(({ from }) =>
      from.flatMap(({ open }) => open.map(({ input, line, reason }) => `open ${line}: ${input}: ${reason}`)),
    ),
    ...unanswered.map(({ line, problem }) => `unanswered ${line}: ${problem}`),
    ...harmless.map(({ line }) => `harmless ${line}`),
    ...losesImages.map(({ line }) => `loses images ${line}`),
    ...unread.map(({ line, kind }) => `unread ${line}: ${kind}`),
  ];
}

function ruleInShort({ name, tags, mostRecent, olderThan }: z.infer<typeof Report>["policies"][number]["rules"][number]): string {
  const count = z
    .union([z.number(), z.object({ count: z.number() }).transform(({ count }) => count)])
    .optional()
    .parse(mostRecent);
  const conditions = [
    ...(tags ?? []),
    ...(count === undefined ? [] : [`newest ${count}`]),
    ...(typeof olderThan === "string" ? [olderThan] : []),
  ];
  return [name, ...conditions].join(" ");
}

describe("workflows of odd YAML", () => {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));

  it("are at least twenty", () => assert.ok(names.length >= 20, `${names.length}`));

  for (const name of names) {
    const text = readFileSync(join(folder, name), "utf8");
    const [about = ""] = /^\uFEFF?# .*/.exec(text) ?? [];
    it(`${name}: ${about.replace(/^\uFEFF?# /, "").trim()}`, async () => {
      const expected = [...text.matchAll(/^#> (.*?)\r?$/gm)].map(([, line = ""]) => line);
      assert.ok(expected.length > 0, "no expectation");
      const { stdout, stderr } = await migrated({ [name]: text }, ["--json"]);
      assert.deepEqual(stdout === "" ? [`error: ${stderr.trim()}`] : summary(stdout), expected);
    });
  }
});
