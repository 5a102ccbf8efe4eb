import type { dynamic } from "@pulumi/pulumi";
import { noMemory } from "../inventory/cache/package-cache";
import type { Connection } from "../inventory/connection";
import { deletedVersions } from "../inventory/deleted-versions";
import { listVersions } from "../inventory/github/list-versions";
import { findRoute } from "../inventory/github/packages-api";
import { count } from "../messages/plurals";
import { packageLabel } from "../model/errors";
import type { DeletedVersion } from "../model/inventory";
import type { Reporter } from "./apply/reporter";
import { reasonsIn } from "./state/ledger";
import { readStored } from "./state/read-stored";
import { type CheckedInputs, type Outputs, StoredOutputs } from "./state/stored";

/**
 * Refreshes the resource. Versions that somebody restored or pushed again by hand leave the ledger, in the inputs as well. Versions that
 * somebody else deleted are reported in the output `foreign`; this policy does not act on them.
 */
export async function read(id: string, connection: Connection, outputs: Outputs, reporter: Reporter): Promise<dynamic.ReadResult> {
  const name = { owner: outputs.owner, name: outputs.package };
  const { route } = await findRoute(connection.github, name);
  const { versions } = await listVersions(connection.github, name, route, noMemory);
  const stored = readStored(StoredOutputs, outputs, id);
  const listed = new Set(versions.map(({ digest }) => digest));
  const ledger = without(stored.ledger, listed);
  // What was refused and is gone was deleted by somebody else: the next run records it.
  const refused = Object.fromEntries(Object.entries(outputs.refused).filter(([digest]) => listed.has(digest)));
  // A run that was killed may have deleted the approved versions that are gone: the next run records them.
  const ours = new Set([...Object.keys(stored.ledger), ...Object.keys(stored.remaining)]);
  const { versions: deleted = [] } = await deletedVersions(connection.github, name, route);
  const foreign = deleted.filter(({ digest }) => !ours.has(digest));
  if (foreign.length > 0) {
    reporter.warn(
      `${packageLabel(name)}: ${count(foreign.length, "version")} ${foreign.length === 1 ? "was" : "were"} deleted by somebody else in the last 30 days, not under this policy; ` +
        `${foreign.length === 1 ? "it is" : "they are"} in the output \`foreign\`, and nothing here restores ${foreign.length === 1 ? "it" : "them"}.`,
    );
  }

  const { foreign: _foreign, ...rest } = outputs;
  const {
    ledger: _ledger,
    refused: _refused,
    failure: _failure,
    unverified: _unverified,
    unproven: _unproven,
    planId: _planId,
    counts,
    remaining,
    ...inputs
  } = rest;
  return {
    id,
    props: {
      ...rest,
      ledger,
      refused,
      counts: { ...counts, deleted: Object.keys(ledger).length },
      ...(foreign.length > 0 ? { foreign: foreignEntries(foreign) } : {}),
    },
    inputs: { ...inputs, deletions: { ...reasonsIn(ledger), ...remaining } } satisfies CheckedInputs,
  };
}

function without(entries: Readonly<Record<string, string>>, digests: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([digest]) => !digests.has(digest)));
}

const maxForeign = 50;

/** The latest ones, since other tools may delete more than a state file should hold. */
function foreignEntries(foreign: readonly DeletedVersion[]): Record<string, string> {
  const latest = [...foreign].sort((a, b) => (b.deletedAt ?? 0) - (a.deletedAt ?? 0)).slice(0, maxForeign);
  return Object.fromEntries(latest.map(({ digest, deletedAt, tags }) => [digest, [dateOf(deletedAt), ...tags].join(" ")]));
}

function dateOf(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "deleted" : `deleted ${new Date(milliseconds).toISOString()}`;
}
