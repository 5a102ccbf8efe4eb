import type { PolicyComplianceFramework } from "@pulumi/policy";

const invariants = {
  S1: "A version that a retained image needs is never deleted.",
  S2: "Nothing is deleted that an earlier preview did not show and a person did not approve.",
  S4: "Between review and apply the set may lose members, never gain one.",
  S5: "Every deletion can be restored, as reviewed as it was made.",
} as const;

/** Returns the line of the safety contract that a policy enforces: docs/safety.md. */
export function safetyContract(reference: keyof typeof invariants): PolicyComplianceFramework {
  return { name: "ghcr-retention safety contract", version: "1", reference, specification: invariants[reference] };
}
