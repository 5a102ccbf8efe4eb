import type { dynamic } from "@pulumi/pulumi";
import { buildGraph } from "../graph/graph";
import { decodeInventory } from "../inventory/snapshot";
import { decide } from "../plan/decision";
import { evidenceOf } from "../plan/evidence";
import { policyOf } from "./policy-of";
import { approvalRecord, type CheckedInputs, type ProgramInputs, StoredRecord, storePlans } from "./state";

/** How the engine writes a value that is not known yet. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Turns what the program saw and what is on record into the inputs that the engine prints and stores. Pure.
 * Where anything is not known yet, everything on record stays as it is and nothing new enters (S3).
 */
export function check(olds: unknown, news: ProgramInputs): dynamic.CheckResult<CheckedInputs> {
  const { look, lookError, ...settings } = news;
  const record = approvalRecord(StoredRecord.parse(olds ?? {}));
  if (holdsUnknown(news)) return { inputs: { ...settings, ...record, plans: storePlans(record.plans) } };
  if (lookError !== undefined) return { failures: [{ property: "package", reason: lookError }] };
  if (look === undefined) return { failures: [{ property: "package", reason: "the program did not look at the package" }] };

  const policy = policyOf(settings);
  const decision = decide(buildGraph(decodeInventory(look)), policy, record);
  const { deletions, plans, pending, notices } = decision;
  const evidence = evidenceOf(decision);
  return {
    inputs: {
      ...settings,
      deletions,
      plans: storePlans(plans),
      ...(pending ? { pending } : {}),
      ...(evidence ? { evidence } : {}),
      ...(notices.length > 0 ? { notices } : {}),
    },
  };
}

function holdsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
