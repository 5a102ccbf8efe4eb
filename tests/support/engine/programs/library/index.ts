import * as pulumi from "@pulumi/pulumi";
import { RetentionPolicy } from "ghcr-retention";

interface DeployedInputs {
  readonly digest: pulumi.Input<string>;
}

/** Something that runs an image, and tells which one only when it is deployed. */
class Deployed extends pulumi.dynamic.Resource {
  declare readonly running: pulumi.Output<string>;

  constructor(name: string, inputs: DeployedInputs) {
    const provider: pulumi.dynamic.ResourceProvider = {
      create: async ({ digest }) => ({ id: "deployed", outs: { digest, running: digest } }),
    };
    super(provider, name, { ...inputs, running: undefined });
  }
}

const config = new pulumi.Config("library");
const deployed = new Deployed("deployed", { digest: config.require("digest") });

export const counts = new RetentionPolicy("policy", {
  owner: config.require("owner"),
  package: config.require("package"),
  rules: [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }],
  protect: [deployed.running],
  inUse: config.getObject<{ github: "required" | "optional" }>("inUse"),
  approval: config.get("approval") === "automatic" ? "automatic" : "required",
}).counts;
