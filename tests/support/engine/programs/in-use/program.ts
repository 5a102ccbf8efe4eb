import * as pulumi from "@pulumi/pulumi";
import { imagesFromStack, OrganizationRetention } from "ghcr-retention";

const config = new pulumi.Config("in-use");

/** What the cluster's own stack exports. */
export const running = config.getObject<string[]>("running");

const cluster = config.get("cluster");
if (cluster !== undefined) {
  new OrganizationRetention("acme", {
    owner: "acme",
    packages: ["*"],
    rules: [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }],
    approval: "automatic",
    limits: { percent: 100 },
    protect: [imagesFromStack(new pulumi.StackReference(cluster), "running")],
    overrides: { app: { restore: config.getObject<string[]>("restore") ?? [] } },
  });
}
