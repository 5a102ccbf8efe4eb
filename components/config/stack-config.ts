import { ConfigError } from "../model/errors";
import * as pulumi from "../sdk/pulumi";
import { declaresNothing, nothingDeclared, refuse, requireNoSecrets, requireSoundConfig, type WrittenConfig } from "./config-keys";
import { namespace } from "./config-schema";
import { misplacedKeys } from "./misplaced-keys";
import { isConfigSecret } from "./settings";
import { type ConfiguredOrganization, readStackOrganizations } from "./stack-organizations";
import { type ConfiguredPolicy, readStackPolicies } from "./stack-policies";
import { warnOnce } from "./warn-once";

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
    const whole = wholeConfig();
    requireNoSecrets(Object.keys(whole), isConfigSecret);
    requireSoundConfig(whole);
    const misplaced = misplacedKeys(whole, pulumi.getProject());
    refuse(misplaced.certain);
    misplaced.likely.forEach(warnOnce);
    if (declaresNothing(whole)) warnOnce(nothingDeclared);
    return read(new pulumi.Config(namespace));
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/** The whole config of the stack by full key, as the engine passes it to the program. Lists and maps arrive as JSON. */
function wholeConfig(): WrittenConfig {
  return Object.fromEntries(Object.entries(pulumi.runtime.allConfig()).map(([key, text]) => [key, parsed(text)]));
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
