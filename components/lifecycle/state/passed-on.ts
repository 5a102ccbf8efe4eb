import { isDeepStrictEqual } from "node:util";
import type { OrganizationRecord } from "../../approval/organization-id";
import type { PolicyInput } from "../../rules/policy";
import type { CheckedInputs, Outputs, ProgramInputs } from "./stored";
import { writtenPolicy } from "./stored-policy";
import type { seenKey } from "./stored-seen";
import { holdsUnknown } from "./unknown";

/**
 * The policy as the engine passed it on to the provider. It may differ from the one in the program: `ignoreChanges` puts old values in
 * the place of new ones, and transforms change them.
 */
export type PassedOn = KnownPolicy | { readonly kind: "unknown"; readonly properties: readonly string[] };

export interface KnownPolicy {
  readonly kind: "known";
  readonly policy: PolicyInput;
  /** The plan that is approved in the end: the policy's own, or one that an organisation's approval covers. */
  readonly approve?: string | undefined;
  /** What runs saw, and what this one found: outputs hold that of the last update only. */
  readonly found: Pick<CheckedInputs, typeof seenKey | "restoring" | "notices" | "noticeIds">;
  /** The organisation's approvals on record: outputs hold those of the last update only. */
  readonly organization?: OrganizationRecord | undefined;
  /** The properties that differ from what the program gave. */
  readonly changed: readonly string[];
  /** What the last run left: a program knows the outputs of a resource that changes only after its update. Absent where it left nothing. */
  readonly done?: Pick<Outputs, "ledger" | "refused">;
  /** The encoded inventory that was taken for the changed policy. */
  readonly inventory?: string;
}

/** Names the properties that hold a value that is not known yet. */
export function unknownProperties({ inventory: _inventory, ...known }: ProgramInputs): string[] {
  return Object.entries(known).flatMap(([key, value]) => (holdsUnknown(value) ? [key] : []));
}

/** Names the properties in which a policy differs from what the program gave. */
export function changedProperties(given: PolicyInput, passed: PolicyInput): string[] {
  const [before, after] = [given, passed].map(withoutAbsent);
  return Object.keys({ ...before, ...after })
    .filter((key) => !isDeepStrictEqual(before?.[key], after?.[key]))
    .sort();
}

/** The engine passes `null` for what is `undefined`, or leaves it out. */
function withoutAbsent(policy: PolicyInput): Readonly<Record<string, unknown>> {
  const entries = Object.entries(writtenPolicy(policy)).filter(([, value]) => value !== undefined && value !== null);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}
