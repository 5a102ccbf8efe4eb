import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { findToken, requireToken, type TokenUse } from "../config/token";
import type { Connection, Endpoints } from "../inventory/connection";
import { encodeInventory } from "../inventory/snapshot";
import { removalText } from "../messages/removal";
import { cancelledText } from "../messages/run-part";
import { hidingSecrets } from "../messages/secrets";
import { RetentionError } from "../model/errors";
import { Stopped } from "../model/stop";
import { Answers } from "./answers";
import type { Reporter } from "./apply/reporter";
import { check } from "./check";
import { diff } from "./diff";
import { type Engine, engine as ownEngine } from "./engine";
import { type ObservedInputs, observedInputs, withOutcome } from "./observed";
import { restorableIn } from "./state/ledger";
import { type PassedOn, unknownProperties } from "./state/passed-on";
import { readStored } from "./state/read-stored";
import { type CheckedInputs, type Outputs, type SnapshotInputs, StoredOutputs } from "./state/stored";
import { recallOrganization } from "./state/stored-offers";
import { writtenPolicy } from "./state/stored-policy";
import { seenKey } from "./state/stored-seen";

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
  const answers = new Answers();

  function connection(inputs: Pick<CheckedInputs, keyof Endpoints & keyof CheckedInputs>, use: TokenUse = "an apply"): Connection {
    const { connect, cacheFolderOf } = acting();
    const { githubApiUrl, registryUrl, deletionsPerMinute } = inputs;
    const endpoints = { githubApiUrl, registryUrl, deletionsPerMinute, cacheFolder: cacheFolderOf(cacheDir) };
    return connect(endpoints, requireToken(token, use), second, reporter.info);
  }

  async function applied(olds: z.output<typeof StoredOutputs>, news: CheckedInputs): Promise<Outputs> {
    const hide = hidingSecrets(news.secrets?.includes("protect") ? (news.protect ?? []) : []);
    const discreet = { warn: (text: string) => reporter.warn(hide(text)), info: (text: string) => reporter.info(hide(text)) };
    const context = { connection: connection(news), reporter: discreet };
    const { refused, failure, ...outputs } = await engine.during((stop) => acting().apply({ ...context, stop }, olds, news));
    return {
      ...outputs,
      refused: Object.fromEntries(Object.entries(refused).map(([digest, answer]) => [digest, hide(answer)])),
      ...(failure === undefined ? {} : { failure: hide(failure) }),
    };
  }

  return {
    async configure({ config }) {
      engine.watch();
      token = findToken(config.get("ghcr-retention:token"));
      cacheDir = config.get("ghcr-retention:cacheDir");
    },
    async check(olds, given: SnapshotInputs) {
      try {
        const news = await engine.during(({ changes }) => withOutcome(given, changes));
        const observed = await observedInputs(news, (changed) => acting().observePassedOn(connection(changed, "a preview"), changed));
        const result = check(olds, observed.inputs);
        if (news.answer !== undefined && result.inputs) {
          await answers.give(labelOf(news), { file: news.answer, passedOn: passedOn(observed, result.inputs) });
        }
        return result;
      } catch (error) {
        if (error instanceof RetentionError) return { failures: [{ property: "package", reason: error.message }] };
        if (error instanceof Stopped) return { failures: [{ property: "package", reason: cancelledText(labelOf(given)) }] };
        throw error;
      }
    },
    async diff(_id, olds: Outputs, news: CheckedInputs) {
      if (labelOf(olds) === labelOf(news)) await answers.addDone(labelOf(news), olds);
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

function labelOf(of: Pick<CheckedInputs, "owner" | "package">): string {
  return `${of.owner}/${of.package}`;
}

/** The program renders its report from what was judged. */
function passedOn({ inputs, changed, observedAnew }: ObservedInputs, checked: CheckedInputs): PassedOn {
  const { approve, restoring, notices, noticeIds, [seenKey]: seen } = checked;
  const properties = unknownProperties(inputs);
  // An update leaves out what did not become known.
  const isJudged = inputs.inventory !== undefined || inputs.observationError !== undefined;
  if (properties.length > 0 || !isJudged) return { kind: "unknown", properties };
  const inventory = observedAnew === undefined ? {} : { inventory: encodeInventory(observedAnew) };
  const found = {
    ...(restoring ? { restoring } : {}),
    ...(notices ? { notices } : {}),
    ...(noticeIds ? { noticeIds } : {}),
    ...(seen ? { [seenKey]: seen } : {}),
  };
  return { kind: "known", policy: writtenPolicy(inputs), approve, organization: recallOrganization(checked), found, changed, ...inventory };
}

/** The engine shows what a provider prints. */
const printed: Reporter = {
  warn: (text) => console.warn(`warning: ${text}`),
  info: (text) => console.log(text),
};
