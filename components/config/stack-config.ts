import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../model/errors";
import { type ConfiguredOrganization, readStackOrganizations } from "./stack-organizations";
import { type ConfiguredPolicy, readStackPolicies } from "./stack-policies";

/** Reads the policies of the stack's config and merges rule sets and defaults. Throws one error that names every problem, before any request. */
export function configuredPolicies(): ConfiguredPolicy[] {
  return fromConfig((config) => readStackPolicies({ policies: config.getObject("policies"), ...sharedIn(config) }));
}

/** Reads the organisations of the stack's config and merges rule sets and defaults. Throws one error that names every problem, before any request. */
export function configuredOrganizations(): ConfiguredOrganization[] {
  return fromConfig((config) => readStackOrganizations({ organizations: config.getObject("organizations"), ...sharedIn(config) }));
}

function sharedIn(config: pulumi.Config): { ruleSets: unknown; defaults: unknown } {
  return { ruleSets: config.getObject("ruleSets"), defaults: config.getObject("defaults") };
}

function fromConfig<Read>(read: (config: pulumi.Config) => Read): Read {
  try {
    return read(new pulumi.Config("ghcr-retention"));
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}
