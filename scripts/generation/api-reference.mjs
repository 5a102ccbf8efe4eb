// @ts-check
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { root } from "../setup/paths.mjs";

export const referenceFolder = join(root, "docs", "reference");

/** Writes the reference of the library's exports, from its types and their comments, into a folder. @param {string} folder */
export async function writeApiReference(folder) {
  const { Application, LogLevel } = await import("typedoc");
  /** @type {Partial<import("typedoc").TypeDocOptions> & Record<string, unknown>} */
  const options = {
    entryPoints: [join(root, "components", "index.ts")],
    tsconfig: join(root, "tsconfig.json"),
    plugin: ["typedoc-plugin-markdown"],
    name: "ghcr-retention",
    readme: "none",
    // Inherited members are documented in Pulumi's reference.
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    // Lines and commits would change with every edit.
    disableSources: true,
    hideGenerator: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    classPropertiesFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideDefaults: true, hideInherited: true, hideModifiers: true, hideOverrides: true, hideSources: true },
    skipErrorChecking: true,
    logLevel: LogLevel.Error,
    cleanOutputDir: true,
    outputs: [{ name: "markdown", path: folder }],
  };
  const application = await Application.bootstrapWithPlugins(/** @type {Partial<import("typedoc").TypeDocOptions>} */ (options));
  const project = await application.convert();
  if (project === undefined || application.logger.hasErrors()) throw new Error("the reference could not be made from components/index.ts");
  await application.generateOutputs(project);
  if (application.logger.hasErrors()) throw new Error("the reference could not be written");
}

/** Reads the pages of a folder by path. @param {string} folder @returns {Promise<Record<string, string>>} */
export async function pagesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const pages = await Promise.all(
    paths.sort().map(async (path) => [relative(folder, path).split(sep).join("/"), await readFile(path, "utf8")]),
  );
  return Object.fromEntries(pages);
}
