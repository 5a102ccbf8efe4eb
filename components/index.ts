export { configuredOrganizations, configuredPolicies } from "./config/stack-config";
export type { ConfiguredOrganization } from "./config/stack-organizations";
export type { ConfiguredPolicy } from "./config/stack-policies";
export type { ImageInUse } from "./in-use/in-use";
export type { Summary } from "./report/organization-summary";
export { type ImagesOptions, imagesFromJson, imagesFromStack, imagesOfEcsTaskDefinition, imagesOfKubernetes } from "./resources/images";
export { OrganizationRetention, type OrganizationRetentionArgs } from "./resources/organization-retention";
export { RetentionPolicy, type RetentionPolicyArgs } from "./resources/retention-policy";
export type { WaitingPlan } from "./resources/waiting-plan";
