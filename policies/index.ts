import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

// The engine gives every pack the stack's config, with its secrets in the clear. This pack needs none of it.
delete process.env.PULUMI_CONFIG;

new PolicyPack("ghcr-retention", { policies });
