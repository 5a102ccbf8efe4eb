const startProvider = require("./start-provider");

/** The program of a project that has config and nothing else: `main: node_modules/ghcr-retention/stack.js` in its Pulumi.yaml. */
module.exports = async function program() {
  await startProvider();
  return require("./bin/components/stack");
};
