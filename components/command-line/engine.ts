import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

/** The Pulumi CLI by which the commands read a stack, and the environment that it runs in. */
export interface Engine {
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What the set-up of a clone writes down: scripts/setup/engine-record.mjs. */
const Recorded = z.object({ pulumi: z.string(), kind: z.string() });

/**
 * Finds the engine: the user's `pulumi`, but inside a clone of this package the one that the clone's set-up chose. There npx puts npm's
 * wrapper of the same name first on PATH, which downloads another engine.
 */
export function findEngine(folder = process.cwd()): Engine {
  const clone = dirname(require.resolve("ghcr-retention/package.json"));
  const tools = join(clone, ".tools");
  const recorded = relative(clone, folder).startsWith("..") ? undefined : recordedIn(join(tools, "engine.json"));
  if (recorded === undefined) return { pulumi: "pulumi", env: process.env };
  const pulumi = resolve(clone, recorded.pulumi);
  const PATH = [dirname(pulumi), process.env.PATH].filter(Boolean).join(delimiter);
  // The user's own engine keeps its account. Otherwise these are the places of `npm run pulumi`.
  const places =
    recorded.kind === "path"
      ? {}
      : { PULUMI_HOME: join(tools, "pulumi-home"), PULUMI_BACKEND_URL: String(pathToFileURL(join(tools, "pulumi-state"))) };
  return { pulumi, env: { ...places, ...process.env, PATH } };
}

function recordedIn(path: string): z.output<typeof Recorded> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return Recorded.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw new Error(`${path} does not name an engine: run \`npm run setup\` in this clone again`, { cause });
  }
}

export const engineIsMissing =
  "the Pulumi CLI was not found: expected `pulumi` on PATH. Install it (https://www.pulumi.com/docs/install/), or, in a clone of " +
  "ghcr-retention, run `npm run setup`";

/** Returns what a command of the engine prints. Throws where there is no engine, or with the engine's last words where the command fails. */
export function engineOutput(args: readonly string[]): string {
  const { pulumi, env } = findEngine();
  const { status, stdout, stderr, error } = spawnSync(pulumi, args, { env, encoding: "utf8", maxBuffer: 1 << 30 });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") throw new Error(engineIsMissing, { cause: error });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1) || `\`pulumi ${args.join(" ")}\` ended with ${status}`);
  return stdout;
}
