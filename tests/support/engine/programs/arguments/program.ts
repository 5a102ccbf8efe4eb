import * as pulumi from "@pulumi/pulumi";
import { OrganizationRetention, RetentionPolicy, type RetentionPolicyArgs } from "ghcr-retention";

/** What a test gives of one policy. */
interface Given {
  readonly args: Readonly<Record<string, unknown>>;
  readonly options?: pulumi.CustomResourceOptions;
  /** Property paths such as `protect` or `protect[0]` whose value is a secret; `undefined` where nothing is there. */
  readonly secret?: readonly string[];
  /** Property paths whose value is one that a resource tells when it is deployed. */
  readonly deployed?: readonly string[];
  /** The properties that a transform sets. */
  readonly transform?: Readonly<Record<string, unknown>>;
  /** Who registers it. */
  readonly by?: "stack" | "component" | "resource" | "transformation";
}

const config = new pulumi.Config("arguments");
const given = config.getObject<Record<string, Given>>("policies") ?? {};

/** Something that tells a value only when it is deployed, and may fail. */
class Deployed extends pulumi.dynamic.Resource {
  declare readonly running: pulumi.Output<unknown>;

  constructor(name: string, value: unknown, fails: boolean) {
    const provider: pulumi.dynamic.ResourceProvider = {
      create: async (inputs: { value: unknown; fails: boolean }) => {
        if (inputs.fails) throw new Error("it cannot be deployed");
        return { id: "deployed", outs: { running: inputs.value } };
      },
    };
    super(provider, name, { value, fails, running: undefined });
  }
}

class Team extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Team", name, {}, options);
  }
}

/** Replaces the value at a path by what `change` makes of it. */
function changeAt(value: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Object.assign(copy, { [key]: changeAt((value as Record<string, unknown> | undefined)?.[key], rest, change) });
  return copy;
}

const keysOf = (path: string) => path.split(/[.[\]]+/).filter(Boolean);

function argumentsOf(name: string, { args, secret = [], deployed = [] }: Given): unknown {
  const withOutputs = deployed.reduce<unknown>((all, path) => {
    return changeAt(all, keysOf(path), (value) => new Deployed(`${name} ${path}`, value, config.getBoolean("fails") ?? false).running);
  }, args);
  return secret.reduce<unknown>((all, path) => changeAt(all, keysOf(path), pulumi.secret), withOutputs);
}

for (const [name, one] of Object.entries(given)) {
  const { transform, by, options } = one;
  const isMeant = (resource: { type: string; name: string }) => resource.type.endsWith(":RetentionPolicy") && resource.name === name;
  const changed: pulumi.ResourceTransform = async (resource) =>
    isMeant(resource) ? { props: { ...resource.props, ...transform }, opts: resource.opts } : undefined;
  if (by === "stack") pulumi.runtime.registerResourceTransform(changed);
  const parent = by === "component" ? new Team(`${name} team`, { transforms: [changed] }) : undefined;
  const transformations: pulumi.ResourceTransformation[] =
    by === "transformation" ? [({ props, opts }) => ({ props: { ...props, ...transform }, opts })] : [];
  new RetentionPolicy(name, argumentsOf(name, one) as RetentionPolicyArgs, {
    ...options,
    transformations,
    ...(by === "resource" ? { transforms: [changed] } : {}),
    ...(parent ? { parent } : {}),
  });
}

const organization = config.getObject<Given>("organization");
export const summary = organization
  ? new OrganizationRetention("acme", argumentsOf("acme", organization) as never, organization.options).summary
  : undefined;
