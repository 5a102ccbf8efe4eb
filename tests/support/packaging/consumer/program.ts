import * as pulumi from "@pulumi/pulumi";
import {
  configuredOrganizations,
  configuredPolicies,
  type ImageInUse,
  imagesFromStack,
  OrganizationRetention,
  RetentionPolicy,
  type RetentionPolicyArgs,
  type Summary,
} from "ghcr-retention";

// What a program of a user may write: checked by each compiler, and run on the engine.
const config = new pulumi.Config("consumer");
const args: RetentionPolicyArgs = {
  owner: config.require("owner"),
  package: config.require("package"),
  rules: [{ name: "drop-pr-builds", action: "delete", tags: ["pr-*"], olderThan: "7d" }],
};
const policy = new RetentionPolicy("policy", args, { protect: true });

export const planId: pulumi.Output<string> = policy.planId;
export const deleted: pulumi.Output<number> = policy.counts.deleted;

/** Never called: only its types are of interest. */
export function others(): readonly unknown[] {
  const images: pulumi.Output<readonly ImageInUse[]> = pulumi.output(imagesFromStack(new pulumi.StackReference("other"), "images"));
  const rules = [{ name: "drop", action: "delete" as const, untagged: true as const, olderThan: "14d" }];
  const organization = new OrganizationRetention("acme", { owner: "acme", packages: ["*"], rules, protect: [images] });
  const summary: pulumi.Output<Summary> = organization.summary;
  const packages: string[] = configuredPolicies().map(({ policy }) => policy.package);
  const owners: string[] = configuredOrganizations().map(({ name }) => name);
  // @ts-expect-error: a rule has an action.
  const wrong = new RetentionPolicy("wrong", { ...args, rules: [{ name: "no-action" }] });
  return [summary, packages, owners, wrong];
}
