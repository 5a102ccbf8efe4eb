import { z } from "zod";
import { EndpointSettings } from "./endpoints";
import { Organization } from "./organization-schema";
import { Defaults, PolicyEntry, RuleSets } from "./stack-policies";

const namespace = "ghcr-retention:";

const settings = {
  policies: z.array(PolicyEntry).optional().describe("One retention policy for each package."),
  organizations: z.array(Organization).optional().describe("One retention policy for many packages of an owner each."),
  ruleSets: RuleSets.optional(),
  defaults: Defaults.optional().describe("What every policy has unless it says otherwise; rule sets and protection are always added."),
  token: z.unknown().optional().describe("A secret: `pulumi config set --secret ghcr-retention:token`. Default: `GITHUB_TOKEN`."),
  ...EndpointSettings.shape,
};

/**
 * The JSON Schema (2020-12) of a Pulumi stack's config file, as far as it is about retention: generated from the types
 * that parse it, so the two cannot differ.
 */
export function configSchema(): object {
  const config = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [`${namespace}${key}`, setting]));
  // Every other key of the namespace is a slip of the pen, and other namespaces are not ours.
  const stranger = `^${namespace}(?!(?:${Object.keys(settings).join("|")})$)`;
  const schema = z.toJSONSchema(
    z.looseObject({
      config: z
        .looseObject(config)
        .meta({ patternProperties: { [stranger]: false } })
        .optional(),
    }),
    {
      io: "input",
      unrepresentable: "any",
    },
  );
  return { title: "ghcr-retention in a Pulumi stack's config", ...schema };
}
