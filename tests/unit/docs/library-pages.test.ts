import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { configSchema } from "../../../components/config/config-schema";
import { pagesIn, referenceFolder, writeApiReference } from "../../../scripts/generation/api-reference.mjs";
import { withSettings } from "../../../scripts/generation/configuration-page.mjs";

const docs = join(__dirname, "..", "..", "..", "docs");
const read = (name: string) => readFileSync(join(docs, name), "utf8");
const schema = configSchema();

describe("the reference of the library", function () {
  this.timeout(120_000);

  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "ghcr-retention-reference-"));
    await writeApiReference(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is up to date: otherwise `npm run generate`", async () => {
    assert.deepEqual(await pagesIn(referenceFolder), await pagesIn(folder));
  });

  it("says of each argument what it is for", async () => {
    const pages: Readonly<Record<string, string>> = await pagesIn(referenceFolder);
    for (const name of ["RetentionPolicyArgs", "OrganizationRetentionArgs"]) {
      const rows = (pages[`interfaces/${name}.md`] ?? "").split("\n").filter((line) => line.startsWith("| <a id="));
      assert.ok(rows.length >= 10, name);
      for (const row of rows) assert.ok(!row.endsWith("| - |"), row);
    }
  });
});

describe("docs/configuration.md", () => {
  const page = read("configuration.md");

  it("lists the settings as they are: otherwise `npm run generate`", () => assert.equal(page, withSettings(page, schema)));

  it("has the head that the Pulumi Registry asks for", () => {
    const [, head = ""] = /^---\n([\s\S]+?)\n---\n/.exec(page) ?? [];
    const { title, meta_desc: description, layout } = parse(head);
    assert.match(title, /Installation & Configuration$/);
    assert.ok(description.length > 50 && description.length < 200);
    assert.equal(layout, "package");
  });

  it("shows a config that the schema takes", () => {
    const ajv = new Ajv2020();
    addFormats(ajv);
    const [, example = ""] = /^```yaml\n([\s\S]+?)^```$/m.exec(page) ?? [];
    assert.ok(ajv.validate(schema, parse(example)), JSON.stringify(ajv.errors));
  });
});

describe("the pages for those who install it", () => {
  for (const name of ["library.md", "configuration.md", "github-actions.md"]) {
    it(`lead to pages that there are: ${name}`, () => {
      const links = [...read(name).matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)]
        .map(([, link = ""]) => link)
        .filter((link) => !/^https?:/.test(link));
      assert.ok(links.length > 0);
      for (const link of links) assert.ok(existsSync(join(dirname(join(docs, name)), link)), link);
    });
  }
});
