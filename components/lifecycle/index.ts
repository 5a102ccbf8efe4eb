import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { findToken, requireToken } from "../config/token";
import type { Connection, Endpoints } from "../inventory/connection";
import { decodeInventory } from "../inventory/snapshot";
import { readSnapshot } from "../inventory/snapshot-file";
import { removalText } from "../messages/removal";
import { RetentionError } from "../model/errors";
import type { Reporter } from "./apply/reporter";
import { check } from "./check";
import { diff } from "./diff";
import { type Engine, engine as ownEngine } from "./engine";
import { restorableIn } from "./state/ledger";
import { readStored } from "./state/read-stored";
import { type CheckedInputs, type Outputs, type ProgramInputs, type SnapshotInputs, StoredOutputs } from "./state/stored";

/** Loads the modules that act on a package. A preview only checks and compares, and loading them takes longer than both. */
function acting(): typeof import("./apply-modules") {
  return require("./apply-modules");
}

/** Options for tests: the shim passes none. */
interface CreateOptions {
  /** The length of a second of waiting, in milliseconds. */
  readonly second?: number | undefined;
  readonly reporter?: Reporter;
  readonly engine?: Engine;
}

/**
 * The resource's provider. State holds only a thin shim that loads this at run time, so an upgrade of the package is
 * no change of the resource, and `read` and `delete` of old stacks run this code.
 */
export function create({ second, reporter = printed, engine = ownEngine }: CreateOptions = {}): pulumi.dynamic.ResourceProvider {
  let token: string | undefined;
  let cacheDir: string | undefined;

  function connection(inputs: Pick<CheckedInputs, keyof Endpoints & keyof CheckedInputs>): Connection {
    const { connect, cacheFolderOf } = acting();
    const { githubApiUrl, registryUrl, deletionsPerMinute } = inputs;
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute, cacheFolder: cacheFolderOf(cacheDir) };
    return connect(endpoints, requireToken(token, "an apply"), second, reporter.info);
  }

  async function applied(olds: z.output<typeof StoredOutputs>, news: CheckedInputs): Promise<Outputs> {
    return engine.during((stop) => acting().apply({ connection: connection(news), reporter, stop }, olds, news));
  }

  return {
    async configure({ config }) {
      engine.watch();
      token = findToken(config.get("ghcr-retention:token"));
      cacheDir = config.get("ghcr-retention:cacheDir");
    },
    async check(olds, news: SnapshotInputs) {
      try {
        return check(olds, await withInventory(news));
      } catch (error) {
        if (error instanceof RetentionError) return { failures: [{ property: "package", reason: error.message }] };
        throw error;
      }
    },
    async diff(_id, olds: Outputs, news: CheckedInputs) {
      return diff(olds, news);
    },
    async create(news: CheckedInputs) {
      const id = `${news.owner.toLowerCase()}/${news.package}`;
      return { id, outs: await applied(StoredOutputs.parse({}), news) };
    },
    async update(id, olds: Outputs, news: CheckedInputs) {
      return { outs: await applied(readStored(StoredOutputs, olds, id), news) };
    },
    async read(id, outputs: Outputs) {
      return acting().read(id, connection(outputs), outputs, reporter);
    },
    async delete(id, outputs: Outputs) {
      // Removing a policy leaves the registry as it is, and has to work whatever is stored. What it deleted is on record nowhere else.
      const stored = StoredOutputs.safeParse(outputs);
      const restorable = stored.success ? restorableIn(stored.data.ledger) : undefined;
      const report = restorable?.length === 0 ? reporter.info : reporter.warn;
      report(removalText(id, restorable));
    },
  };
}

/** Adds the inventory that the program left in a file. A value that is not known yet stays unknown. */
async function withInventory({ snapshot, ...news }: SnapshotInputs): Promise<ProgramInputs> {
  if (snapshot === undefined) return news;
  return {
    ...news,
    inventory: typeof snapshot === "string" ? snapshot : decodeInventory(await readSnapshot(`${news.owner}/${news.package}`, snapshot)),
  };
}

/** The engine shows what a provider prints. */
const printed: Reporter = {
  warn: (text) => console.warn(`warning: ${text}`),
  info: (text) => console.log(text),
};
