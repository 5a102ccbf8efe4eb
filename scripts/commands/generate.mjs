// @ts-check
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withReference } from "../generation/rule-reference.mjs";
import { root } from "../setup/paths.mjs";

/** Writes what follows from the types of the config: the JSON Schema for editors, and the tables of docs/rules.md. */
export async function generate() {
  const { configSchema } = createRequire(import.meta.url)(join(root, "bin", "components", "rules", "config-schema.js"));
  const schema = configSchema();
  const guide = join(root, "docs", "rules.md");
  await writeFile(join(root, "schema", "ghcr-retention.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
  await writeFile(guide, withReference(await readFile(guide, "utf8"), schema));
  return 0;
}
