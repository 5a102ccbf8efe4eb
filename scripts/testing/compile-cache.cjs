// @ts-check
"use strict";
/**
 * Keeps what V8 compiled of node_modules and bin in .tools/compiled, for the processes that the engine starts anew in each run: they
 * load Pulumi's SDK every time, and compiling it is most of what they do. From Node 22 on, Node does it.
 * @see https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
 */
const { createHash, hash: hashOf } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname, join, sep } = require("node:path");
const { setFlagsFromString } = require("node:v8");
const { Script } = require("node:vm");
const { isMainThread } = require("node:worker_threads");

/**
 * @typedef {{ offset: number, bytes: number, hash: string }} Entry where a module's code lies in the file, and the hash of its source
 * @typedef {{ _compile(code: string, path: string, format?: string): unknown }} Compiling
 * @typedef {{ wrap(code: string): string, _resolveFilename(name: string, from: unknown, main: boolean, options?: object): string,
 *   _resolveLookupPaths(name: string, from: unknown): string[] | null, _extensions: object, _cache: object,
 *   enableCompileCache?(folder: string): unknown }} Internals
 */

// Pulumi's SDK sets this while it starts, and V8 takes nothing that was compiled with other flags.
setFlagsFromString("--allow-natives-syntax");

const root = join(__dirname, "..", "..");
const folder = join(root, ".tools", "compiled");
const kept = ["node_modules", "bin"].map((name) => join(root, name, sep));
// One file for each kind of process: they load different modules, with other flags.
const kind = [process.version, isMainThread, process.argv[1], ...process.execArgv].join(" ");
const file = join(folder, createHash("sha256").update(kind).digest("hex"));
const { entries, code } = read();
/** @type {Map<string, { script: Script, hash: string }>} */
const compiled = new Map();
let isNew = false;

const internals = /** @type {Internals} */ (/** @type {unknown} */ (Module));
const prototype = /** @type {Compiling} */ (/** @type {unknown} */ (Module.prototype));
const compile = prototype._compile;

if (internals.enableCompileCache) {
  internals.enableCompileCache(folder);
} else {
  prototype._compile = compileOnce;
  // The engine kills its providers; by then they have loaded what they load.
  setTimeout(write, 1_000).unref();
  process.once("exit", write);
}

/** @this {NodeJS.Module & Compiling} @param {string} source @param {string} path @param {string} [format] */
function compileOnce(source, path, format) {
  const script = format === "module" ? undefined : scriptOf(source, path);
  if (script === undefined) return compile.call(this, source, path, format);
  const require = Object.assign((/** @type {string} */ name) => this.require(name), {
    resolve: Object.assign(
      (/** @type {string} */ name, /** @type {object | undefined} */ options) => internals._resolveFilename(name, this, false, options),
      { paths: (/** @type {string} */ name) => internals._resolveLookupPaths(name, this) },
    ),
    main: process.mainModule,
    extensions: internals._extensions,
    cache: internals._cache,
  });
  return script.runInThisContext().call(this.exports, this.exports, require, this, path, dirname(path));
}

/** Undefined where Node itself must compile it. @param {string} source @param {string} path */
function scriptOf(source, path) {
  if (!kept.some((start) => path.startsWith(start))) return undefined;
  // Only what Node compiles itself can import dynamically. TypeScript's compiler only mentions it.
  if (source.includes("import(") && !path.endsWith(`${sep}typescript.js`)) return undefined;
  // V8 compares no more than the length.
  const hash = hashOf("sha1", source, "base64");
  const entry = entries[path];
  const cachedData = entry?.hash === hash ? code.subarray(entry.offset, entry.offset + entry.bytes) : undefined;
  try {
    const script = new Script(internals.wrap(source), { filename: path, ...(cachedData && { cachedData }) });
    if (cachedData === undefined || script.cachedDataRejected) isNew = true;
    compiled.set(path, { script, hash });
    return script;
  } catch {
    // A module of the other kind, or one with a fault that Node reports better.
    return undefined;
  }
}

/** @returns {{ entries: Record<string, Entry>, code: Buffer }} */
function read() {
  try {
    const all = readFileSync(file);
    const start = 4 + all.readUInt32LE(0);
    return { entries: JSON.parse(all.subarray(4, start).toString("utf8")), code: all.subarray(start) };
  } catch {
    return { entries: {}, code: Buffer.alloc(0) };
  }
}

/**
 * Keeps the modules that this process did not load, too: another program of its kind may. V8 keeps a module's path in its code, where stack
 * traces take it from, so a copy of the repository starts anew.
 */
function write() {
  if (!isNew) return;
  isNew = false;
  /** @type {Record<string, Entry>} */
  const written = {};
  /** @type {Buffer[]} */
  const parts = [];
  let offset = 0;
  /** @param {string} path @param {string} hash @param {Buffer} bytes */
  const add = (path, hash, bytes) => {
    written[path] = { offset, bytes: bytes.length, hash };
    offset += bytes.length;
    parts.push(bytes);
  };
  for (const [path, { script, hash }] of compiled) add(path, hash, script.createCachedData());
  for (const [path, { offset: start, bytes, hash }] of Object.entries(entries)) {
    if (!compiled.has(path) && path.startsWith(root)) add(path, hash, code.subarray(start, start + bytes));
  }
  const head = Buffer.from(JSON.stringify(written));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, Buffer.concat([size, head, ...parts]));
  renameSync(`${file}.${process.pid}`, file);
}
