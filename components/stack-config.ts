import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { describeIssues } from "./rules/parse-policy";
import { Policy, type PolicyInput } from "./rules/policy";

/** One entry of `ghcr-retention:policies`, with its place there. */
export interface ConfiguredPolicy {
  readonly policy: PolicyInput;
  readonly configPath: string;
}

const Policies = z.array(z.unknown());

/** Reads `ghcr-retention:policies` of the stack's config. Throws one clear error that names every path and its fix, before any request. */
export function configuredPolicies(): ConfiguredPolicy[] {
  const written = Policies.safeParse(new pulumi.Config("ghcr-retention").getObject("policies") ?? []);
  if (!written.success) throw new pulumi.RunError("ghcr-retention:policies: expected a list of policies");
  const problems: string[] = [];
  const seen = new Set<string>();
  const policies = written.data.flatMap((entry, place) => {
    const path = `policies[${place}]`;
    const parsed = Policy.safeParse(entry);
    if (!parsed.success) {
      problems.push(describeIssues(parsed.error, `ghcr-retention:${path}.`));
      return [];
    }
    const name = `${parsed.data.owner.toLowerCase()}/${parsed.data.package}`;
    if (seen.has(name)) problems.push(`  ghcr-retention:${path}: expected one policy for each package; ${name} has one already`);
    seen.add(name);
    return [{ policy: entry as PolicyInput, configPath: `ghcr-retention:${path}` }];
  });
  if (problems.length > 0) throw new pulumi.RunError(`the stack's config is not valid:\n${problems.join("\n")}`);
  return policies;
}
