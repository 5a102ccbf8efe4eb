// @ts-check
import { between, defaultOf, valueIn } from "./rule-reference.mjs";

/**
 * Returns the page for the Pulumi Registry with its list of settings regenerated from the config's JSON Schema.
 * @param {string} page
 * @param {import("./rule-reference.mjs").Schema} schema
 */
export function withSettings(page, schema) {
  const settings = Object.entries(schema.properties?.config?.properties ?? {});
  const rows = settings.map(([key, property]) => {
    const cells = [`\`${key}\``, valueIn(property), property.description ?? "", defaultOf(property, false)];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return between(page, "settings", ["| option | value | meaning | default |", "|---|---|---|---|", ...rows].join("\n"));
}
