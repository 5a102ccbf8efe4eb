import { protectedNames, type SortedProtection, sortProtection } from "../in-use/in-use";
import type { Endpoints } from "../inventory/http/endpoints";
import { RetentionError } from "../model/errors";
import type { PolicyError } from "../plan/outcome";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy, PolicyInput } from "../rules/policy";

/** A policy as written, its inputs known; `protect` may name images in use as well. */
export type WrittenPolicy = Omit<PolicyInput, "protect"> & { readonly protect?: readonly unknown[] | undefined };

interface ParsedPolicy {
  readonly kind: "parsed";
  readonly protection: SortedProtection;
  /** With images in use as digests and tags. */
  readonly written: PolicyInput;
  readonly policy: Policy;
}

/** Parses a policy, or says what is wrong with it. Pure. */
export function parseWrittenPolicy(original: WrittenPolicy, { registryUrl }: Pick<Endpoints, "registryUrl">): ParsedPolicy | PolicyError {
  const protection = sortProtection(original.protect ?? [], new URL(registryUrl).host);
  const written = withProtection(original, protection);
  try {
    return { kind: "parsed", protection, written, policy: parsePolicy(written) };
  } catch (error) {
    if (error instanceof RetentionError) return { kind: "invalid", policyError: error.message };
    throw error;
  }
}

/** The policy with images in use as digests and tags; without any it stays as written. */
function withProtection(original: WrittenPolicy, protection: SortedProtection): PolicyInput {
  const { protect, ...rest } = original;
  const name = { owner: String(original.owner), name: String(original.package) };
  // What is no name at all is refused with the rest of the policy.
  return protect === undefined ? rest : { ...rest, protect: protectedNames(protection, name) as string[] };
}
