export { RetentionPolicy, type RetentionPolicyArgs } from "./retention-policy";
export type { ConfiguredPolicy } from "./rules/stack-policies";
export { configuredPolicies } from "./stack-config";
