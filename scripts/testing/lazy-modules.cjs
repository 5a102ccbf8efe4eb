// @ts-check
"use strict";
/**
 * Loads what Pulumi's SDK requires for its serializer of functions only when it is used: TypeScript's compiler, and npm's reader of
 * dependency trees. They are two thirds and more of the time that the SDK takes to load, in each process that the engine starts.
 */
const Module = require("node:module");

/** @typedef {{ _load(name: string, parent: NodeJS.Module | undefined, isMain: boolean): object }} Loading */

const lazy = new Set(["typescript", "@npmcli/arborist"]);
const loading = /** @type {Loading} */ (/** @type {unknown} */ (Module));
const load = loading._load;

loading._load = loadLazily;

/** @param {string} name @param {NodeJS.Module | undefined} parent @param {boolean} isMain */
function loadLazily(name, parent, isMain) {
  if (!lazy.has(name) || !parent?.filename.includes("/@pulumi/pulumi/")) return load.call(Module, name, parent, isMain);
  // As a module of ECMAScript has it: TypeScript's helper would copy all members of another.
  return new Proxy(
    { __esModule: true },
    { get: (itself, key) => Reflect.get(key in itself ? itself : load.call(Module, name, parent, false), key) },
  );
}
