import { protectedNames, type SortedProtection, sortProtection } from "../in-use/in-use";
import type { Endpoints } from "../inventory/http/endpoints";
import { RetentionError } from "../model/errors";
import type { PolicyError } from "../plan/outcome";
import { parsePolicy } from "../rules/parse-policy";
import type { Policy, PolicyInput } from "../rules/policy";

/** A policy as written, with resolved inputs. `protect` may hold images in use as well. */
export type WrittenPolicy = Omit<PolicyInput, "protect"> & { readonly protect?: readonly unknown[] | undefined };

interface ParsedPolicy {
  readonly kind: "parsed";
  readonly protection: SortedProtection;
  /** With images in use as digests and tags. */
  readonly written: PolicyInput;
  readonly policy: Policy;
}

/** Parses a policy, or returns what is wrong with it. Pure. */
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

/** Replaces images in use by their digests and tags. A policy without `protect` is returned unchanged. */
function withProtection(original: WrittenPolicy, protection: SortedProtection): PolicyInput {
  const { protect, ...rest } = original;
  const name = { owner: String(original.owner), name: String(original.package) };
  // Values that are not names are refused when the policy is parsed.
  return protect === undefined ? rest : { ...rest, protect: protectedNames(protection, name) as string[] };
}
