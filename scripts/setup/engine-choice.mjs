// @ts-check
import { builtEngine } from "./engine-built.mjs";
import { officialEngine } from "./engine-official.mjs";
import { engineOnPath } from "./engine-on-path.mjs";
import { recordEngine } from "./engine-record.mjs";
import { root } from "./paths.mjs";
import { say } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * @typedef {object} Engine
 * @property {string} pulumi absolute path of the CLI; its language host is beside it or on PATH
 * @property {"path" | "official" | "built"} kind
 * @property {string} version like "3.250.0"
 */

/**
 * A source of engines.
 * @typedef {object} Source
 * @property {() => Promise<Engine | undefined>} find returns an existing engine
 * @property {(doing: (what: string) => void) => Promise<Engine>} [make] installs one; throws a SetupError with the reason when it cannot
 */

/** In the order of preference. @type {Source[]} */
const sources = [engineOnPath, officialEngine, builtEngine];

/** The Pulumi engine. @type {import("./progress.mjs").Step} */
export const engine = {
  name: "engine",
  async ready() {
    const found = await findEngine(sources);
    return found && (await chosen(found));
  },
  async make(doing) {
    return chosen(await makeEngine(sources, doing));
  },
};

/** @param {Source[]} from */
export async function findEngine(from) {
  for (const source of from) {
    const found = await source.find();
    if (found) return found;
  }
  return undefined;
}

/**
 * @param {Source[]} from
 * @param {(what: string) => void} doing
 * @param {(line: string) => void} [tell] receives the reason for rejecting a source
 * @returns {Promise<Engine>}
 */
export async function makeEngine(from, doing, tell = say) {
  const refusals = [];
  for (const source of from) {
    try {
      if (source.make) return await source.make(doing);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      refusals.push(error.message);
      tell(`engine: ${error.message}`);
      if (error.output) tell(`engine: the end of its output:\n${indented(error.output)}`);
    }
  }
  throw new SetupError(
    `no Pulumi engine: ${refusals.join("; ")}. Install Pulumi, then run this again: https://www.pulumi.com/docs/install/`,
  );
}

/** @param {Engine} engine */
async function chosen(engine) {
  await recordEngine(engine);
  return describe(engine);
}

/** @param {Engine} engine */
function describe({ pulumi, kind, version }) {
  const path = pulumi.startsWith(root) ? pulumi.slice(root.length) : pulumi;
  const how = {
    path: "found on PATH",
    official: "the official download",
    built: "built from source, with this repository's stand-in for the Node.js language host",
  };
  return `pulumi v${version}, ${how[kind]} (${path})`;
}

/** @param {string} text */
function indented(text) {
  return text
    .split("\n")
    .slice(-15)
    .map((line) => `          ${line}`)
    .join("\n");
}
