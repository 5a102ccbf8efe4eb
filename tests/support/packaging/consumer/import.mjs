import {
  configuredOrganizations,
  configuredPolicies,
  imagesFromJson,
  imagesFromStack,
  imagesOfEcsTaskDefinition,
  imagesOfKubernetes,
  OrganizationRetention,
  RetentionPolicy,
} from "ghcr-retention";

const classes = [RetentionPolicy, OrganizationRetention];
const functions = {
  imagesFromJson,
  imagesFromStack,
  imagesOfEcsTaskDefinition,
  imagesOfKubernetes,
  configuredOrganizations,
  configuredPolicies,
};
console.log(JSON.stringify([...classes.map(({ name }) => name), ...Object.keys(functions)]));
