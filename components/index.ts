export { imagesFromJson, imagesFromStack, imagesOfEcsTaskDefinition, imagesOfKubernetes } from "./organization/images";
export type { ImageInUse } from "./organization/in-use";
export type { ConfiguredOrganization } from "./organization/stack-organizations";
export type { Summary } from "./organization/summary";
export { OrganizationRetention, type OrganizationRetentionArgs } from "./organization-retention";
export { RetentionPolicy, type RetentionPolicyArgs } from "./retention-policy";
export type { ConfiguredPolicy } from "./rules/stack-policies";
export { configuredOrganizations, configuredPolicies } from "./stack-config";
