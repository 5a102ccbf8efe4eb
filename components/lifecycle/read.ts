import type { dynamic } from "@pulumi/pulumi";
import type { Connection } from "../inventory/connection";
import { findRoute } from "../inventory/github-packages";
import { listVersions } from "../inventory/listing";
import { noMemory } from "../inventory/package-cache";
import { type Outputs, StoredOutputs } from "./state";

/** Refresh: what somebody restored or pushed again by hand leaves the ledger, in the inputs as well. */
export async function read(id: string, connection: Connection, outputs: Outputs): Promise<dynamic.ReadResult> {
  const name = { owner: outputs.owner, name: outputs.package };
  const { route } = await findRoute(connection, name);
  const { versions } = await listVersions(connection, name, route, noMemory);
  const present = new Set(versions.map(({ digest }) => digest));
  const stored = StoredOutputs.parse(outputs);

  const deletions = withoutThese(stored.deletions, present);
  const { ledger: _ledger, refused: _refused, failure: _failure, planId: _planId, counts, remaining, ...inputs } = outputs;
  return {
    id,
    props: {
      ...outputs,
      deletions,
      ledger: withoutThese(stored.ledger, present),
      counts: { ...counts, deleted: Object.keys(deletions).length },
    },
    inputs: { ...inputs, deletions: { ...deletions, ...remaining } },
  };
}

function withoutThese<Value>(entries: Readonly<Record<string, Value>>, digests: ReadonlySet<string>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).filter(([digest]) => !digests.has(digest)));
}
