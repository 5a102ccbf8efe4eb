const pulumi = require("@pulumi/pulumi");
const { RetentionPolicy } = require("ghcr-retention");

class Group extends pulumi.ComponentResource {
  constructor(name) {
    super("features:index:Group", name);
  }
}

const {
  name,
  policy,
  options = {},
  group,
  transform,
  absent = false,
  other = false,
} = new pulumi.Config("features").requireObject("declared");

if (transform) {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type.endsWith(":RetentionPolicy") ? { props: { ...props, ...transform }, opts } : undefined,
  );
}
const parent = group && new Group(group);
// The config can name no resource: an alias at the root says so by a word.
const aliases = options.aliases?.map((alias) => (alias.parent === "stack" ? { parent: pulumi.rootStackResource } : alias));
if (!absent) new RetentionPolicy(name, policy, { ...options, aliases, parent });
if (other) new Group("other");
