// @ts-check
import { compile } from "../setup/compile.mjs";
import { dependencies } from "../setup/dependencies.mjs";
import { engine } from "../setup/engine-choice.mjs";
import { ensure } from "../setup/ensure.mjs";
import { packagedClients } from "../setup/packaged-clients.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { toolsFor } from "../setup/tools.mjs";
import { bench } from "./bench.mjs";
import { demo } from "./demo.mjs";
import { env } from "./env.mjs";
import { features } from "./features.mjs";
import { generate } from "./generate.mjs";
import { live } from "./live.mjs";
import { mutation } from "./mutation.mjs";
import { policyPack } from "./policy-pack.mjs";
import { pulumi } from "./pulumi.mjs";
import { sandbox } from "./sandbox.mjs";
import { test } from "./test.mjs";

/**
 * @typedef {object} Command
 * @property {string} does
 * @property {import("../setup/progress.mjs").Step[]} needs
 * @property {(args: string[]) => Promise<number>} run returns the exit code
 */

const everything = [dependencies, compile, engine, toolsFor("setup"), packagedClients];

const testing = process.env.LONG ? "test:long" : "test";

/** @type {Record<string, Command>} */
const commands = {
  build: { does: "compiles TypeScript to bin/", needs: [compile], run: async () => 0 },
  setup: { does: "prepares everything", needs: everything, run: async () => 0 },
  demo: { does: "replays the incident", needs: [dependencies, compile, engine, toolsFor("demo")], run: demo },
  sandbox: { does: "starts a sandbox of GHCR on loopback", needs: [dependencies, compile], run: sandbox },
  test: {
    does: "lints and tests; arguments are passed to mocha",
    needs: [dependencies, compile, engine, toolsFor(testing), packagedClients],
    run: test,
  },
  live: {
    does: "compares GHCR with what is assumed of it, on a package of its own; see docs/live.md",
    needs: [dependencies, compile, engine],
    run: live,
  },
  mutation: {
    does: "checks that tests fail when the code changes; writes docs/mutation.md",
    needs: [dependencies, compile, engine],
    run: mutation,
  },
  bench: { does: "measures the performance; see docs/performance.md", needs: [dependencies, compile, engine], run: bench },
  features: { does: "uses each feature of the engine; writes docs/engine.md", needs: [dependencies, compile, engine], run: features },
  pulumi: { does: "runs the chosen engine", needs: [dependencies, compile, engine], run: pulumi },
  generate: { does: "writes the JSON Schema, the references and docs/graph.md", needs: [dependencies, compile], run: generate },
  "policy-pack": {
    does: "writes the policy pack as a package of its own, into dist/policies",
    needs: [dependencies, compile],
    run: policyPack,
  },
  env: { does: "prints the tests' environment, for 'eval'", needs: [dependencies, engine], run: env },
};

/**
 * @param {string[]} argv
 * @returns {Promise<number>} the exit code
 */
export async function runCommand([name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    process.stderr.write(usage());
    return 2;
  }
  try {
    await setUp(command.needs);
    return await command.run(args[0] === "--" ? args.slice(1) : args);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.output) process.stderr.write(`${error.output}\n`);
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

/** @param {import("../setup/progress.mjs").Step[]} needs */
async function setUp(needs) {
  // Without these handlers, an interrupted set-up would leave its locks and child processes behind.
  const leave = (/** @type {NodeJS.Signals} */ signal) => process.exit(signal === "SIGINT" ? 130 : 143);
  process.on("SIGINT", leave).on("SIGTERM", leave);
  for (const step of needs) await ensure(step);
  process.off("SIGINT", leave).off("SIGTERM", leave);
}

function usage() {
  const lines = Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(8)} ${does}`);
  return `usage: node scripts/run.mjs COMMAND [ARGUMENTS]\n\n${lines.join("\n")}\n`;
}
