import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

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
    if (above === dirname(above)) return `https://unpkg.com/ghcr-retention@${version()}/${inPackage.split(sep).join("/")}`;
  }
}

function version(): string {
  const { version } = JSON.parse(readFileSync(require.resolve("ghcr-retention/package.json"), "utf8")) as { readonly version: string };
  return version;
}
