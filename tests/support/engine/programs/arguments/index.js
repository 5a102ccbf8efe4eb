// Transpiled once for all runs.
require("../../../../../scripts/testing/load-typescript.cjs");

module.exports = require("./program.ts");
