// @ts-check
const { getConfig } = require("@pulumi/pulumi/runtime/config");
const { invoke } = require("@pulumi/pulumi/runtime/invoke");
const { hasMonitor } = require("@pulumi/pulumi/runtime/settings");

/**
 * Lets the engine start the provider's process while the program loads the library: that process takes longest. The engine has no call for
 * it, so the provider is asked for a function that it does not have. The first policy of a config is registered before its package is
 * observed, so the process soon holds this library, which notices the end of the engine.
 */
module.exports = async function startProvider() {
  if (!hasMonitor() || getConfig("ghcr-retention:policies") === undefined) return;
  invoke("pulumi-nodejs:dynamic:start", {}).catch(() => {});
  // The request leaves once the program waits; loading a module does not.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
};
