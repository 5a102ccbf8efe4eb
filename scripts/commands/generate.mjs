// @ts-check
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { referenceFolder, writeApiReference } from "../generation/api-reference.mjs";
import { withSettings } from "../generation/configuration-page.mjs";
import { withReference } from "../generation/rule-reference.mjs";
import { root } from "../setup/paths.mjs";

/**
 * Generates files from the types of the config (the JSON Schema for editors, the tables of docs/rules.md and
 * docs/configuration.md) and of the library (docs/reference), what docs/live.md assumes, the pictures of docs/graph.md from packages in a sandbox, and the
 * tables of docs/reliability.md by playing its faults, and orders of requests without each guard of the apply.
 */
export async function generate() {
  const require = createRequire(import.meta.url);
  const { configSchema } = require(join(root, "bin", "components", "config", "config-schema.js"));
  const schema = configSchema();
  const guide = join(root, "docs", "rules.md");
  await writeFile(join(root, "schema", "ghcr-retention.schema.json"), `${JSON.stringify(schema, null, 2)}\n`);
  const { planListSchema } = require(join(root, "bin", "components", "listing", "plan-list.js"));
  await writeFile(join(root, "schema", "plan.schema.json"), `${JSON.stringify(planListSchema(), null, 2)}\n`);
  await writeFile(guide, withReference(await readFile(guide, "utf8"), schema));
  const configuration = join(root, "docs", "configuration.md");
  await writeFile(configuration, withSettings(await readFile(configuration, "utf8"), schema));
  await writeApiReference(referenceFolder);
  const { probes } = require(join(root, "bin", "live", "probes", "all.js"));
  const { PolicyProbes } = require(join(root, "bin", "live", "policy", "policy-probes.js"));
  const { withAssumptions } = require(join(root, "bin", "live", "rows", "page.js"));
  const policy = new PolicyProbes({ env: {}, signal: new AbortController().signal });
  const live = join(root, "docs", "live.md");
  await writeFile(live, withAssumptions(await readFile(live, "utf8"), [...probes, ...policy.probes]));
  require("../testing/load-typescript.cjs");
  const { graphPage } = require(join(root, "tests", "support", "graph", "graph-page.ts"));
  await writeFile(join(root, "docs", "graph.md"), await graphPage());
  const { playAll, withMatrix } = require(join(root, "tests", "support", "lifecycle", "fault-matrix", "matrix.ts"));
  const { exploreGuards, withGuards } = require(join(root, "tests", "support", "lifecycle", "interleaving", "guards-table.ts"));
  const reliability = join(root, "docs", "reliability.md");
  const withTable = withMatrix(await readFile(reliability, "utf8"), await playAll());
  await writeFile(reliability, withGuards(withTable, await exploreGuards()));
  return 0;
}
