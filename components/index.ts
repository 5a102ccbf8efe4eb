export { RetentionPolicy, type RetentionPolicyArgs } from "./retention-policy";
export { type ConfiguredPolicy, configuredPolicies } from "./stack-config";
