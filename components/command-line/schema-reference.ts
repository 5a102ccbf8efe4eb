import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ownManifest } from "./own-manifest";

const inPackage = join("schema", "ghcr-retention.schema.json");

/**
 * The JSON Schema of a config file, as editors find it: that of the package installed beside the file or above it, otherwise that of
 * the published package of this version.
 */
export function schemaReference(configFile: string): string {
  const folder = dirname(resolve(configFile));
  for (let above = folder; ; above = dirname(above)) {
    const installed = join(above, "node_modules", "ghcr-retention", inPackage);
    if (existsSync(installed))
      return relative(folder, installed)
        .split(sep)
        .join("/")
        .replace(/^(?!\.)/, "./");
    if (above === dirname(above)) return `https://unpkg.com/ghcr-retention@${ownManifest().version}/${inPackage.split(sep).join("/")}`;
  }
}
