// @ts-check
"use strict";
/**
 * Lets Node load the repository's TypeScript. Each file is transpiled once and kept in .tools/transpiled until it changes, so
 * that a test process starts without the compiler. Types are checked elsewhere.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");

const root = join(__dirname, "..", "..");
const kept = join(root, ".tools", "transpiled");
const settings = readFileSync(join(root, "tsconfig.json"), "utf8");
const { version } = JSON.parse(readFileSync(join(root, "node_modules", "typescript", "package.json"), "utf8"));

require.extensions[".ts"] = load;
process.setSourceMapsEnabled(true);

/** @param {NodeJS.Module} module @param {string} path */
function load(module, path) {
  const loading = /** @type {NodeJS.Module & { _compile(code: string, path: string): void }} */ (module);
  loading._compile(javascriptOf(path), path);
}

/** @param {string} path */
function javascriptOf(path) {
  const source = readFileSync(path, "utf8");
  const name = relative(root, path);
  const hash = createHash("sha256").update(`${version}\0${settings}\0${name}\0${source}`).digest("hex");
  const file = join(kept, `${name}.js`);
  const before = read(file);
  // Behind the code, since lines before it would move what the source map names.
  if (before.endsWith(`//${hash}\n`)) return before;
  const code = `${transpile(source, path)}\n//${hash}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
  return code;
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} source @param {string} path */
function transpile(source, path) {
  /** @type {typeof import("typescript")} */
  const typescript = require("typescript");
  const { compilerOptions } = typescript.parseConfigFileTextToJson("tsconfig.json", settings).config;
  // Without an output folder, the source map names the file where it is.
  const { outDir: _outDir, rootDir: _rootDir, ...options } = typescript.convertCompilerOptionsFromJson(compilerOptions, root).options;
  return typescript.transpileModule(source, {
    fileName: path,
    compilerOptions: { ...options, declaration: false, sourceMap: false, inlineSourceMap: true },
  }).outputText;
}
