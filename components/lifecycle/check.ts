import type { dynamic } from "@pulumi/pulumi";
import { buildGraph } from "../graph/graph";
import { LookError } from "../inventory/errors";
import { decodeInventory } from "../inventory/snapshot";
import { decide } from "../plan/decision";
import { evidenceOf } from "../plan/evidence";
import { policyOf } from "./policy-of";
import { readStored } from "./read-stored";
import { approvalRecord, type CheckedInputs, type ProgramInputs, type StoredInputs, StoredRecord, storeRecord } from "./state";

/** How the engine writes a value that is not known yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Turns what the program saw and what is on record into the inputs that the engine prints and stores. Pure.
 * Where anything is not known yet, or the program could not look, everything on record stays as it is and nothing new enters (S3).
 */
export function check(olds: unknown, news: ProgramInputs): dynamic.CheckResult<CheckedInputs> {
  try {
    return checked(olds, news);
  } catch (error) {
    if (error instanceof LookError) return { failures: [{ property: "rules", reason: error.message }] };
    throw error;
  }
}

function checked(olds: unknown, news: ProgramInputs): dynamic.CheckResult<CheckedInputs> {
  const { look, lookError, policyError, ...settings } = news;
  const record = readStored(StoredRecord, olds ?? {}, `${news.owner}/${news.package}`);
  if (holdsUnknown(news)) return { inputs: { ...settings, ...asStored(olds) } };
  if (policyError !== undefined) return { failures: [{ property: "rules", reason: policyError }] };
  // The program reports it and fails. A failure here would keep the plans of all packages after this one from being shown.
  if (lookError !== undefined) return { inputs: { ...settings, ...asStored(olds), unseen: true } };
  if (look === undefined) return { failures: [{ property: "package", reason: "the program did not look at the package" }] };

  const policy = policyOf(settings);
  const graph = buildGraph(decodeInventory(look));
  const decision = decide(graph, policy, approvalRecord(record, graph.byDigest.keys()));
  const { notices } = decision;
  const evidence = evidenceOf(decision);
  return {
    inputs: {
      ...settings,
      ...storeRecord(decision),
      ...(evidence ? { evidence } : {}),
      ...(notices.length > 0 ? { notices } : {}),
    },
  };
}

/** The record as it was. */
function asStored(olds: unknown): StoredInputs {
  const { deletions = {}, plans = {}, pending, candidates, deleted } = (olds ?? {}) as Partial<CheckedInputs>;
  return { deletions, plans, ...(pending ? { pending } : {}), ...(candidates ? { candidates } : {}), ...(deleted ? { deleted } : {}) };
}

function holdsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
