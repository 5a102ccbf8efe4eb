import { z } from "zod";
import { Defaults, PolicyEntry, RuleSets } from "./stack-policies";

/**
 * The JSON Schema (2020-12) of a Pulumi stack's config file, as far as it is about retention: generated from the types
 * that parse it, so the two cannot differ.
 */
export function configSchema(): object {
  const config = z.object({
    "ghcr-retention:policies": z.array(PolicyEntry).optional().describe("One retention policy for each package."),
    "ghcr-retention:ruleSets": RuleSets.optional(),
    "ghcr-retention:defaults": Defaults.optional().describe(
      "What every policy has unless it says otherwise; rule sets and protection are always added.",
    ),
  });
  const schema = z.toJSONSchema(z.looseObject({ config: z.looseObject(config.shape).optional() }), {
    io: "input",
    unrepresentable: "any",
    reused: "ref",
  });
  return { title: "ghcr-retention in a Pulumi stack's config", ...schema };
}
