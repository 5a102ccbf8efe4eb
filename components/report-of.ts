import * as pulumi from "@pulumi/pulumi";
import { buildGraph } from "./graph/graph";
import { decodeInventory } from "./inventory/snapshot";
import { type Ledger, reasonsIn } from "./lifecycle/ledger";
import { approvalRecord, type StoredIds, type StoredImages, type StoredPending, StoredRecord } from "./lifecycle/state";
import type { LookOutcome } from "./look-at-package";
import { decide, type Reasons } from "./plan/decision";
import { previewReport } from "./plan/report";
import { parsePolicy } from "./rules/parse-policy";

interface Known {
  readonly outcome?: LookOutcome;
  /** Known in a preview of changes; without changes the outputs are those of the last run. */
  readonly deletions?: Reasons | undefined;
  readonly plans?: Readonly<Record<string, StoredIds>>;
  readonly pending?: StoredPending | undefined;
  readonly candidates?: Readonly<Record<string, string>> | undefined;
  readonly deleted?: Readonly<Record<string, StoredImages>> | undefined;
  readonly restoring?: Reasons | undefined;
  readonly remaining?: Reasons | undefined;
  readonly refused?: Reasons | undefined;
  readonly notices?: readonly string[] | undefined;
  readonly ledger?: Ledger | undefined;
}

/** What stands under the resource: in a preview what would be done, after an update what was. */
export function reportOf(known: Known, configPath: string | undefined): string | undefined {
  const {
    outcome,
    ledger = {},
    remaining = {},
    deletions = { ...reasonsIn(ledger), ...remaining },
    plans = {},
    pending,
    candidates,
    deleted,
    restoring,
    refused = {},
    notices = [],
  } = known;
  if (outcome === undefined || !("look" in outcome)) return undefined;
  const graph = buildGraph(decodeInventory(outcome.look));
  if (!pulumi.runtime.isDryRun()) return [updateReport(known), ...notices].join("\n\n");

  // Deciding again with the checked inputs as record gives the same decision, with all that the inputs leave out; but for the notices.
  const stored = StoredRecord.parse({ deletions, plans, pending, candidates, deleted, restoring });
  const policy = parsePolicy(outcome.policy);
  const decision = decide(graph, policy, approvalRecord(stored, graph.byDigest.keys()));
  return previewReport(decision, policy, { refused, notices, approveWith: approvalLine(configPath) });
}

function approvalLine(configPath: string | undefined): (planId: string) => string {
  if (configPath === undefined) return (planId) => `approve: "${planId}"   (an argument of this RetentionPolicy)`;
  return (planId) => `pulumi config set --path '${configPath}.approve' ${planId}`;
}

function updateReport({ pending, remaining = {}, refused = {}, ledger = {} }: Known): string {
  const left = Object.keys(remaining).filter((digest) => refused[digest] === undefined).length;
  return [
    `${Object.keys(ledger).length} versions deleted under this policy and restorable`,
    ...(left > 0 ? [`${left} approved versions are left for the next \`pulumi up\``] : []),
    ...(Object.keys(refused).length > 0 ? [`${Object.keys(refused).length} approved versions stay`] : []),
    ...(pending ? [`plan ${pending.id} waits for approval (${Object.keys(pending.deletions).length} versions)`] : []),
  ].join("; ");
}
