import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type ConfiguredPolicy, readStackPolicies } from "./rules/stack-policies";

/** Reads the policies of the stack's config, with rule sets and defaults. Throws one clear error before any request. */
export function configuredPolicies(): ConfiguredPolicy[] {
  const config = new pulumi.Config("ghcr-retention");
  try {
    return readStackPolicies({
      policies: config.getObject("policies"),
      ruleSets: config.getObject("ruleSets"),
      defaults: config.getObject("defaults"),
    });
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
