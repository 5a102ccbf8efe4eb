import { z } from "zod";
import { EndpointSettings } from "./endpoints";
import { Organization } from "./organization-schema";
import { Defaults, PolicyEntry, RuleSets } from "./stack-policies";

/** The namespace of every key. */
export const namespace = "ghcr-retention";

export const settings = {
  policies: z.array(PolicyEntry).optional().describe("Retention policies, one per package."),
  organizations: z
    .array(Organization)
    .optional()
    .describe("Retention policies for many packages of an owner, one per selection of packages."),
  ruleSets: RuleSets.optional(),
  defaults: Defaults.optional().describe(
    "Settings of every policy that does not override them. Rule sets and protection are added to those of the policy.",
  ),
  token: z
    .unknown()
    .optional()
    .describe(
      "The GitHub token, as a secret: `pulumi config set --secret ghcr-retention:token`. Default: the environment variable `GITHUB_TOKEN`.",
    ),
  ...EndpointSettings.shape,
};

/**
 * Returns the JSON Schema (2020-12) of the retention settings in a Pulumi stack's config file. It is generated from the
 * types that parse the config, so the two cannot differ.
 */
export function configSchema(): object {
  const config = Object.fromEntries(Object.entries(settings).map(([key, setting]) => [`${namespace}:${key}`, setting]));
  // Any other key of this namespace is a typing error; other namespaces belong to other programs.
  const unknownKey = `^${namespace}:(?!(?:${Object.keys(settings).join("|")})$)`;
  const schema = z.toJSONSchema(
    z.looseObject({
      config: z
        .looseObject(config)
        .meta({ patternProperties: { [unknownKey]: false } })
        .optional(),
    }),
    {
      io: "input",
      unrepresentable: "any",
    },
  );
  return { title: "ghcr-retention in a Pulumi stack's config", ...schema };
}
