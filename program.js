const startProvider = require("./start-provider");

/**
 * The program of this repository's own stacks: index.ts, as it was compiled. Under ts-node the SDK would load TypeScript's compiler, and
 * check the types of a program that has not changed, in every run. Where a source has changed, all are compiled first.
 */
module.exports = async function program() {
  await startProvider();
  const { compile } = await import("./scripts/setup/compile.mjs");
  if ((await compile.ready()) === undefined) await compileFirst(compile);
  return require("./bin/index.js");
};

async function compileFirst(compile) {
  const { ensure } = await import("./scripts/setup/ensure.mjs");
  const { RunError } = require("@pulumi/pulumi/errors");
  await ensure(compile).catch((error) => {
    throw new RunError([error.output, error.message].filter(Boolean).join("\n"));
  });
}
